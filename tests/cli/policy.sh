#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# Who may accept what: entries that members own together, policies by kind and field, the secretariat's fields, own changes.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 \
	--member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
[ "$failed" = 0 ] || exit 1
joins sec-1 andal-1 voorbeeld-1

echo "# Owned together"
a=$(project andal-1 "Water for six towns" '/owners:=["m-andal","m-voorbeeld"]')
rounds andal-1 sec-1
expect 0 "the queue" as sec-1 review
says "another owner has to agree" "says that one has to agree"
expect 3 "without that it is not accepted" as sec-1 review accept m-andal "$a"
says "belongs to m-voorbeeld, too" "and who is named"
expect 0 "the other owner looks" as voorbeeld-1 agree m-andal
says "Water for six towns" "at what is proposed"
says "You have not agreed" "and did not agree yet"
expect 0 "agrees" as voorbeeld-1 agree m-andal "$a" -m "Fine with us."
rounds voorbeeld-1
expect 0 "meanwhile the version changes" as andal-1 set "$a" "/title/en=Water for seven towns"
rounds andal-1 sec-1
expect 3 "an agreement is to one version" as sec-1 review accept m-andal "$a"
expect 0 "the other owner sees" as voorbeeld-1 agree m-andal
says "seven" "the newer one"
expect 0 "agrees to that" as voorbeeld-1 agree m-andal "$a"
expect 0 "once" as voorbeeld-1 agree m-andal "$a"
says "already" "is enough"
rounds voorbeeld-1 sec-1
expect 0 "accepted" as sec-1 review accept m-andal "$a"
expect 0 "with the agreement" git -C sec-1 cat-file -e "main:members/m-voorbeeld/comments/$a.json"
rounds sec-1 andal-1 voorbeeld-1
expect 0 "the owner wants to be alone" as andal-1 set "$a" '/owners:=["m-andal"]'
rounds andal-1 sec-1
expect 3 "which the other agrees to first" as sec-1 review accept m-andal "$a"
expect 0 "it does" as voorbeeld-1 agree m-andal "$a"
rounds voorbeeld-1 sec-1
expect 0 "then it is accepted" as sec-1 review accept m-andal "$a"
expect 2 "nobody agrees to what is not theirs" as voorbeeld-1 agree m-andal p-0000000000
rounds sec-1

echo "# The secretariat's fields"
expect 0 "a member sets the secretariat's field" as andal-1 set "$a" /reviewedThrough=2026-01-01
rounds andal-1 sec-1
expect 0 "the reviewer" as sec-1 review show m-andal "$a"
says "this field is the secretariat's to write" "is warned beside the field"
expect 0 "one key for all clean ones" at_terminal sec-1 'Aq' review m-andal -i
says "accepted 0" "leaves it"
expect 0 "returned" as sec-1 review return m-andal "$a" -m "That date is ours."
rounds sec-1

echo "# A policy by kind and field"
python3 - sec-1/network.json <<'P'
import json, sys
d = json.load(open(sys.argv[1]))
d["review"] = {"default": "required", "kinds": {"project": ["/budget", "/status"], "practice": "none"}}
open(sys.argv[1], "w").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
P
expect 0 "the secretariat sends the policy" as sec-1 sync
rounds andal-1 voorbeeld-1
b=$(project voorbeeld-1 "Registry office")
rounds voorbeeld-1 sec-1
expect 0 "a new entry has the fields that are named" as sec-1 review m-voorbeeld
says "1 waiting" "so it waits"
expect 0 "it is accepted" as sec-1 review accept m-voorbeeld
rounds sec-1 voorbeeld-1
expect 0 "another field" as voorbeeld-1 set "$b" "/title/en=Registry offices"
rounds voorbeeld-1
expect 0 "needs nobody" as sec-1 sync
says "Accepted 1 entry that the network's policy lets pass" "as the sync says"
is "$(git -C central.git cat-file blob "main:members/m-voorbeeld/projects/$b.json" | grep -c "Registry offices")" 1 "and main has it at once"
expect 0 "a named field" as voorbeeld-1 set "$b" /status=3
rounds voorbeeld-1 sec-1
expect 0 "does" as sec-1 review m-voorbeeld
says "1 waiting" "so it waits"
expect 0 "accepted" as sec-1 review accept m-voorbeeld
rounds sec-1 voorbeeld-1
expect 0 "the secretariat's field" as voorbeeld-1 set "$b" /reviewedThrough=2026-01-01
rounds voorbeeld-1 sec-1
expect 0 "always does" as sec-1 review m-voorbeeld
says "1 waiting" "so it waits"
expect 0 "accepted all the same" as sec-1 review accept m-voorbeeld
rounds sec-1 voorbeeld-1
expect 0 "a withdrawal" rm "voorbeeld-1/members/m-voorbeeld/projects/$b.json"
rounds voorbeeld-1 sec-1
expect 0 "waits" as sec-1 review m-voorbeeld
says "withdrawn" "for a person, too"
expect 0 "the own folder of the secretariat is in order" as sec-1 status
sed -i 's/"none"/"sometimes"/' sec-1/network.json
as sec-1 sync >out 2>err
says "required" "a policy that is not known is named"
expect 0 "the central repository is sound" git -C central.git fsck --strict
exit "$failed"
