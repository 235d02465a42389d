#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# What happened, told to both sides: after a sync in a few lines, by cib digest for a span of days, and in figures by review stats.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 \
	--member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
[ "$failed" = 0 ] || exit 1
joins sec-1 andal-1 voorbeeld-1
a=$(project andal-1 "Water <b>for</b> six towns")
b=$(project andal-1 "Waste sorting")
c=$(project andal-1 "Street lights")
d=$(project voorbeeld-1 "Registry office")
rounds andal-1 voorbeeld-1

echo "# After a sync"
expect 0 "the secretariat syncs" as sec-1 sync
says "Arrived and waiting: 4" "and reads what arrived"
says_not "Nothing new" "which is not nothing"
expect 0 "again" as sec-1 sync
says_not "Arrived" "it is no news any more"
says "Nothing new" "as it says"
expect 0 "one is accepted" as sec-1 review accept m-andal "$a"
expect 0 "one returned" as sec-1 review return m-andal "$b" --field /status -m "Since when?"
expect 0 "one declined" as sec-1 review decline m-andal "$c" -m "Not ours."
expect 0 "one accepted of the other" as sec-1 review accept m-voorbeeld "$d"
expect 0 "one corrected" as sec-1 set "$a" /status=3
expect 0 "sent" as sec-1 sync
says_not "Returned" "the own decisions are no news"
expect 0 "the member syncs" as andal-1 sync
says "Came back with comments: 1" "and reads what came back"
says "Status: Since when?" "with the field in words"
says "Not ours." "what was declined, and why"
says "Changed by the secretariat: 1" "what the secretariat changed"
says "Of other members 1 entry was accepted." "and how much of others was accepted"
says_not "Registry" "without naming it"

echo "# The member answers"
expect 0 "by a comment" as andal-1 comment "$b" --field /status -m "Since May."
expect 0 "and a change" as andal-1 set "$b" /status=4
expect 0 "sent" as andal-1 sync
expect 0 "the secretariat syncs" as sec-1 sync
says "Arrived and waiting: 1" "and reads what came back to it"
says "Status: Since May." "and what was said"

echo "# A digest of some days"
expect 0 "of the last week" as andal-1 digest
says "Accepted entries: 1" "for the member: its own"
says "Waste sorting" "by title"
expect 0 "as JSON" as sec-1 digest --json
is "$(python3 -c 'import json,sys,collections; print(*sorted(collections.Counter(json.loads(l)["event"] for l in sys.stdin).items()))' <out)" \
	"('accepted', 2) ('arrived', 1) ('commented', 3) ('corrected', 1) ('declined', 1) ('returned', 1)" "for the secretariat: each event once"
expect 0 "as a page" as andal-1 digest --since 3d --format html
says "Water &lt;b&gt;for&lt;/b&gt; six towns" "with texts escaped"
says "</html>" "and an end"
expect 0 "since tomorrow" as andal-1 digest --since "$(date -u -d tomorrow +%F)"
says "Nothing happened." "nothing happened"
expect 2 "a day that is none" as andal-1 digest --since 2026-02-30
says "2026-02-30" "is named"
expect 2 "a format that is none" as andal-1 digest --format pdf

echo "# In figures"
expect 0 "the figures" as sec-1 review stats
is "$(sed -n 's/  */ /g; /^m-andal/p' out | cut -d' ' -f1-6)" "m-andal 1 1 1 67 %" "of a member: accepted, returned, declined, sent back"
is "$(sed -n 's/  */ /g; /^all/p' out | cut -d' ' -f1-6)" "all 2 1 1 50 %" "of all"
says "rule.recommended" "what check finds most"
says "Status" "and what reviewers comment most"
expect 0 "as JSON" as sec-1 review stats m-andal --json
is "$(python3 -c 'import json,sys; d=json.load(sys.stdin); print(d["all"]["waiting"], len(d["members"]), d["all"]["medianWait"] >= 0)' <out)" "1 1 True" "of one member"
expect 0 "since tomorrow" as sec-1 review stats --since "$(date -u -d tomorrow +%F)" --json
is "$(python3 -c 'import json,sys; d=json.load(sys.stdin); print(d["all"]["accepted"], "medianWait" in d["all"], d["all"]["waiting"])' <out)" "0 False 1" "no decision, and what waits waits"

exit "$failed"
