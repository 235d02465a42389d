#!/usr/bin/env bash
# The house rules, read from the #includes: no room includes a room that its line in CMakeLists.txt does
# not name (directly or by another), one room touches libgit2, no room but json reads or writes JSON text with cJSON.
set -u
cd "$(dirname "$0")/../.." || exit 1
failed=0
statement() { # SENTENCE OFFENDERS
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "$2" | sed 's/^/    /'
		failed=1
	fi
}

# Pairs "room used-room" from lines such as: cib_room(schema cib_json PkgConfig::PCRE2)
pairs=$(sed -n 's/^cib_room(\([a-z]*\)\(.*\))/\1 \2/p' CMakeLists.txt |
	awk '{ for (i = 2; i <= NF; i++) if (sub(/^cib_/, "", $i)) print $1, $i }')
rooms=$(sed -n 's/^cib_room(\([a-z]*\).*/\1/p' CMakeLists.txt)
statement "CMakeLists.txt names the rooms" "$([ "$(echo "$rooms" | wc -l)" -ge 8 ] || echo "found only: $rooms")"
statement "every folder of lib/ is a room of CMakeLists.txt" "$(for d in lib/*/; do
	d=$(basename "$d")
	grep -qx "$d" <<<"$rooms" || echo "lib/$d"
done)"

may_use() { # ROOM: itself and all it may use, by any number of steps
	local all=" $1 " more=1 a b
	while [ "$more" = 1 ]; do
		more=0
		while read -r a b; do
			case $all in *" $a "*) case $all in *" $b "*) ;; *) all="$all$b " more=1 ;; esac ;; esac
		done <<<"$pairs"
	done
	echo "$all"
}

for room in $rooms; do
	[ -d "lib/$room" ] || continue
	allowed=$(may_use "$room")
	statement "$room includes only rooms below it" "$(grep -nE '^#include "[a-z]+/' -r "lib/$room" |
		while IFS= read -r line; do
			used=${line#*\#include \"}
			used=${used%%/*}
			if [ "$used" = late ]; then # a library that is opened when it is needed belongs to one room
				name=${line#*late/}
				[ -e "lib/$room/${name%.h\"}.functions" ] || echo "$line"
				continue
			fi
			case "$allowed " in *" $used "*) ;; *) case $line in *'"network/embedded.h"'*) ;; *) echo "$line" ;; esac ;; esac
		done)"
done
statement "only lib/store includes git2.h" "$(grep -rnE '#include (<|"late/)git2' lib cmd | grep -v '^lib/store/')"
statement "only lib/search includes sqlite3.h" "$(grep -rnE '#include (<|"late/)sqlite3' lib cmd | grep -v '^lib/search/')"
statement "nobody calls cJSON's parser or printer" "$(grep -rnE '\bcJSON_(Parse|Print)[A-Za-z]*\(' lib cmd | grep -v '^lib/json/')"
statement "a private header stays in its room" "$(grep -rnE '#include "[a-z]+/private\.h"' lib cmd |
	awk -F: '{ room = $1; sub(/^lib\//, "", room); sub(/\/.*/, "", room); if ($3 !~ "\"" room "/private") print }')"
exit $failed
