#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # ../support/people.sh
# Personal data got into the history all the same and is purged: no object of it stays, an old clone that was offline cannot bring it
# back by cib, by plain git or by stick, and sends what it had not sent yet. The address is made up.
set -u
support=$(cd "$(dirname "$0")/../support" && pwd)
. "$support/people.sh"
# libgit2 leaks where it walks histories with holes.
[ -z "${LSAN_OPTIONS:-}" ] || { cat "$support/lsan.supp" "$support/lsan_holes.supp" >"$tmp/lsan.supp" && export LSAN_OPTIONS=suppressions=$tmp/lsan.supp:print_suppressions=0; }
secret=jo.doe@andal.example
holds() { # REPOSITORY: does any object of it hold the address?
	git -C "$1" cat-file --batch-all-objects --batch-check='%(objectname) %(objecttype)' | sed -n 's/ blob$//p' | git -C "$1" cat-file --batch | grep -qa "$secret"
}
weigh() { # WORD: how the network weighs addresses
	python3 - "$1" <<'P'
import json, sys
d = json.load(open("sec-1/network.json"))
d["rules"] = {"privacy.email": sys.argv[1]}
open("sec-1/network.json", "w").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
P
}
expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
joins sec-1
weigh advice
rounds sec-1
joins a-1 a-2 b-1

echo "# An address gets in, where the network lets it"
p=$(project a-1 "Water for six towns" "/description/general/en=Ask $secret.")
q=$(project a-1 "Registry office")
o=$(project b-1 "A market hall")
rounds a-1 b-1 sec-1
expect 0 "the secretariat accepts it" as sec-1 review accept m-a
expect 0 "and others" as sec-1 review accept m-b
rounds sec-1 a-1 a-2 b-1
cp -r a-2 offline
old_seen=$(git -C offline rev-parse refs/cib/central/main)

echo "# An old clone works on, offline: on that entry, on another, and a new one"
expect 0 "on that entry" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" set "$p" /status=3
expect 0 "saved" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" save
expect 0 "on another" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" set "$q" "/title/en=Registry offices"
expect 0 "saved" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" save
expect 0 "another draft in the folder" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" set "$q" /status=4
expect 0 "a bundle of it" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" bundle create "$tmp/old.bundle" --whole

echo "# The purge"
printf '%s\n' "$secret" >secret
purge() { "$CIB" purge central.git --text-from secret --user sec-1 --reason "A person's address in a project" "$@"; }
expect 1 "while branches still have it nothing is done" purge
says "it stands in" "and that is said"
says "main:members/m-a/projects/$p.json" "with the place"
expect 0 "so it is taken out as everything is" as a-1 set "$p" "/description/general/en=Ask projects@andal.example."
rounds a-1 sec-1
expect 0 "accepted" as sec-1 review accept m-a
weigh error
rounds sec-1 a-1
expect 3 "nobody but the secretariat purges" "$CIB" purge central.git --text-from secret --user a-1 --reason "Not mine to do"
expect 2 "with a reason" "$CIB" purge central.git --text-from secret --user sec-1
old_main=$(git -C central.git rev-parse main)
old_blob=$(git -C a-1 log --format=%H -- "members/m-a/projects/$p.json" | tail -1 | xargs -I{} git -C a-1 rev-parse "{}:members/m-a/projects/$p.json")
expect 0 "first to see what would be done" purge --dry-run
is "$(git -C central.git rev-parse main)" "$old_main" "which does nothing"
expect 0 "then for good" purge
says "Taken out: 1 version" "it says what"
if holds central.git; then echo "not ok - no object of the server holds it"; failed=1; else echo "ok - no object of the server holds it"; fi
expect 0 "the server's repository is sound" git -C central.git fsck --strict
is "$(git -C central.git show main:network.json | grep -c "$old_blob")" 1 "network.json names the version by its id alone"
expect 0 "a second time" purge
says "Taken out: 0 versions, 0 commits made anew, 0 branches moved. Epoch 1." "there is nothing to do"
expect 0 "newcomers get the history without it" env CIB_USER=b-1 "$CIB" join "$tmp/central.git" fresh --user b-1
if holds fresh; then echo "not ok - which holds it nowhere"; failed=1; else echo "ok - which holds it nowhere"; fi

