#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# Two of the secretariat give sticks before they have synced with each other: a member takes both. What others have it takes from the one or
# the other, and joins nothing in their folders, so that everybody takes what it sends.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2,a-3,a-4 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
joins a-1 a-2 a-3 a-4 b-1 sec-1
expect 0 "a second of the secretariat" as sec-1 access add sec-2 --role secretariat
rounds sec-1
joins sec-2
p=$(project a-1 "Water") q=$(project a-1 "Bridge") v=$(project b-1 "Elsewhere") w=$(project b-1 "Waste")
rounds a-1 b-1 sec-1
expect 0 "all is accepted" as sec-1 review accept m-a
expect 0 "of both" as sec-1 review accept m-b
rounds sec-1 sec-2 a-1 a-2 a-3 a-4 b-1
as a-1 set "$q" /status=4 2>err
rounds a-1 sec-1 sec-2

as sec-1 set "$w" /status=3 2>err
expect 0 "one of the secretariat" as sec-1 bundle create ../first.bundle
as sec-2 set "$w" "/description/general/en=About both." 2>err
as sec-2 set "$v" /status=4 2>err
expect 0 "and the other" as sec-2 review return m-a "$q" -m "Is it closed?"
expect 0 "give sticks" as sec-2 bundle create ../second.bundle

as a-1 set "$p" /status=3 2>err
expect 0 "a member takes the one" as a-1 bundle apply ../first.bundle
expect 0 "and the other" as a-1 bundle apply ../second.bundle
case "$(field a-1 "$w" /status) $(field a-1 "$w" /description/general/en) $(field a-1 "$v" /status)" in
"3 About Waste. 2" | "2 About both. 4") echo "ok - Of others it has what one of them has" ;;
*) echo "not ok - Of others it has what one of them has" && failed=1 ;;
esac
for take in "a-3 first /dates/actualStart=2024-02-01" "a-4 second /dates/plannedStart=2024-02-02"; do
	read -r user stick edit <<<"$take"
	expect 0 "Colleagues have the $stick of the two alone" as "$user" bundle apply "../$stick.bundle"
	as "$user" set "$p" "$edit" 2>err
	expect 0 "and send on" as "$user" bundle create --whole "../$user.bundle"
	expect 0 "to who has both" as a-1 bundle apply "../$user.bundle"
	is "$(field a-1 "$p" "${edit%%=*}")" "${edit#*=}" "which has it then"
done
expect 0 "what it sends" as a-1 bundle create --whole ../a.bundle
for stick in first second a; do
	expect 0 "a colleague takes (stick $stick)" as a-2 bundle apply ../$stick.bundle
	[ $stick = second ] || expect 0 "and so does the secretariat" as sec-2 bundle apply ../$stick.bundle
done
expect 0 "which sees it" as sec-2 review m-a
says "$p" "for review"

rounds a-1
rounds sec-1 sec-2 a-1 a-2
is "$(git -C central.git show "main:members/m-b/projects/$w.json" | grep -cE '"status": "3"|About both')" 2 "The secretariat has joined the two"
for user in a-1 a-2; do
	is "$(field $user "$w" /status) $(field $user "$w" /description/general/en)" "3 About both." "and $user has both"
	is "$(field $user "$p" /status)" 3 "and its own"
	is "$(git -C $user diff --name-only HEAD refs/cib/central/main -- members/m-b network schema codelists)" "" "and of others what main has"
	expect 0 "and nobody" as $user resolve
done

# A sync of the secretariat breaks off when main has come and is not merged yet.
as sec-1 set "$w" /status=2 2>err
rounds sec-1 a-1
as a-1 set "$p" /status=4 2>err
expect 0 "A member gives a stick" as a-1 bundle create ../late.bundle
git -C sec-2 fetch -q "$tmp/central.git" main:refs/cib/central/main
is "$(git -C sec-2 merge-base --is-ancestor refs/cib/central/main main || echo behind)" behind "one of the secretariat has main, not merged yet"
expect 0 "and takes a stick that builds on it" as sec-2 bundle apply ../late.bundle
expect 0 "which sees it" as sec-2 review m-a
says "$p" "for review"

# A colleague's branch at the server builds on a main that is known here by a stick alone.
rounds sec-2 sec-1 a-2
expect 0 "the secretariat says something about it" as sec-1 review return m-a "$p" -m "Which of the two?"
rounds sec-1
as a-1 set "$q" /status=4 2>err
rounds a-1
expect 0 "and gives a stick" as sec-1 bundle create ../said.bundle
expect 0 "which a colleague takes" as a-2 bundle apply ../said.bundle
expect 0 "who then syncs its own alone" as a-2 sync --only mine
is "$(field a-2 "$q" /status)" 4 "and has the other's work"
exit "$failed"
