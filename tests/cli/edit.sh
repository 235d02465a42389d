#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154 # ../support/people.sh
# cib edit: what a person wrote in an editor is never lost, whoever writes the entry meanwhile, and however the editor, or cib, ends.
set -u
. "$(dirname "$0")/../support/people.sh"
expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-a:a-1,a-2
[ "$failed" = 0 ] || exit 1
joins sec-1 a-1 a-2
a=$(project a-1 "Water for six towns")
rounds a-1 a-2

editing() { # USER SCRIPT COMMAND...: with an editor that does what the script says; "$1" is the file
	local user=$1
	printf '#!/bin/sh\n%s\n' "$2" >"$tmp/editor"
	chmod +x "$tmp/editor"
	shift 2
	EDITOR=$tmp/editor as "$user" "$@"
}
left() { find "a-1/.git/cib/editor" -type f 2>/dev/null | wc -l; }

echo "# Somebody else writes it meanwhile"
meanwhile="cd '$tmp/a-1' && CIB_USER=a-1 '$CIB' set $a"
expect 0 "another terminal changes another field" editing a-1 "sed -i 's/six towns/seven towns/' \"\$1\"; $meanwhile /status=3" edit "$a"
is "$(field a-1 "$a" /title/en)/$(field a-1 "$a" /status)" "Water for seven towns/3" "both are there"
says "another program changed it meanwhile" "and it says so"
expect 0 "another terminal changes the same field" editing a-1 "sed -i 's/seven towns/eight towns/' \"\$1\"; $meanwhile '/title/en=Water for nine towns'" edit "$a"
says "cib resolve" "which is a conflict"
expect 1 "that keeps both" as a-1 resolve
says "[eight] towns" "this one"
says "[nine] towns" "and that one"
expect 0 "until somebody decides" as a-1 resolve "$a" --ours
is "$(field a-1 "$a" /title/en)" "Water for eight towns" "which is this one"
expect 0 "a colleague changes it" as a-2 set "$a" /title/fr="De l'eau"
rounds a-2
expect 0 "and a sync brings that meanwhile" editing a-1 "sed -i 's/eight towns/ten towns/' \"\$1\"; cd '$tmp/a-1' && CIB_USER=a-1 '$CIB' sync" edit "$a"
is "$(field a-1 "$a" /title/en)/$(field a-1 "$a" /title/fr)" "Water for ten towns/De l'eau" "both are there"

echo "# It ends in another way"
expect 70 "an editor that ends with an error" editing a-1 'sed -i s/ten/no/ "$1"; exit 1' edit "$a"
is "$(field a-1 "$a" /title/en)" "Water for ten towns" "changes nothing"
is "$(left)" 0 "and leaves nothing behind"
expect 70 "one that is killed" editing a-1 'sed -i s/ten/eleven/ "$1"; kill -9 $$' edit "$a"
says "go on with it: cib edit $a" "says what to do"
expect 0 "status" as a-1 status
says "go on with it: cib edit $a" "says it, too"
no_editor() { EDITOR=$tmp/nowhere as a-1 "$@"; }
expect 2 "an editor that is not there" no_editor edit "$a"
says "could not be started" "is named"
expect 0 "the next edit" editing a-1 'true' edit "$a"
says "an edit that was interrupted" "goes on with it"
is "$(field a-1 "$a" /title/en)" "Water for eleven towns" "and takes it in"
is "$(left)" 0 "and leaves nothing behind"
editing a-1 'sed -i s/eleven/twelve/ "$1"; kill -9 "$(cut -d " " -f 4 "/proc/$PPID/stat")" "$PPID"' edit "$a" >"$tmp/out" 2>&1
expect 0 "where cib is killed as well, somebody else" as a-1 set "$a" /status=4
expect 0 "does not stand in the way" editing a-1 'true' edit "$a"
is "$(field a-1 "$a" /title/en)/$(field a-1 "$a" /status)" "Water for twelve towns/4" "of what was written"
expect 0 "an entry that is open" editing a-1 "cd '$tmp/a-1'; EDITOR=true CIB_USER=a-1 '$CIB' edit $a 2>'$tmp/second'; echo \$? >'$tmp/code'" edit "$a"
is "$(cat "$tmp/code") $(grep -c "another editor" "$tmp/second")" "5 1" "is not opened in a second editor"

echo "# An entry that is not there yet"
editing a-1 'sed -i "s/\"en\": \"\"/\"en\": \"Made in an editor\"/" "$1"; kill -9 $$' new project >"$tmp/out" 2>"$tmp/err"
new=$(sed -n 's/.*cib edit \(p-[0-9a-z]*\).*/\1/p' "$tmp/err" | head -n 1)
expect 1 "goes on in the same way" editing a-1 'true' edit "$new"
says "kept as a draft" "as the draft that it is"
is "$(field a-1 "$new" /title/en)" "Made in an editor" "with what was written"
is "$(left)" 0 "and leaves nothing behind"

echo "# The secretariat, whose changes are committed at once"
expect 1 "the draft stays" as a-1 sync
rounds sec-1
expect 0 "accepts it" as sec-1 review accept m-a "$a"
expect 1 "and breaks it" editing sec-1 'sed -i "s/\"status\": \"4\"/\"status\": \"44\"/; s/twelve/thirteen/" "$1"' edit "$a"
says "Your text is kept" "and is told that its text is kept"
expect 0 "it goes on with it" editing sec-1 'sed -i "s/\"status\": \"44\"/\"status\": \"4\"/" "$1"' edit "$a"
is "$(field sec-1 "$a" /title/en)" "Water for thirteen towns" "and mends it"
exit "$failed"
