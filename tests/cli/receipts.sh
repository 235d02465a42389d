#!/usr/bin/env bash
# A status that never lies: where each entry stands, over a server and over sticks, and what the server refused and why.
# shellcheck disable=SC2154
. "$(dirname "$0")/../support/people.sh"

state() { # USER ID: how status says that an entry stands
	as "$1" status --json | python3 -c 'import json,sys
for e in json.load(sys.stdin)["entries"]:
    if e["id"] == sys.argv[1]: print(e["state"])' "$2"
}

expect 0 "init makes a network" "$CIB" init central.git --title "Example network" --language en,fr \
	--secretariat sec-1 --member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1
joins andal-1 andal-2 sec-1 voorbeeld-1

a=$(project andal-1 "Water for six towns")
is "$(state andal-1 "$a")" only-here "a new entry is only here"
as andal-1 save 2>/dev/null
is "$(state andal-1 "$a")" only-here "a saved one, too"
mv central.git away.git
expect 4 "without a link sync sends nothing" as andal-1 sync
says "1 only here" "and says so"
mv away.git central.git
expect 0 "with a link it does" as andal-1 sync
says "1 sent" "and says so"
is "$(state andal-1 "$a")" sent "now it is sent: the server has answered"
expect 0 "sync has it for programs, too" as andal-1 sync --json
says "\"id\":\"$a\"" "by id"
says '"state":"sent"' "with its state"
expect 0 "a colleague joins in" as andal-2 sync
is "$(state andal-2 "$a")" sent "and reads the same"

# Seen.
expect 0 "the secretariat syncs" as sec-1 sync
is "$(state andal-1 "$a")" sent "before the next sync nothing is claimed"
rounds andal-1
is "$(state andal-1 "$a")" seen "after it the entry is seen"
before=$(git -C central.git rev-list --count --all)
rounds sec-1 andal-1 sec-1 andal-1 sec-1 andal-1
is "$(git -C central.git rev-list --count --all)" "$before" "receipts make no receipts"
is "$(git -C central.git ls-tree -r --name-only main | grep -c seen.json)" 1 "there is one file for the member"
expect 0 "which is valid" as sec-1 check
as andal-1 set "$a" "/title/en=Water for seven towns" 2>/dev/null
is "$(state andal-1 "$a")" only-here "an edit of what was seen is only here"
rounds andal-1
is "$(state andal-1 "$a")" sent "and sent, and not seen by an old receipt"
b=$(project andal-1 "Waste sorting")
rounds andal-1 sec-1
expect 0 "one is returned" as sec-1 review return m-andal "$b" --field /title/en -m "Which school?"
expect 0 "one accepted" as sec-1 review accept m-andal "$a"
rounds sec-1 andal-1
is "$(state andal-1 "$a")/$(state andal-1 "$b")" accepted/returned "both decisions come back"
expect 0 "status counts them" as andal-1 status
says "1 returned, 1 accepted" "in one line"
rm "andal-1/members/m-andal/projects/$a.json"
is "$(state andal-1 "$a")" only-here "a removal is only here at first"
rounds andal-1 sec-1 andal-1
is "$(state andal-1 "$a")" seen "and then seen"

# Over a stick.
mv central.git away.git
c=$(project andal-1 "A market hall")
as andal-1 bundle create 1.bundle 2>/dev/null
is "$(state andal-1 "$c")" only-here "what was put on a stick is only here: nobody knows whether it arrived"
expect 0 "the secretariat takes it" as sec-1 bundle apply ../andal-1/1.bundle
says "A market hall" "and is told what arrived"
as sec-1 bundle create 2.bundle --for m-andal 2>/dev/null
expect 0 "its answer comes back" as andal-1 bundle apply ../sec-1/2.bundle
is "$(state andal-1 "$c")" seen "with the receipt"
as sec-1 review accept m-andal "$c" 2>/dev/null
as sec-1 bundle create 4.bundle --for m-andal 2>/dev/null
expect 0 "the decision, too" as andal-1 bundle apply ../sec-1/4.bundle
says "Accepted entries: 1" "which is told"
expect 0 "status after it" as andal-1 status
says_not "Waiting for the secretariat: 2" "does not count it as waiting"
is "$(state andal-1 "$c")" accepted "accepted, and the server knows nothing of it yet"
mv away.git central.git
rounds andal-1 sec-1 andal-1 andal-2
is "$(state andal-2 "$c")" accepted "a colleague reads it from the server"

# Refused: an id that belongs to another member's entry.
v=$(project voorbeeld-1 "Ours")
rounds voorbeeld-1 sec-1
as sec-1 review accept m-voorbeeld "$v" 2>/dev/null
rounds sec-1
python3 - "voorbeeld-1/members/m-voorbeeld/projects/$v.json" "andal-1/members/m-andal/projects/$v.json" <<'PY'
import json, sys
doc = json.load(open(sys.argv[1]))
doc["owner"] = "m-andal"
json.dump(doc, open(sys.argv[2], "w"))
PY
expect 3 "the server refuses an id that is another's" as andal-1 sync
says "refused" "and sync says so"
is "$(state andal-1 "$v")" refused "the entry stands as refused"
expect 0 "status keeps saying why" as andal-1 status
says "already belongs to another entry" "in the server's words"
says "make a new entry" "with what to do"
expect 0 "also for programs" as andal-1 status --json
says '"reasons":[{"pointer":"","message":"the id' "with the reason at the entry"
rm "andal-1/members/m-andal/projects/$v.json"
expect 0 "when the entry is taken back, sync goes through" as andal-1 sync
expect 0 "and status" as andal-1 status
says_not "Refused" "forgets it"

# Refused as a whole: the person has no access any more.
expect 0 "a colleague loses access" as sec-1 access remove andal-2
rounds sec-1
project andal-2 "Too late" >/dev/null
expect 3 "a push is refused" as andal-2 sync
expect 0 "status says why" as andal-2 status
says "no access" "in the server's words"
expect 0 "and for programs" as andal-2 status --json
says '"refused":["andal-2' "as a reason of the whole"
expect 0 "access comes back" as sec-1 access add andal-2 --role staff --member m-andal
rounds sec-1 andal-2
expect 0 "and with the next sync" as andal-2 status
says_not "no access" "it is settled"
exit $failed