echo "# The old clone tries to bring it back"
expect 1 "by plain git" env CIB_USER=a-2 git -C offline push "$tmp/central.git" HEAD:refs/heads/members/m-a
expect 1 "by plain git, forced" env CIB_USER=a-2 git -C offline push -f "$tmp/central.git" HEAD:refs/heads/members/m-a
says "purged" "which the guard names"
put() { # the version by itself, in a new commit on the new history, by plain git
	(cd fresh2 && git read-tree HEAD && git update-index --add --cacheinfo "100644,$old_blob,members/m-a/projects/$p.json" && tree=$(git write-tree --missing-ok) &&
		git -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit-tree -p HEAD -m back "$tree")
}
git clone -q central.git fresh2 -b members/m-a && git -C offline cat-file blob "$old_blob" | git -C fresh2 hash-object -w --stdin >/dev/null
c=$(put)
expect 1 "as a version by itself" env CIB_USER=a-1 git -C fresh2 push "$tmp/central.git" "$c:refs/heads/members/m-a"
says "this version was purged" "which the guard names, too"
expect 1 "an object of it was left at the server" git -C central.git cat-file -e "$old_blob"
expect 3 "a sync says first what happened" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" sync
says "A person's address in a project" "and why"
says "cib sync --accept-purge" "and what to do"
is "$(git -C offline rev-parse refs/cib/central/main)" "$old_seen" "nothing changed here"

echo "# And comes over, with its work"
expect 0 "the sync that accepts it" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" sync --accept-purge
says "come over to epoch 1" "says so"
is "$(git -C central.git show "members/m-a:members/m-a/projects/$p.json" | grep -c '"status": "3"')" 1 "its edit of that entry is on the server"
is "$(git -C central.git show "members/m-a:members/m-a/projects/$p.json" | grep -c 'projects@andal.example')" 1 "without the address"
is "$(git -C central.git show "members/m-a:members/m-a/projects/$q.json" | grep -c 'Registry offices')" 1 "its edit of the other entry"
is "$(git -C central.git show "members/m-a:members/m-a/projects/$q.json" | grep -c '"status": "4"')" 1 "and what was not even saved"
if holds central.git; then echo "not ok - and the address is not"; failed=1; else echo "ok - and the address is not"; fi
if holds offline; then echo "not ok - the clone itself has forgotten it"; failed=1; else echo "ok - the clone itself has forgotten it"; fi
expect 1 "no index of its texts either" grep -rqa "$secret" offline/.git
expect 0 "the clone is sound" git -C offline fsck --strict
expect 0 "it syncs as ever" env CIB_DIR="$tmp/offline" CIB_USER=a-2 "$CIB" sync

echo "# The others"
expect 0 "the secretariat comes over" as sec-1 sync --accept-purge
expect 0 "and works on" as sec-1 review accept m-a
rounds sec-1
expect 3 "its queue takes no stick of before" as sec-1 bundle apply ../old.bundle
expect 0 "it gives a stick to those who were offline" as sec-1 bundle create ../new.bundle --whole
before=$(git -C b-1 rev-parse members/m-b)
expect 3 "a copy of before does not mix it with what it has" as b-1 bundle apply ../new.bundle
says "cib sync --accept-purge" "but is told how to come over"
is "$(git -C b-1 rev-parse members/m-b)" "$before" "and stays as it was"
cp -r b-1 mixed # as an older program left it, which did mix them
git -C mixed fetch -q ../central.git main 2>/dev/null
git -C mixed update-ref refs/heads/members/m-b "$(git -C mixed -c user.name=b -c user.email=b-1@m-b.cib.invalid commit-tree -m "Join with what others did" -p "$before" -p FETCH_HEAD 'FETCH_HEAD^{tree}')"
cp -r mixed believed
CIB_DIR=$tmp/mixed CIB_USER=b-1 "$CIB" sync --accept-purge >out 2>err
says "has come over to epoch 1" "one that did comes over all the same"
new=$(git -C central.git rev-parse main)
git -C believed update-ref refs/cib/central/main "$new"
git -C central.git rev-parse -q --verify members/m-b >own && git -C believed fetch -q ../central.git members/m-b 2>/dev/null && git -C believed update-ref refs/cib/central/own "$(cat own)"
expect 0 "also where it has believed it before" env CIB_DIR="$tmp/believed" CIB_USER=b-1 "$CIB" sync
for copy in mixed believed; do
	expect 0 "it goes on" env CIB_DIR="$tmp/$copy" CIB_USER=b-1 "$CIB" set "$o" /status=4
	expect 0 "and sends" env CIB_DIR="$tmp/$copy" CIB_USER=b-1 "$CIB" sync
