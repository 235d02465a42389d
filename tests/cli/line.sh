#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# More commits than one push may hold: months of saves without a link, and of sticks that the secretariat gave without a server. They go as they
# are, one push after the other, so that main keeps its history and those who had it by stick have what the server has.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2
[ "$failed" = 0 ] || exit 1
joins sec-1
python3 - sec-1/network.json <<'PY'
import json, sys
doc = json.load(open(sys.argv[1]))
doc.setdefault("limits", {})["commits"] = 8
json.dump(doc, open(sys.argv[1], "w"), indent=2, sort_keys=True)
PY
"$CIB" fmt -w sec-1/network.json >out 2>err
expect 0 "a push holds at most 8 commits" as sec-1 sync
joins a-1 a-2
p=$(project a-1 "Water")

# ---- a member ----
for i in $(seq 1 20); do
	as a-1 set "$p" "/title/en=Water $i" >out 2>err
	as a-1 save >out 2>err
done
rounds a-1
says_not "refused" "nothing of it is refused"
is "$(git -C central.git rev-parse members/m-a)" "$(git -C a-1 rev-parse HEAD)" "The server has each version that was saved"
rounds sec-1
expect 0 "it is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2

# ---- the secretariat ----
mv central.git away.git
for i in $(seq 1 6); do
	as a-1 set "$p" "/title/en=Market $i" >out 2>err
	as a-1 bundle create ../a.bundle >out 2>err
	as sec-1 bundle apply ../a.bundle >out 2>err
	as sec-1 review accept m-a >out 2>err
	expect 0 "stick $i is answered" as sec-1 bundle create ../main.bundle --for m-a
	expect 0 "and the answer comes" as a-1 bundle apply ../main.bundle
done
mv away.git central.git
rounds sec-1
says_not "refused" "nothing of it is refused"
is "$(git -C central.git rev-parse main)" "$(git -C sec-1 rev-parse HEAD)" "The server has main as the sticks gave it"
is "$(git -C central.git log --format=%s main | grep -c "^Accept $p")" 7 "with each acceptance"
rounds a-1 a-2 sec-1
is "$(git -C a-1 for-each-ref refs/cib/given | grep -c .)" 0 "The member's copy is past its sticks"
is "$(field a-2 "$p" /title/en)" "Market 6" "a colleague has it all"
as a-1 set "$p" "/title/en=Market 5" >out 2>err
rounds a-1 sec-1
expect 0 "what is set back is accepted" as sec-1 review accept m-a
as sec-1 set "$p" "/title/en=Market 4" >out 2>err
rounds sec-1 a-1
is "$(field a-1 "$p" /title/en)" "Market 4" "and so is what the secretariat sets back"
expect 0 "and nobody is asked" as a-1 resolve

# Cut off in between, and something in the middle that no server takes.
before=$(git -C central.git rev-parse main)
for i in $(seq 1 20); do
	as sec-1 set "$p" "/title/en=Bridge $i" >out 2>err
	as sec-1 save >out 2>err
done
cat >central.git/hooks/update <<'EOF'
#!/bin/sh
[ -e once ] || { touch once; exit 0; }
[ -e twice ] || { touch twice; exit 1; }
EOF
chmod +x central.git/hooks/update
as sec-1 sync >out 2>err
expect 1 "a part is there" test "$(git -C central.git rev-parse main)" = "$before"
rounds sec-1 a-1
is "$(field a-1 "$p" /title/en)" "Bridge 20" "the rest follows"
for i in $(seq 1 10); do
	as a-1 set "$p" "/title/en=Road $i" >out 2>err
	as a-1 save >out 2>err
	[ "$i" != 4 ] || git -C a-1 update-ref refs/heads/members/m-a "$(git -C a-1 -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit-tree -m $'No\u202egood' -p HEAD~1 'HEAD^{tree}')"
done
rounds a-1 sec-1
is "$(git -C central.git show "members/m-a:members/m-a/projects/$p.json" | grep -c "Road 10")" 1 "what is refused as it is goes out anew"
for user in a-1 sec-1; do
	expect 0 "the copy of $user is sound" git -C $user fsck --strict --no-dangling
done
exit "$failed"
