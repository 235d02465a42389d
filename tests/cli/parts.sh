#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154 # ../support/people.sh
# More files at once than a push may change, as after an import of years of work: sent in parts, and nobody has to know.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2
[ "$failed" = 0 ] || exit 1
joins sec-1
python3 - sec-1/network.json <<'PY'
import json, sys
doc = json.load(open(sys.argv[1]))
doc.setdefault("limits", {})["paths"] = 20
json.dump(doc, open(sys.argv[1], "w"), indent=2, sort_keys=True)
PY
"$CIB" fmt sec-1/network.json >/dev/null 2>&1
expect 0 "a push changes at most 20 files" as sec-1 sync
joins a-1 a-2

many() { # WHO NUMBER: copies of an entry
	python3 - "$1/members/m-a/projects" "$2" <<'PY'
import glob, random, sys
folder, number = sys.argv[1], int(sys.argv[2])
name = sorted(glob.glob(folder + "/p-*.json"))[0]
old, text = name[-17:-5], open(name).read()
for i in range(number):
    new = "p-" + "".join(random.choice("0123456789abcdefghjkmnpqrstvwxyz") for _ in range(10))
    open("%s/%s.json" % (folder, new), "w").write(text.replace(old, new).replace("Water", "Water %d" % i))
PY
}
at_server() { git -C central.git ls-tree -r --name-only members/m-a -- members/m-a/projects | wc -l; }
equal() { # WHO SENTENCE
	is "$(git -C central.git ls-tree members/m-a members/)" "$(git -C "$1" ls-tree HEAD members/)" "$2"
	is "$(git -C central.git rev-parse members/m-a)" "$(git -C "$1" rev-parse HEAD)" "with the same history"
}

project a-1 "Water" >/dev/null
many a-1 64
expect 0 "65 entries are saved at once" as a-1 save
expect 0 "and sent" as a-1 sync
is "$(at_server)" 65 "the server has them all"
equal a-1 "as they are here"
is "$(git -C central.git log --format=%s members/m-a | grep -c "^Send what was not sent yet, part . of 4$")" 4 "in four parts"
says "65 sent" "and it is said so"
rounds a-1 a-2 sec-1
expect 0 "the secretariat sees" as sec-1 review m-a --json
is "$(grep -c '"id"' out)" 65 "all of them"
is "$(find a-2/members/m-a/projects -name '*.json' | wc -l)" 65 "and a colleague has them"

# The secretariat accepts more than a push may change: all but one, and some one by one.
returned=$(find a-2/members/m-a/projects -name '*.json' | head -1 | sed 's/.*\/\(.*\)[.]json/\1/')
expect 0 "one entry is returned" as sec-1 review return m-a "$returned" -m "Which town?"
find a-2/members/m-a/projects -name '*.json' | sed 's/.*\/\(.*\)[.]json/\1/' | grep -v "$returned" | head -25 >ids
while read -r id; do
	as sec-1 review accept m-a "$id" >/dev/null 2>&1
done <ids
expect 0 "25 were accepted one by one, and are sent" as sec-1 sync
is "$(git -C central.git ls-tree -r --name-only main -- members/m-a/projects | wc -l)" 25 "main has them"
expect 0 "and 39 at once" as sec-1 review accept m-a
expect 0 "are sent" as sec-1 sync
is "$(git -C central.git ls-tree -r --name-only main -- members/m-a/projects | wc -l)" 64 "main has them all"
# On top of what the server has, beside a colleague's edit, and cut off in the middle.
sed -i 's/"Water/"Clean water/' a-1/members/m-a/projects/*.json
expect 0 "all are edited" as a-1 save
project a-2 "Harbour" >/dev/null
rounds a-2
before=$(git -C central.git rev-parse members/m-a)
printf '#!/bin/sh\nn=$(cat "%s/count" 2>/dev/null || echo 0)\necho $((n + 1)) >"%s/count"\n[ "$n" -lt 2 ]\n' "$tmp" "$tmp" >central.git/hooks/update
chmod 755 central.git/hooks/update
as a-1 sync >out 2>err
is "$?" 3 "the server refuses the third part"
is "$(git -C central.git rev-list --count "$before..members/m-a" --first-parent)" 2 "after it took two"
is "$(git -C a-1 grep -l '"Clean water' HEAD -- members/m-a/projects | wc -l)" 65 "all is saved here"
is "$(git -C a-1 for-each-ref refs/cib/part)" "" "and nothing is left behind"
rm central.git/hooks/update
expect 0 "the next sync sends the rest" as a-1 sync
equal a-1 "the server has all"
is "$(git -C central.git grep -l '"Clean water' members/m-a -- members/m-a/projects | wc -l)" 65 "all edits"
is "$(at_server)" 66 "and the colleague's entry"
expect 0 "there is nothing left to send" as a-1 sync --dry-run
rounds a-2

# Removed, all at once.
rm a-2/members/m-a/projects/*.json
expect 0 "all are removed" as a-2 sync
is "$(at_server)" 0 "at the server, too"
equal a-2 "as here"
rounds a-1
is "$(find a-1/members/m-a/projects -name '*.json' 2>/dev/null | wc -l)" 0 "and with the colleague"

# What it writes itself is under the limit, which it can raise.
rounds sec-1
expect 0 "new entries come" as a-1 sync
project a-1 "Water" >/dev/null
many a-1 20
rounds a-1 sec-1
expect 0 "and are accepted" as sec-1 review accept m-a
rounds sec-1
git -C central.git ls-tree -r --name-only main -- members/m-a/projects | sed 's/.*\/\(.*\)[.]json/\1/' >ids
while read -r id; do
	as sec-1 set "$id" "/title/en=Rain water" >/dev/null 2>&1
done <ids
expect 3 "21 corrections by the secretariat are refused" as sec-1 sync
says "limits.paths in network.json, from another copy" "with what can be done"
expect 0 "which is" "$CIB" join central.git sec-other --user sec-1
python3 - sec-other/network.json <<'PY'
import json, sys
doc = json.load(open(sys.argv[1]))
doc["limits"]["paths"] = 25
json.dump(doc, open(sys.argv[1], "w"), indent=2, sort_keys=True)
PY
"$CIB" fmt sec-other/network.json >/dev/null 2>&1
expect 0 "more is allowed" env -C sec-other CIB_USER=sec-1 "$CIB" sync
expect 0 "and they are sent" as sec-1 sync
is "$(git -C central.git grep -l '"Rain water' main -- members/m-a/projects | wc -l)" 21 "all of them"
expect 0 "the copy is sound" git -C a-1 fsck --strict --no-dangling
expect 0 "and so is the server" git -C central.git fsck --strict --no-dangling
exit "$failed"