done
expect 0 "a member with nothing to send comes over" as b-1 sync --accept-purge
expect 0 "and the one who had it" as a-1 sync --accept-purge
if holds sec-1 || holds a-1 || holds b-1; then echo "not ok - nobody has it any more"; failed=1; else echo "ok - nobody has it any more"; fi
expect 0 "they go on" as b-1 set "$o" /status=3
rounds b-1 sec-1 a-1
expect 3 "what was purged stays on the list" bash -c 'cd sec-1 && python3 -c "
import json
d = json.load(open(\"network.json\")); d[\"purged\"] = []
open(\"network.json\", \"w\").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + \"\n\")" && CIB_USER=sec-1 "$CIB" sync'
says "allowed again" "says the guard"

echo "# A purge meets a server that was set back, one that lost a branch, and a copy whose last sync was ended in its midst"
whole=$tmp net=$tmp/net
again() { # a network of its own in $net, with an address in its history; a-1 and a-2 have all of it
	rm -rf "$net" && mkdir "$net" && cd "$net" && tmp=$net || exit 1
	"$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 >/dev/null 2>&1
	CIB_USER=sec-1 "$CIB" join central.git sec-1 --user sec-1 >/dev/null 2>&1
	weigh advice && as sec-1 sync 2>/dev/null
	local user
	for user in a-1 a-2; do CIB_USER=$user "$CIB" join central.git "$user" --user "$user" >/dev/null 2>&1; done
	p=$(project a-1 "Water for six towns" "/description/general/en=Ask $secret.")
	q=$(project a-1 "Registry office")
	as a-1 sync >/dev/null 2>&1 && as a-1 set "$p" "/description/general/en=Ask nobody." 2>/dev/null
	for user in a-1 sec-1; do as "$user" sync >/dev/null 2>&1; done
	as sec-1 review accept m-a >/dev/null 2>&1
	for user in sec-1 a-1 a-2; do as "$user" sync >/dev/null 2>&1; done
	printf '%s\n' "$secret" >secret
}
has_it_all() { # an entry and an edit that the server acknowledged
	expect 0 "the new entry is in the copy" test -s "a-1/members/m-a/projects/$n.json"
	expect 0 "and at the server" git -C central.git cat-file -e "members/m-a:members/m-a/projects/$n.json"
	is "$(git -C central.git show "members/m-a:members/m-a/projects/$q.json" | grep -c '"status": "3"')" 1 "the edit, too"
}
for lost in "update-ref refs/heads/members/m-a main" "update-ref -d refs/heads/members/m-a"; do
	again
	n=$(project a-1 "A market hall")
	as a-1 set "$q" /status=3 2>/dev/null
	expect 0 "they are sent" as a-1 sync
	# shellcheck disable=SC2086 # words
	git -C central.git $lost
	expect 0 "purged after: $lost" purge
	expect 0 "the copy comes over" as a-1 sync --accept-purge
	has_it_all
done
again
n=$(project a-2 "A market hall")
as a-2 set "$q" /status=3 2>/dev/null
expect 0 "a colleague sends" as a-2 sync
git -C a-1 fetch -q ../central.git members/m-a:refs/cib/incoming/own && git -C a-1 update-ref refs/cib/central/own refs/cib/incoming/own # as a kill leaves it
as a-1 set "$p" /status=3 2>/dev/null
expect 0 "purged" purge
expect 0 "who had fetched it and not merged it comes over" as a-1 sync --accept-purge
has_it_all
again
n=$(project a-2 "A market hall")
as a-2 set "$q" /status=3 2>/dev/null
expect 0 "a stick" as a-2 bundle create ../work.bundle
expect 0 "waits for review" as sec-1 bundle apply ../work.bundle
expect 0 "while the history is purged" purge
expect 0 "the secretariat comes over" as sec-1 sync --accept-purge
says "m-a: what came of this member by hand" "and is told what went"
expect 0 "who made it comes over" as a-2 sync --accept-purge
rounds sec-1
expect 0 "the queue" as sec-1 review m-a --json
says "$n" "has it again"
says "$q" "all of it"
cd / && tmp=$whole # the trap takes all of it
exit "$failed"
