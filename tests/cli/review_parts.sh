#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# Review in parts and over time: what is accepted, what waits and what came back stay right whatever either side does meanwhile.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 \
	--member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1,voorbeeld-2
[ "$failed" = 0 ] || exit 1
joins sec-1
expect 0 "a second reviewer" as sec-1 access add sec-2 --role secretariat
expect 0 "for everybody to know" as sec-1 sync
joins sec-2 andal-1 andal-2 voorbeeld-1 voorbeeld-2

waiting() { # USER MEMBER STATE: the titles in that state, sorted
	as "$1" review "$2" --state "$3" --json 2>/dev/null | python3 -c 'import json,sys; print(*sorted(json.loads(l)["title"] for l in sys.stdin), sep=", ")'
}

echo "# Some now, others later, others after a round of comments"
now=$(project andal-1 "Now")
later=$(project andal-1 "Later")
talk=$(project andal-1 "Talked about")
rounds andal-1 sec-1
expect 0 "one is accepted" as sec-1 review accept m-andal "$now"
expect 0 "one is returned with a comment" as sec-1 review return m-andal "$talk" --field /title/en -m "About what?"
is "$(waiting sec-1 m-andal pending)" "Later" "one waits"
rounds sec-1 andal-1
is "$(as andal-1 status --json | python3 -c 'import json,sys; print(*sorted(r["state"] for r in json.load(sys.stdin)["review"]))')" "pending returned" "the member sees both"
expect 0 "the member changes the returned one" as andal-1 set "$talk" "/title/en=Talked about and changed"
expect 0 "and answers the comment" as andal-1 comment "$talk" --field /title/en -m "About this."
rounds andal-1 sec-1
is "$(waiting sec-1 m-andal pending)" "Later, Talked about and changed" "now two wait"
expect 0 "what is new since the last look" as sec-1 review show m-andal "$talk" --format json
is "$(python3 -c 'import json,sys; print(*[c["path"] for c in json.loads(sys.stdin.readline())["news"]])' <out)" "/title/en" "is the changed field alone"
expect 0 "the changed one is accepted" as sec-1 review accept m-andal "$talk"
expect 0 "and much later the last" as sec-1 review accept m-andal "$later"
is "$(waiting sec-1 m-andal pending)" "" "nothing waits"
rounds sec-1 andal-1
expect 0 "the member has nothing to do" as andal-1 status
says "nothing to do" "as its status says"
is "$(git -C andal-1 diff --name-only main members/m-andal -- members/m-andal/projects 2>/dev/null || git -C andal-1 diff --name-only refs/cib/central/main refs/heads/members/m-andal -- members/m-andal/projects)" "" "both sides hold the same"

echo "# A colleague goes on from an older copy while parts are accepted"
expect 0 "a colleague has the old state and edits offline" as andal-2 sync
expect 0 "the accepted entry" as andal-2 set "$now" "/description/general/en=From the colleague."
expect 0 "while another field of it is changed and accepted" as andal-1 set "$now" /status=3
rounds andal-1 sec-1
expect 0 "accepted" as sec-1 review accept m-andal "$now"
rounds sec-1 andal-2 sec-1
is "$(waiting sec-1 m-andal pending)" "Now" "the colleague's edit waits"
expect 0 "it is one field" as sec-1 review show m-andal "$now" --format json
is "$(python3 -c 'import json,sys; print(*[c["path"] for c in json.loads(sys.stdin.readline())["changes"]])' <out)" "/description/general/en" "the other field is no change"
expect 0 "accepted" as sec-1 review accept m-andal "$now"
is "$(field sec-1 "$now" /status) $(field sec-1 "$now" /description/general/en)" "3 From the colleague." "main has both"
rounds sec-1 andal-1 andal-2

echo "# The secretariat and the member change the same field"
expect 0 "the secretariat corrects the title" as sec-1 set "$later" "/title/en=Later, corrected"
expect 0 "the member changes the same" as andal-1 set "$later" "/title/en=Later, changed"
rounds andal-1 sec-1
expect 1 "accepting needs a person" as sec-1 review accept m-andal "$later"
says "do not fit together" "and says why"
expect 0 "one key for all clean ones" at_terminal sec-1 'Aq' review m-andal -i
says "accepted 0, 1 to be looked at" "leaves it out"
rounds sec-1
expect 1 "the member's sync" as andal-1 sync
says "cib resolve" "brings it as a conflict, with both values"
expect 0 "which the member settles" as andal-1 resolve "$later" --value "Later, agreed"
rounds andal-1 sec-1
expect 0 "and which is accepted" as sec-1 review accept m-andal "$later"
is "$(field sec-1 "$later" /title/en)" "Later, agreed" "as agreed"
rounds sec-1 andal-1

