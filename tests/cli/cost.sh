#!/usr/bin/env bash
# What a sync costs, before anything travels; and a sync that brings no news of others, where the link is dear.
# shellcheck disable=SC2154
# builds: both
. "$(dirname "$0")/../support/people.sh"

of() { # JSON PATH: a value of the last output
	python3 -c 'import json,sys
d=json.load(open(sys.argv[1]))
for k in sys.argv[2].split("."): d=d[k]
print(json.dumps(d))' "$tmp/out" "$1"
}
everything() { # USER: all that the copy says
	(cd "$1" && git for-each-ref && find . -path ./.git/objects -prune -o -name rate.json -prune -o -name stat -prune -o -name cib.lock -prune -o -type f -print0 | sort -z | xargs -0 sha1sum) | sha1sum
}

expect 0 "init makes a network" "$CIB" init central.git --title "Example network" --language en,fr \
	--secretariat sec-1 --member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1
joins andal-1 andal-2 sec-1 voorbeeld-1
expect 0 "with nothing to do" as andal-1 sync --dry-run
says "Would send nothing" "nothing would be sent"
says "Would receive nothing" "nor received"
says_not "takes" "in no time"

a=$(project andal-1 "Water for six towns")
project andal-1 "Waste sorting" >/dev/null
as andal-1 new project /title/en="Only a title" >/dev/null 2>&1
before=$(everything andal-1)
expect 0 "two entries and a draft, not saved" as andal-1 sync --dry-run --json
is "$(of send.entries)/$(of send.drafts)" 2/1 "are counted"
about=$(of send.bytes)
is "$(everything andal-1)" "$before" "and nothing is changed by it"
as andal-1 save 2>/dev/null
before=$(everything andal-1)
expect 0 "saved, not sent" as andal-1 sync --dry-run --json
is "$(of send.entries)" 2 "they are the same two"
exact=$(of send.bytes)
is "$(everything andal-1)" "$before" "again nothing changed"
is "$((about > exact / 3 && about < exact * 3))" 1 "what was estimated ($about bytes) is of the size of what it is ($exact)"
expect 1 "they are sent" as andal-1 sync --json
sent=$(of bytesOut)
is "$((sent >= exact && sent < exact + 2000))" 1 "in as many bytes ($sent) as was said, but for what the two say to each other"
expect 0 "a colleague asks before" as andal-2 sync -n
says "your colleagues' work" "whose work would come"
says "objects" "and how much"
expect 0 "in figures" as andal-2 sync --dry-run --json
is "$(($(of receive.objects) >= 5))" 1 "that are objects"
is "$(git -C andal-2 rev-parse -q --verify refs/cib/central/own || echo none)" none "and nothing is taken for seen"
rounds andal-2
expect 0 "the secretariat asks" as sec-1 sync --dry-run
says "1 member" "and hears of how many members"
says_not " takes about" "but not how long what nobody knows takes"
rounds sec-1
as sec-1 review accept m-andal "$a" 2>/dev/null
v=$(project voorbeeld-1 "Ours")
rounds voorbeeld-1 sec-1
as sec-1 review accept m-voorbeeld "$v" 2>/dev/null
rounds sec-1

expect 0 "a colleague asks again" as andal-2 sync --dry-run
says "main" "and hears that main moved"
about=$(as andal-2 sync --dry-run --json | python3 -c 'import json,sys; print(json.load(sys.stdin)["receive"]["bytes"])')

# --only mine
as andal-1 set "$a" /status=3 2>/dev/null
expect 0 "it can be asked of the own branch alone" as andal-1 sync --only mine --dry-run
says "To do it: cib sync --only mine" "with the command for that"
main=$(git -C andal-1 rev-parse refs/cib/central/main)
expect 1 "only mine sends" as andal-1 sync --only mine
says "Sent 1 entry" "the own entry"
is "$(git -C andal-1 rev-parse refs/cib/central/main)" "$main" "and asks for no news"
expect 2 "another entry is not here yet" as andal-1 show "$v"
cp -r andal-2 measured # another laptop of the same person
came=$(cd measured && CIB_USER=andal-2 "$CIB" sync --json 2>/dev/null | python3 -c 'import json,sys; print(json.load(sys.stdin)["bytesIn"])')
is "$((about > came / 4 && about < came * 4))" 1 "what was estimated ($about bytes) is of the size of what came ($came)"
expect 0 "only mine brings" as andal-2 sync --only mine # the copy has sent what builds on a main that is not here yet
is "$(field andal-2 "$a" /status)" 3 "a colleague's work"
expect 1 "a whole sync brings the news" as andal-1 sync
expect 0 "of others" as andal-1 show "$v"
expect 2 "only knows one word" as andal-1 sync --only yours
mv central.git away.git
expect 4 "without a link there is nothing to ask" as andal-1 sync --dry-run

# The rate: a join is large enough to measure the link.
mv away.git central.git
expect 0 "a new copy" env CIB_USER=andal-1 "$CIB" join "$tmp/central.git" late --user andal-1
CIB_DIR=late "$CIB" set "$a" /status=4 2>/dev/null
expect 0 "knows the rate" env CIB_DIR=late "$CIB" sync --dry-run
says "at the last measured rate" "and says how long it takes"
exit $failed
