#!/usr/bin/env bash
# Sync by stick and e-mail: bundles in both directions, out of order, twice, incomplete, damaged, forged, and together
# with a server that comes and goes. Git itself writes and reads the same files.
# shellcheck disable=SC2154,SC2034
. "$(dirname "$0")/../support/people.sh"

stick=$tmp/stick
mkdir "$stick"
expect 0 "init makes a network" "$CIB" init central.git --title "Example network" --language en,fr \
	--secretariat sec-1 --member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1
joins andal-1 andal-2 sec-1 voorbeeld-1
mv central.git away.git # from here on there is no link

# A member to the secretariat.
a=$(project andal-1 "Water for six towns")
expect 4 "there is no link" as andal-1 sync
expect 0 "a member writes a bundle" as andal-1 bundle create "$stick/1.bundle"
expect 0 "Git says that it is one" git -C sec-1 bundle verify "$stick/1.bundle"
expect 0 "the secretariat looks into it" as sec-1 bundle show "$stick/1.bundle"
says "m-andal" "and sees whose it is"
expect 0 "and as JSON" as sec-1 bundle show "$stick/1.bundle" --json
says '"ref":"refs/heads/members/m-andal"' "with the branch"
expect 0 "the secretariat takes it" as sec-1 bundle apply "$stick/1.bundle"
says "1 entry waits for review" "into its queue"
expect 0 "where the entry is" as sec-1 review --json
says "$a" "by its id"
expect 0 "taking it again" as sec-1 bundle apply "$stick/1.bundle"
says "was here already" "changes nothing"

# Incremental, out of order.
as andal-1 set "$a" "/title/en=Water for seven towns" 2>/dev/null
expect 0 "a second bundle with what is new since the first" as andal-1 bundle create "$stick/2.bundle" --since given
b=$(project andal-1 "Waste sorting")
expect 0 "and a third" as andal-1 bundle create "$stick/3.bundle" --since given
expect 3 "the third before the second is not taken" as sec-1 bundle apply "$stick/3.bundle"
says "builds on commit $(git -C andal-1 rev-parse --short=12 HEAD^)" "what is missing is named"
expect 1 "as it is by show" as sec-1 bundle show "$stick/3.bundle"
says MISSING "with a word"
expect 0 "nothing of it was taken" as sec-1 review --json
says_not "$b" "not even the entry"
expect 3 "two on one stick, in the wrong order: the second is taken all the same" as sec-1 bundle apply "$stick/3.bundle" "$stick/2.bundle"
expect 0 "then the third can be" as sec-1 bundle apply "$stick/3.bundle"
says "2 entries wait for review" "and both wait"
expect 0 "an old one that comes late" as sec-1 bundle apply "$stick/1.bundle"
says "was here already" "is no step back"
expect 2 "with nothing new there is no bundle" as andal-1 bundle create "$stick/none.bundle" --since given
[ ! -e "$stick/none.bundle" ] && echo "ok - and no file" || { echo "not ok - and no file"; failed=1; }

# The secretariat to the member.
expect 0 "the secretariat accepts one" as sec-1 review accept m-andal "$a"
expect 0 "and returns the other" as sec-1 review return m-andal "$b" --field /title/en -m "Which school?"
expect 0 "and writes a bundle for the member" as sec-1 bundle create "$stick/main-1.bundle" --for m-andal
expect 0 "which Git can read" git -C andal-1 bundle verify "$stick/main-1.bundle"
expect 0 "the member takes it" as andal-1 bundle apply "$stick/main-1.bundle"
expect 0 "and has the decisions" as andal-1 status
says "Which school?" "with the comment"
expect 0 "a colleague takes the member's own bundle" as andal-2 bundle apply "$stick/1.bundle"
expect 0 "and then the secretariat's, which builds on the others" as andal-2 bundle apply "$stick/2.bundle" "$stick/3.bundle" "$stick/main-1.bundle"
is "$(field andal-2 "$a" /title/en)" "Water for seven towns" "and has the same entry"
expect 3 "another member's bundle is for nobody else" as voorbeeld-1 bundle apply "$stick/1.bundle"
says "nothing in this bundle is for m-voorbeeld" "as is said"
expect 0 "a complete one goes to everybody" as sec-1 bundle create "$stick/all.bundle"
expect 0 "also to another member" as voorbeeld-1 bundle apply "$stick/all.bundle"
is "$(field voorbeeld-1 "$a" /title/en)" "Water for seven towns" "who has what was accepted"

# Two laptops of one member, both by stick.
as andal-1 set "$b" "/title/en=Waste sorting at school" 2>/dev/null
as andal-2 set "$b" /status=3 2>/dev/null
c=$(project andal-2 "A market hall")
as andal-1 bundle create "$stick/laptop-1.bundle" 2>/dev/null
as andal-2 bundle create "$stick/laptop-2.bundle" 2>/dev/null
expect 0 "the secretariat takes both laptops' bundles" as sec-1 bundle apply "$stick/laptop-1.bundle" "$stick/laptop-2.bundle"
expect 0 "and sees the joined entry" as sec-1 review show m-andal "$b"
says "Waste sorting at school" "with the one's edit"
expect 0 "and in the queue" as sec-1 review --json
says "$c" "the other's new entry"
expect 0 "it is accepted" as sec-1 review accept m-andal "$b"