echo "# An accepted entry is withdrawn, and a withdrawal is returned"
expect 0 "the member withdraws an accepted entry" rm "andal-1/members/m-andal/projects/$talk.json"
rounds andal-1 sec-1
expect 0 "the secretariat asks first" as sec-1 review return m-andal "$talk" -m "Why?"
is "$(waiting sec-1 m-andal returned)" "Talked about and changed" "it is with the member"
expect 0 "main has it still" as sec-1 show "$talk"
rounds sec-1 andal-1
expect 0 "the member sees the question" as andal-1 status
says "Why?" "in its status"
expect 0 "and after a talk" as andal-1 comment "$talk" -m "It ended."
rounds andal-1 sec-1
expect 0 "it is accepted" as sec-1 review accept m-andal "$talk"
expect 2 "and gone" as sec-1 show "$talk"
rounds sec-1 andal-1
expect 0 "on both sides" test ! -e "andal-1/members/m-andal/projects/$talk.json"

echo "# Two reviewers at once, in the same minute"
expect 0 "an entry to be accepted by both" as andal-1 new project "/title/en=Both" "/description/general/en=x" /status=2 '/partners:=[{"id":"o-1","name":{"en":"City"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]'
both=$(cat out)
split=$(project andal-1 "Split")
gone=$(project andal-1 "Gone on")
rounds andal-1 sec-1 sec-2
expect 0 "one accepts it" as sec-1 review accept m-andal "$both" "$split"
expect 0 "the other, too, and declines another" as sec-2 review accept m-andal "$both"
expect 0 "which the first accepted" as sec-2 review decline m-andal "$split" -m "Not ours."
expect 0 "and returns a third" as sec-2 review return m-andal "$gone" -m "When?"
rounds sec-1 sec-2 sec-1 andal-1
is "$(as sec-1 list --json 2>/dev/null | grep -c -e "$both" -e "$split")" 2 "what one accepted is accepted, once"
is "$(waiting sec-1 m-andal returned)" "Gone on" "what only the other decided stands"
expect 0 "the reason of the other is kept" git -C sec-1 grep -q "Not ours" main -- reviews
expect 0 "the member is in order" as andal-1 sync

echo "# A member leaves"
expect 0 "a member has work in the queue" as voorbeeld-1 sync
kept=$(project voorbeeld-1 "Kept")
dropped=$(project voorbeeld-1 "Dropped")
rounds voorbeeld-1 sec-1
expect 0 "its people lose their access" as sec-1 access remove voorbeeld-1
expect 0 "both" as sec-1 access remove voorbeeld-2
rounds sec-1
expect 0 "somebody of it goes on" as voorbeeld-1 set "$kept" "/title/en=Too late"
expect 3 "and is refused" as voorbeeld-1 sync
is "$(field voorbeeld-1 "$kept" /title/en)" "Too late" "without losing the work"
is "$(waiting sec-1 m-voorbeeld pending)" "Dropped, Kept" "what was sent waits still"
expect 0 "one is accepted" as sec-1 review accept m-voorbeeld "$kept"
expect 0 "one is declined" as sec-1 review decline m-voorbeeld "$dropped" -m "Nobody answers for it."
rounds sec-1
expect 0 "the accepted one stays in the network" as andal-1 sync
expect 0 "for everybody" as andal-1 show "$kept"
expect 0 "the secretariat keeps it right" as sec-1 set "$kept" "/status=4"
rounds sec-1
git -C central.git update-ref -d refs/heads/members/m-voorbeeld
rounds sec-1
is "$(waiting sec-1 m-voorbeeld declined)" "" "when its branch is removed at the server its rest leaves the queue"
expect 0 "and its entries stay" as sec-1 show "$kept"

expect 0 "the central repository is sound" git -C central.git fsck --strict
exit "$failed"
