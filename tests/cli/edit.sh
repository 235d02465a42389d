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

expect 0 "a colleague changes it again" as a-2 set "$a" /title/fr="L'eau"
rounds a-2
expect 1 "a sync brings that, and the text that comes back is none that can be read" editing a-1 "sed -i 's/ten towns/ten small towns/; s/^}\$/,}/' \"\$1\"; cd '$tmp/a-1' && CIB_USER=a-1 '$CIB' sync" edit "$a"
is "$(field a-1 "$a" /title/fr)" "L'eau" "it does not take the place of the colleague's"
says "go on with it: cib edit $a" "but is kept"
expect 0 "mended" editing a-1 "sed -i 's/^,}\$/}/' \"\$1\"" edit "$a"
is "$(field a-1 "$a" /title/en)/$(field a-1 "$a" /title/fr)" "Water for ten small towns/L'eau" "it is joined"
expect 0 "back to ten towns" as a-1 set "$a" "/title/en=Water for ten towns"
gone=$(project a-1 "Market")
rounds a-1 a-2
rm "a-2/members/m-a/projects/$gone.json"
rounds a-2
expect 0 "a sync takes away what is being edited, as a colleague removed it" editing a-1 "sed -i 's/Market/Market hall/' \"\$1\"; cd '$tmp/a-1' && CIB_USER=a-1 '$CIB' sync" edit "$gone"
expect 1 "the edit is not simply a new entry" as a-1 sync
expect 1 "whether it stays is asked" as a-1 resolve "$gone"
says "removed what was changed here" "in these words"
expect 0 "it goes" as a-1 resolve "$gone" --theirs
rounds a-1

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

echo "# The member gets another name meanwhile"
rm "a-1/members/m-a/projects/$new.json"
rounds sec-1 a-1 a-2
editing a-2 'sed -i s/thirteen/fourteen/ "$1"; kill -9 $$' edit "$a" >"$tmp/out" 2>&1
made=$(editing a-2 'sed -i "s/\"en\": \"\"/\"en\": \"Made before\"/" "$1"; kill -9 $$' new project 2>&1 | sed -n 's/.*cib edit \(p-[0-9a-z]*\).*/\1/p' | head -n 1)
git clone -q central.git plain 2>/dev/null
(
	cd plain && git mv members/m-a members/m-sur && sed -i 's/"m-a"/"m-sur"/' access.json members/m-sur/projects/*.json &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-a is m-sur now"
)
expect 0 "the secretariat renames it" env CIB_USER=sec-1 git -C plain push -q origin main
expect 0 "a sync follows while the editor is open" editing a-1 "sed -i 's/thirteen/fifteen/' \"\$1\"; cd '$tmp/a-1' && CIB_USER=a-1 '$CIB' sync" edit "$a"
is "$(field a-1 "$a" /title/en) $(field a-1 "$a" /owner)" "Water for fifteen towns m-sur" "the edit is in the new folder"
is "$(test -e a-1/members/m-a || echo gone)" gone "and nothing in the old one"
rounds a-1
expect 0 "it was sent" git -C central.git grep -q "fifteen towns" members/m-sur
expect 0 "a text of before the name, while somebody else edited it" as a-2 sync
expect 0 "is gone on with" editing a-2 'true' edit "$a"
expect 1 "and joined, as a conflict" as a-2 resolve "$a"
says "fourteen" "with this one"
says "fifteen" "and that one"
expect 1 "so is the text of a new entry" editing a-2 'true' edit "$made"
is "$(field a-2 "$made" /title/en)" "Made before" "as the draft that it is"
expect 0 "in the new folder" test -e "a-2/members/m-sur/projects/$made.json"

echo "# Two syncs of one copy follow another name"
expect 0 "all is settled" as a-2 resolve --all --theirs
rm "a-2/members/m-sur/projects/$made.json"
rounds a-2 a-1
strace -qq -o trace true 2>/dev/null || { echo "SKIP: strace cannot follow a program here"; exit "$failed"; }
(
	cd plain && git pull -q && git mv members/m-sur members/m-north && sed -i 's/"m-sur"/"m-north"/' access.json members/m-north/projects/*.json &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-sur is m-north now"
)
expect 0 "it is renamed again" env CIB_USER=sec-1 git -C plain push -q origin main
(cd a-1 && CIB_USER=a-1 strace -f -qq -o "$tmp/trace" -e trace=flock -e inject=flock:delay_enter=3000000:when=1 "$CIB" sync >"$tmp/second" 2>&1 </dev/null) &
sleep 1
as a-1 sync >/dev/null 2>&1
as a-1 set "$a" "/title/en=Water for sixteen towns" 2>/dev/null
as a-1 save >/dev/null 2>&1
kept=$(git -C a-1 rev-parse members/m-north)
wait
expect 0 "what was saved between the two is kept" git -C a-1 merge-base --is-ancestor "$kept" members/m-north
is "$(field a-1 "$a" /title/en)" "Water for sixteen towns" "and stands"
exit "$failed"
