#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# A server comes back without the last of a member's branch, and a colleague who was behind sends to it: the secretariat goes on
# with both, also when the computer that has the rest is never seen again.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2
[ "$failed" = 0 ] || exit 1
joins a-1 a-2 sec-1
p=$(project a-1 "Water") q=$(project a-1 "Bridge")
rounds a-1 sec-1
expect 0 "all is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2
before=$(git -C central.git rev-parse members/m-a)
as a-1 set "$p" /status=3 2>err
rounds a-1 sec-1
git -C central.git update-ref refs/heads/members/m-a "$before"
as a-2 set "$q" /status=4 2>err
rounds a-2
for round in first second; do
	expect 0 "the secretariat's $round sync" as sec-1 sync
	says_not "guard does not work" "blames nobody"
	expect 0 "the queue" as sec-1 review m-a --json
	says "$p" "has what the server lost"
	says "$q" "and what came since"
done
expect 0 "both are accepted" as sec-1 review accept m-a
rounds sec-1 a-2
is "$(field a-2 "$p" /status)$(field a-2 "$q" /status)" 34 "the colleague gets both"
as a-2 set "$p" /status=2 2>err
rounds a-2 a-1 sec-1
is "$(field a-1 "$p" /status)$(field a-1 "$q" /status)" 24 "who comes back late, too, and takes nothing back"
expect 0 "and is asked nothing" as a-1 resolve
expect 0 "the queue" as sec-1 review m-a --json
says "$p" "has the newest edit"
expect 0 "which is accepted" as sec-1 review accept m-a
rounds sec-1
is "$(field sec-1 "$p" /status)" 2 "as it is"
is "$(git -C sec-1 for-each-ref refs/cib/given refs/cib/joined | grep -c .)" 0 "nothing is kept longer than it is needed"

# Two sticks of a member's two computers: who looks at both together did not write it.
expect 0 "a second of the secretariat" as sec-1 access add sec-2 --role secretariat
rounds sec-1
joins sec-2
rounds a-1 a-2
as a-1 set "$p" /status=3 2>err
as a-2 set "$p" "/title/en=Rain" 2>err
for user in a-1 a-2; do
	expect 0 "$user gives a stick" as $user bundle create ../$user.bundle
done
for user in sec-1 sec-2; do
	expect 0 "$user takes both" as $user bundle apply ../a-1.bundle ../a-2.bundle
	expect 0 "$user has the queue" as $user review m-a --json
	is "$(grep -o '"author":"a-[12]"' out | grep -c .)" 1 "by one of those who wrote it"
done
expect 0 "one accepts" as sec-1 review accept m-a
is "$(field sec-1 "$p" /status) $(field sec-1 "$p" /title/en)" "3 Rain" "what both wrote"
rounds sec-1 sec-2 a-1 a-2
expect 0 "and the copies are in order" git -C sec-1 fsck --strict
exit "$failed"