# The link is back: sticks and server agree, and nobody's push waits for anybody.
mv away.git central.git
d=$(project andal-1 "A bridge")
expect 0 "the member can send before the secretariat did" as andal-1 sync
says "Sent" "and does"
is "$(git -C central.git ls-tree -r --name-only members/m-andal | grep -c "$d")" 1 "the server has the new entry"
expect 0 "again there is nothing to send" as andal-1 sync
says "Nothing new" "as is said"
rounds andal-2 sec-1 andal-1 andal-2 sec-1
is "$(field andal-2 "$b" /title/en)/$(field andal-2 "$b" /status)" "Waste sorting at school/3" "both edits are in one entry"
expect 0 "no conflict came of all this" as andal-1 resolve
expect 0 "everything left is accepted" as sec-1 review accept m-andal
rounds sec-1 andal-1 andal-2 voorbeeld-1
for user in andal-1 andal-2 voorbeeld-1; do
	is "$(field $user "$d" /title/en)" "A bridge" "$user has what came by the server"
	is "$(git -C $user rev-parse "HEAD^{tree}")" "$(git -C central.git rev-parse "main^{tree}")" "$user has what main has"
done
is "$(git -C sec-1 for-each-ref refs/cib/given refs/cib/joined | wc -l)" 0 "nothing is kept that the server has, too"
expect 0 "the central repository is sound" git -C central.git fsck --strict

# Git's own bundles.
git clone -q central.git plain
e=$(project andal-1 "By Git")
as andal-1 save 2>/dev/null
expect 0 "Git writes a bundle" git -C andal-1 bundle create -q "$stick/git.bundle" refs/heads/members/m-andal "^$(git -C central.git rev-parse main)"
expect 0 "cib takes it" as sec-1 bundle apply "$stick/git.bundle"
says "waits for review" "into the queue"
git -C andal-1 bundle create -q --version=3 "$stick/git3.bundle" refs/heads/members/m-andal
expect 0 "version 3, too" as sec-1 bundle apply "$stick/git3.bundle"
says "was here already" "as the same thing"
expect 0 "and Git clones from a complete one of cib" as andal-1 bundle create --whole "$stick/whole.bundle"
expect 0 "to the same commit" git clone -q -b members/m-andal "$stick/whole.bundle" from-bundle
is "$(git -C from-bundle rev-parse HEAD)" "$(git -C andal-1 rev-parse HEAD)" "with everything"

# What is not taken.
tail_less=$stick/cut.bundle
head -c 900 "$stick/whole.bundle" >"$tail_less"
expect 1 "a file that ends early is refused" as sec-1 bundle apply "$tail_less"
size=$(stat -c %s "$stick/whole.bundle")
for at in 40 $((size / 2)) $((size - 3)); do
	cp "$stick/whole.bundle" "$stick/flipped.bundle"
	byte='\377'
	[ "$(od -An -tu1 -j "$at" -N 1 "$stick/flipped.bundle")" -ne 255 ] || byte='\000'
	printf "%b" "$byte" | dd of="$stick/flipped.bundle" bs=1 seek="$at" conv=notrunc status=none
	(as voorbeeld-1 bundle apply "$stick/flipped.bundle"; as sec-1 bundle apply "$stick/flipped.bundle") >"$tmp/out" 2>"$tmp/err"
	[ $? != 0 ] && echo "ok - a byte that changed at $at is noticed" || { echo "not ok - a byte that changed at $at is noticed"; failed=1; }
done
expect 1 "what is no bundle is refused" as sec-1 bundle apply ../central.git/HEAD
expect 2 "and what is not there" as sec-1 bundle apply "$stick/nowhere.bundle"
(
	cd plain && git checkout -q -b members/m-voorbeeld && mkdir -p members/m-andal/projects &&
		echo '{}' >members/m-andal/projects/p-0000000000.json && git add -A &&
		git -c user.name=v -c user.email=v@m-voorbeeld.cib.invalid commit -qm bad &&
		git bundle create -q "$stick/bad.bundle" refs/heads/members/m-voorbeeld ^origin/main
)
packs=$(ls sec-1/.git/objects/pack | wc -l)
expect 3 "a change outside the own folder is refused, as it is in a push" as sec-1 bundle apply "$stick/bad.bundle"
says "members/m-andal/projects/p-0000000000.json" "and the path is named"
is "$(ls sec-1/.git/objects/pack | wc -l)" "$packs" "and nothing of it stays"
(
	cd plain && git checkout -q -B members/m-voorbeeld origin/main && mkdir -p members/m-voorbeeld/projects &&
		echo '{"id": "p-0000000000"}' >members/m-voorbeeld/projects/p-0000000000.json && git add -A &&
		git -c user.name=v -c user.email=v@m-voorbeeld.cib.invalid commit -qm bad &&
		git bundle create -q "$stick/invalid.bundle" refs/heads/members/m-voorbeeld ^origin/main
	git checkout -q -B members/m-andal origin/main && mkdir -p network && echo '{}' >access.json && git add -A &&
		git -c user.name=s -c user.email=s@secretariat.cib.invalid commit -qm forged &&
		git bundle create -q "$stick/forged.bundle" refs/heads/members/m-andal ^origin/main
	git checkout -q --orphan alone && git -c user.name=s -c user.email=s@secretariat.cib.invalid commit -qm alone --allow-empty &&
		git branch -f main alone && git bundle create -q "$stick/alone.bundle" refs/heads/main
) 2>/dev/null
expect 3 "an invalid entry is refused" as sec-1 bundle apply "$stick/invalid.bundle"
says "p-0000000000.json" "and named"
expect 3 "a member's branch with commits of the secretariat that nobody knows is refused" as sec-1 bundle apply "$stick/forged.bundle"
expect 3 "another network's main is refused" as andal-1 bundle apply "$stick/alone.bundle"
expect 0 "the copies are sound" git -C sec-1 fsck --strict --no-dangling
expect 0 "and in sync" as sec-1 sync
exit $failed
