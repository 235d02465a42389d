#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# The secretariat corrects a typo while the member edits another field, and only that entry is accepted: it is done then, on
# both sides, though the member's branch was not taken along; and its story tells who wrote, accepted and signed what.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en --secretariat sec-1 --member m-andal:andal-1
[ "$failed" = 0 ] || exit 1
joins sec-1 andal-1
a=$(project andal-1 "Water for six towns")
project andal-1 "Registry office" >/dev/null
rounds andal-1 sec-1
expect 0 "one of two is accepted" as sec-1 review accept m-andal "$a"
rounds sec-1 andal-1
expect 0 "the secretariat corrects a text" as sec-1 set "$a" "/description/general/en=Corrected."
expect 0 "the member changes the status" as andal-1 set "$a" /status=3
rounds andal-1 sec-1
expect 0 "the queue" as sec-1 review show m-andal "$a" --json
is "$(python3 -c 'import json,sys; d=json.loads(sys.stdin.readline()); print(d["joined"], *[c["path"] for c in d["changes"]])' <out)" "True /status" "shows the member's field alone"
expect 0 "it is accepted, with words of one's own" as sec-1 review accept m-andal "$a" -m "Good news"
is "$(field sec-1 "$a" /status) $(field sec-1 "$a" /description/general/en)" "3 Corrected." "main has both edits"
expect 0 "before anybody syncs" as sec-1 review --json
is "$(grep -c . out) $(grep -c "$a" out)" "1 0" "it waits no more, the other does"
expect 2 "nothing is left to accept of it" as sec-1 review accept m-andal "$a"
rounds sec-1 andal-1
is "$(field andal-1 "$a" /status) $(field andal-1 "$a" /description/general/en)" "3 Corrected." "the member has both"
expect 0 "its status" as andal-1 status
says "1 accepted" "knows that it is accepted"
expect 0 "the story on the member's side" as andal-1 log "$a"
told() { awk '/^[0-9]/ { who = $3 " " ($4 == "staff" ? $6 : $4) } /^    / { print who ":" $0 }' out; }
is "$(told | grep -c .)" 2 "tells each edit once"
is "$(told | grep Status)" "changed m-andal:    Status: 2 Implementation -> 3 Finalisation" "the status is the member's, the codes with their names"
is "$(told | grep -c '^changed secretariat:    .*Corrected.$')" 1 "the text is the secretariat's"
is "$(grep -c accepted out)" 2 "both acceptances are told"
expect 0 "the story on the other side" as sec-1 log "$a"
is "$(told | sort)" "$(as andal-1 log "$a" >out 2>/dev/null; told | sort)" "is the same"
rounds sec-1
expect 0 "the queue after all syncs" as sec-1 review --json
is "$(grep -c . out)" 1 "holds the other alone"

expect 0 "the figures" as sec-1 review stats --json
is "$(python3 -c 'import json,sys; a=json.load(sys.stdin)["all"]; print(a["accepted"], a["waiting"])' <out)" "2 1" "count it as accepted twice, not as a correction"

exit "$failed"
