#!/usr/bin/env bash
# cib check in a network reads only what may have changed: what it remembers is never trusted against a changed file or a changed
# rule, and can be deleted at any time. Takes the program from $CIB; prints a line for each statement.
set -u
CIB=${CIB:?path of the cib program}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
export CIB_LANG=en
failed=0

is() { # SENTENCE WANTED GOT
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | sed 's/^/    /'
		failed=1
	fi
}
as() { # USER COMMAND...: in that person's folder
	local user=$1
	shift
	(cd "$tmp/$user" && CIB_USER=$user "$CIB" "$@")
}
check() { as a-1 check --format json 2>&1; }
# Which entries a check opens: what strace sees.
opened() { (cd a-1 && CIB_USER=a-1 strace -f -e trace=open,openat -o "$tmp/trace" "$CIB" check >/dev/null 2>&1; grep -o 'projects/[^"]*\.json' "$tmp/trace" | sort -u | wc -l); }
# The check of a copy that never remembered anything.
fresh() { rm -f a-1/.git/cib/checked a-1/.git/cib/findings; check; }

{
	"$CIB" init central.git --title Test --secretariat sec --member m-a:a-1
	CIB_USER=a-1 "$CIB" join central.git a-1 --user a-1
	CIB_USER=sec "$CIB" join central.git sec --user sec
	for i in 1 2 3 4; do
		as a-1 new project "/title/en=Project $i" "/description/general/en=About." /status=2 '/partners:=[{"id":"o-1","name":{"en":"City"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]'
	done
	as a-1 new project /title/en=Bare || [ $? = 1 ]
} >log 2>&1 || { cat log; exit 1; }
folder=a-1/members/m-a/projects
mapfile -t files < <(grep -l '"status": "2"' "$folder"/*.json)
sleep 3 # what was just written is never remembered: a second edit could carry the same time

first=$(check)
is "there is something to find" yes "$([ "$(printf '%s\n' "$first" | wc -l)" -gt 3 ] && echo yes)"
is "the second time the same is found" "$first" "$(check)"
if strace -o trace true 2>/dev/null; then
	is "without opening any entry" 0 "$(opened)"
else
	echo "SKIP: strace cannot run here"
fi
is "in another language in that language" yes "$(CIB_LANG=fr check | grep -q 'manque\|absent\|requis' && echo yes)"
rm a-1/.git/cib/checked
is "without its memory too" "$first" "$(check)"
rm a-1/.git/cib/findings
is "without half of its memory too" "$first" "$(check)"
is "whether or not anything is remembered" "$(fresh)" "$(check)"

# files
sed -i 's/"status": "2"/"status": "7"/' "${files[0]}"
is "a changed file is judged anew" yes "$(check | grep -q '"pointer":"/status"' && echo yes)"
sed -i 's/"status": "7"/"status": "2"/' "${files[0]}"
is "and once more when it is mended" "$first" "$(check)"
sleep 3
check >/dev/null
touch -r "${files[1]}" stamp
sed -i 's/"status": "2"/"status": "8"/' "${files[1]}"
touch -r stamp "${files[1]}"
is "also with its size and its old time" yes "$(check | grep -q '"pointer":"/status"' && echo yes)"
sed 's/"status": "8"/"status": "2"/' "${files[1]}" >other
mv other "${files[1]}"
is "and when another takes its place" "$first" "$(check)"
mv "${files[2]}" away
is "one that is gone is not told of" 0 "$(check | grep -c "${files[2]##*/}")"
mv away "${files[2]}"
is "one that is back is" "$first" "$(check)"

# a memory that was damaged, or says what is not so
check >/dev/null
for what in 's/^\(.\{40\}\) /\1  /' '3d' 's/end .*/end 0000000000000000000000000000000000000000/' 's/cib-stat 1/cib-stat 2/'; do
	sed -i "$what" a-1/.git/cib/checked
	is "a damaged memory is none ($what)" "$first" "$(check)"
done
sed -i 's/missing/there/' a-1/.git/cib/findings
is "findings that were changed are not believed" "$first" "$(check)"
printf 'nonsense' >a-1/.git/cib/findings
is "nor such that are none" "$first" "$(check)"

# rules
python3 - sec/schema/project.schema.json <<'E2'
import json, sys
doc = json.load(open(sys.argv[1]))
doc["properties"]["status"] = {"const": "9"}
json.dump(doc, open(sys.argv[1], "w"))
E2
{
	as sec sync
	as a-1 sync
} >log 2>&1
sleep 3
is "a schema that changed judges every entry anew" "${#files[@]}" "$(check | grep '"pointer":"/status"' | grep -c '"const"')"
is "and says so again" "${#files[@]}" "$(check | grep '"pointer":"/status"' | grep -c '"const"')"
is "as if nothing had been remembered" "$(fresh)" "$(check)"
exit $failed
