#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# A member's new name comes on a stick, and its people work on in the old folder until they sync: nothing stays behind.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2
[ "$failed" = 0 ] || exit 1
joins a-1 a-2 sec-1
old=$(project a-1 "Water")
rounds a-1 sec-1
expect 0 "an entry is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2
other=$(project a-1 "Market")
as a-1 set "$old" /status=3 2>err
rounds a-1 sec-1
expect 0 "an edit is accepted by itself" as sec-1 review accept m-a "$old"
rounds sec-1
as a-1 set "$old" /status=2 2>err
expect 0 "while it is set back" as a-1 save
git clone -q central.git plain 2>/dev/null
(
	cd plain && git mv members/m-a members/m-sur && sed -i 's/"m-a"/"m-sur"/' access.json members/m-sur/projects/*.json &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-a is m-sur now"
)
expect 0 "the secretariat renames the member" env CIB_USER=sec-1 git -C plain push -q origin main
rounds sec-1
as sec-1 bundle create ../name.bundle >out 2>err
before=$(project a-1 "Before the stick")
expect 0 "the name comes on a stick" as a-1 bundle apply ../name.bundle
after=$(project a-1 "After the stick")
expect 0 "an entry made in the old folder is saved" as a-1 save
unsaved=$(project a-1 "Not saved yet")
rounds a-1
is "$(field a-1 "$old" /status)" 2 "what was set back stays so"
for id in "$old" "$other" "$before" "$after" "$unsaved"; do
	expect 0 "$id came along" test -e "a-1/members/m-sur/projects/$id.json"
	expect 0 "and was sent in the same sync" git -C central.git cat-file -e "members/m-sur:members/m-sur/projects/$id.json"
done
expect 0 "nothing is left in the old folder" test ! -e a-1/members/m-a
is "$(git -C central.git ls-tree -r --name-only members/m-sur members/m-a/ | wc -l)" 0 "nor at the server"
rounds a-1 a-2
expect 0 "a colleague has what was made last" as a-2 show "$unsaved"
expect 0 "the copy is sound" git -C a-1 fsck --strict --no-dangling

# What is new waits for review under the old name, on the server and on a stick: taken there, its id would be in the way of all that its people send.
rounds sec-1
expect 0 "all is accepted" as sec-1 review accept m-sur
rounds sec-1 a-1 a-2
late=$(project a-1 "Late")
rounds a-1
made=$(project a-1 "On a stick")
as a-1 bundle create ../late.bundle >out 2>err
(
	cd plain && git pull -q && git mv members/m-sur members/m-mer && sed -i 's/"m-sur"/"m-mer"/' access.json members/m-mer/projects/*.json &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-sur is m-mer now"
)
expect 0 "the member has another name again" env CIB_USER=sec-1 git -C plain push -q origin main
rounds sec-1
expect 0 "a stick comes from before" as sec-1 bundle apply ../late.bundle
for id in "$late" "$made"; do
	expect 1 "what is new is not accepted under the old name" as sec-1 review accept m-sur "$id"
	says "nobody is of m-sur any more" "and the secretariat is told where it will come"
done
as a-1 set "$old" /status=4 2>err
rounds sec-1 a-1 sec-1
expect 0 "it has come in the new folder, and is accepted" as sec-1 review accept m-mer
rounds sec-1 a-1 a-2
for id in "$late" "$made"; do
	expect 0 "main has it" git -C central.git cat-file -e "main:members/m-mer/projects/$id.json"
done
is "$(field a-2 "$old" /status)" 4 "and nothing else was held up"
exit "$failed"
