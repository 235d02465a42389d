#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # ../support/people.sh
# The guard over real pushes: rules that change together with the entries on main, old versions that come again, pushes that collide, and a
# guard that is killed, without memory, without time or without a disk: refused, logged, nothing half taken.
# builds: both
set -u
. "$(dirname "$0")/../support/people.sh"
# A sanitizer that takes signals for its own would end the guard in another way than the system does.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0
central=$tmp/central.git
own=refs/heads/members/m-a
g() { git -C "$tmp/work" "$@"; }
commit() { # WHO DOMAIN TREE PARENT...
	local who=$1 domain=$2 tree=$3 parents=() p
	shift 3
	for p; do parents+=(-p "$p"); done
	g -c "user.name=$who" -c "user.email=$who@$domain.cib.invalid" commit-tree "${parents[@]}" -m change "$tree"
}
with() { # BASE {PATH FILE|PATH -}...: a tree with these files, - takes one away
	local base=$1
	shift
	g read-tree "$base"
	while [ $# -gt 0 ]; do
		if [ "$2" = - ]; then g update-index --force-remove "$1"; else g update-index --add --cacheinfo "100644,$(g hash-object -w "$tmp/$2"),$1"; fi
		shift 2
	done
	g write-tree
}
push() { # USER COMMIT REF
	CIB_USER=$1 g push -q "$central" "$2:$3"
}
objects() { git -C "$central" cat-file --batch-all-objects --batch-check='%(objectname)' | sort; }
note() { printf '{\n  "id": "%s",\n  "owner": "%s",\n  "title": "%s"%s\n}\n' "$1" "$2" "$3" "${4:-}"; }
schema() { printf '{"type":"object","x-cib-kind":"note","x-cib-folder":"notes","x-cib-prefix":"nt","x-cib-writer":"member","required":["id","owner","title"%s],"properties":{"id":{"type":"string"},"owner":{"type":"string"},"title":{"type":"string"}%s}}\n' "$1" "$2"; }

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
git -C central.git config gc.auto 0
git clone -q central.git work
# shellcheck disable=SC2094 # the function and the file have one name
schema '' '' >schema
note nt-aaaaaaaaaa m-a first >one
note nt-bbbbbbbbbb m-b second >two
main=$(commit sec-1 secretariat "$(with origin/main schema/note.schema.json schema members/m-a/notes/nt-aaaaaaaaaa.json one members/m-b/notes/nt-bbbbbbbbbb.json two)" origin/main)
expect 0 "a kind and two entries" push sec-1 "$main" refs/heads/main

echo "# The rules change, with proof"
schema ',"year"' ',"year":{"type":"string"}' >schema2
note nt-aaaaaaaaaa m-a first ',
  "year": "2026"' >one2
note nt-bbbbbbbbbb m-b second ',
  "year": "2026"' >two2
objects >before
expect 1 "a schema under which entries of main are invalid is refused" push sec-1 "$(commit sec-1 secretariat "$(with "$main" schema/note.schema.json schema2)" "$main")" refs/heads/main
says "nt-aaaaaaaaaa.json" "with the one"
says "nt-bbbbbbbbbb.json" "and the other"
expect 1 "and with one of them migrated" push sec-1 "$(commit sec-1 secretariat "$(with "$main" schema/note.schema.json schema2 members/m-a/notes/nt-aaaaaaaaaa.json one2)" "$main")" refs/heads/main
says "nt-bbbbbbbbbb.json" "with the other"
objects >after
expect 0 "no object is left behind" cmp before after
new=$(commit sec-1 secretariat "$(with "$main" schema/note.schema.json schema2 members/m-a/notes/nt-aaaaaaaaaa.json one2 members/m-b/notes/nt-bbbbbbbbbb.json two2)" "$main")
expect 0 "with all of them migrated in the same push it is taken" push sec-1 "$new" refs/heads/main
main=$new
note nt-cccccccccc m-a third >three
expect 1 "a member is judged by it from then on" push a-1 "$(commit a-1 m-a "$(with "$main" members/m-a/notes/nt-cccccccccc.json three)" "$main")" $own
says "year" "by the field that it asks for"
a=$(commit sec-1 secretariat "$(with "$main" schema/note.schema.json schema members/m-a/notes/nt-aaaaaaaaaa.json one)" "$main")
b=$(commit sec-1 secretariat "$(with "$a" schema/note.schema.json schema2 members/m-a/notes/nt-aaaaaaaaaa.json one2)" "$a")
expect 0 "two commits are judged by where they end" push sec-1 "$b" refs/heads/main
main=$b
printf '{"codelist":"Years","complete":true,"codes":[{"code":"2025"},{"code":"2026"}],"title":{"en":"Years"}}' >years
printf '{"codelist":"Years","complete":true,"codes":[{"code":"2025"}],"title":{"en":"Years"}}' >years2
schema ',"year"' ',"year":{"type":"string","x-cib-codelist":"Years"}' >schema3
main2=$(commit sec-1 secretariat "$(with "$main" schema/note.schema.json schema3 codelists/years.json years)" "$main")
expect 0 "a codelist comes with the field that refers to it" push sec-1 "$main2" refs/heads/main
main=$main2
old_main=$main
expect 1 "a code that entries of main have is not taken out of it" push sec-1 "$(commit sec-1 secretariat "$(with "$main" codelists/years.json years2)" "$main")" refs/heads/main
says "nt-aaaaaaaaaa.json" "with those entries"
sed 's/2026/2025/' one2 >one3 && sed 's/2026/2025/' two2 >two3
new=$(commit sec-1 secretariat "$(with "$main" codelists/years.json years2 members/m-a/notes/nt-aaaaaaaaaa.json one3 members/m-b/notes/nt-bbbbbbbbbb.json two3)" "$main")
expect 0 "unless they are migrated in the same push" push sec-1 "$new" refs/heads/main
main=$new
git -C "$central" show main:network.json | python3 -c 'import json,sys
d = json.load(sys.stdin); d["limits"] = {"jsonBytes": 60}; print(json.dumps(d, indent=2, sort_keys=True))' >settings
expect 1 "a limit that entries of main exceed is refused" push sec-1 "$(commit sec-1 secretariat "$(with "$main" network.json settings)" "$main")" refs/heads/main
says "nt-aaaaaaaaaa.json" "with those entries"

echo "# Old versions and commits come again"
t1=$(commit a-1 m-a "$(with "$main" members/m-a/notes/nt-aaaaaaaaaa.json one3 members/m-a/notes/nt-cccccccccc.json one3)" "$main")
expect 1 "an id under another name is refused" push a-1 "$t1" $own
sed 's/"first"/"newer"/' one3 >newer
tip=$(commit a-1 m-a "$(with "$main" members/m-a/notes/nt-aaaaaaaaaa.json newer)" "$main")
expect 0 "a newer version" push a-1 "$tip" $own
expect 0 "the same push again is none" push a-1 "$tip" $own
expect 1 "the branch is not moved back to the older" push a-1 "+$main" $own
back=$(commit a-1 m-a "$(with "$tip" members/m-a/notes/nt-aaaaaaaaaa.json one3)" "$tip")
joins sec-1
rounds sec-1
expect 0 "the secretariat accepts the newer" as sec-1 review accept m-a
rounds sec-1
expect 0 "an old version in a new commit is an edit of its owner" push a-1 "$back" $own
rounds sec-1
is "$(git -C "$central" show main:members/m-a/notes/nt-aaaaaaaaaa.json | grep -c newer)" 1 "and takes nothing on main back"
expect 1 "another member's commit is not sent as one's own branch" push b-1 "$back" refs/heads/members/m-b
says "differs from main outside members/m-b/" "as it holds foreign work"
main=$(git -C "$central" rev-parse main)
g fetch -q "$central" main
evil=$(commit a-1 m-a "$(with "$main" members/m-b/notes/nt-bbbbbbbbbb.json two)" "$back" "$main")
expect 1 "a merge that brings another member's old version back is refused" push a-1 "$evil" $own
says "members/m-b/notes/nt-bbbbbbbbbb.json" "with the file"
stale=$(commit a-1 m-a "$(with "$back" members/m-b/notes/nt-bbbbbbbbbb.json two2)" "$back" "$old_main")
expect 1 "also where one parent, an old main, has it" push a-1 "$stale" $own
says "members/m-b/notes/nt-bbbbbbbbbb.json" "with the file"

echo "# Two at once"
sed 's/"first"/"ours"/' one3 >ours
x=$(commit a-1 m-a "$(with "$back" members/m-a/notes/nt-aaaaaaaaaa.json ours)" "$back")
sed 's/"first"/"theirs"/' one3 >theirs
y=$(commit a-2 m-a "$(with "$back" members/m-a/notes/nt-aaaaaaaaaa.json theirs)" "$back")
(CIB_USER=a-1 g push -q "$central" "$x:$own" 2>one.err; echo $? >one.code) &
(CIB_USER=a-2 g push -q "$central" "$y:$own" 2>two.err; echo $? >two.code) &
wait
is "$(sort one.code two.code | tr '\n' ' ')" "0 1 " "of two pushes of one branch at once one is taken"
tip=$(git -C "$central" rev-parse $own)
id="nt-dddddddddd"
note $id m-a same ',
  "year": "2025"' >same-a && note $id m-b same ',
  "year": "2025"' >same-b
x=$(commit a-1 m-a "$(with "$tip" members/m-a/notes/$id.json same-a)" "$tip")
y=$(commit b-1 m-b "$(with "$main" members/m-b/notes/$id.json same-b)" "$main")
expect 0 "two members make the same id: each alone is good" push a-1 "$x" $own
expect 0 "on its own branch" push b-1 "$y" refs/heads/members/m-b
tip=$x
z=$(commit sec-1 secretariat "$(with "$main" members/m-a/notes/$id.json same-a members/m-b/notes/$id.json same-b)" "$main" "$x" "$y")
expect 1 "together on main they collide" push sec-1 "$z" refs/heads/main
says "already belongs to another entry" "and are refused"

echo "# A server whose guard is off"
joins b-1
seen=$(git -C b-1 rev-parse refs/cib/central/main)
note nt-aaaaaaaaaa m-a "no year" >bad
g update-ref refs/heads/bad "$(commit sec-1 secretariat "$(with "$main" members/m-a/notes/nt-aaaaaaaaaa.json bad)" "$main")"
git -C "$central" fetch -q "$tmp/work" +refs/heads/bad:refs/heads/main
expect 3 "an invalid entry that it has on main is not taken by a copy" as b-1 sync
says "nothing of it was taken" "as it says"
says "nt-aaaaaaaaaa.json" "with the entry"
is "$(git -C b-1 rev-parse refs/cib/central/main)" "$seen" "and nothing moved here"
g update-ref refs/heads/bad "$(commit a-1 m-a "$(with "$main" members/m-a/notes/nt-aaaaaaaaaa.json newer)" "$main")"
git -C "$central" fetch -q "$tmp/work" +refs/heads/bad:refs/heads/main
expect 0 "what a member wrote may come by main" as b-1 sync
g update-ref refs/heads/bad "$(commit b-1 m-b "$(with refs/heads/bad members/m-a/notes/nt-aaaaaaaaaa.json one3)" refs/heads/bad)"
git -C "$central" fetch -q "$tmp/work" +refs/heads/bad:refs/heads/main
expect 3 "but not another member's work in its name" as b-1 sync
says "may only change" "as nobody may write there"
git -C "$central" update-ref refs/heads/main "$main"

echo "# The guard fails: refused, logged, nothing half taken"
command -v strace >/dev/null || { echo "SKIP the guard is killed at many points: there is no strace"; exit "$failed"; }
hook=$central/hooks/pre-receive
cp "$hook" hook.good
big() { # a commit of 40 entries more
	local i args=()
	for i in $(seq 10 49); do
		note "nt-00000000$i" m-a "$1" ',
  "year": "2025"' >"n$i"
		args+=("members/m-a/notes/nt-00000000$i.json" "n$i")
	done
	commit a-1 m-a "$(with "$tip" "${args[@]}")" "$tip"
}
work=$(big many)
objects >before
tried=0
# fails STRACE-OPTIONS...: with the fault injected into cib alone the push is refused whole; false when the fault is never met
fails() {
	sed "s#^\"\$cib\" hook#strace -f -qq -o $tmp/trace $* \"\$cib\" hook#" hook.good >"$hook"
	tried=$((tried + 1))
	lines=$(wc -l <"$central/cib/guard.log")
	if push a-1 "$work" $own >out 2>err </dev/null; then
		echo "not ok - with $*: it was taken"
		failed=1
		return 1
	fi
	objects >after
	if ! cmp -s before after || [ "$(git -C "$central" rev-parse $own)" != "$tip" ]; then
		echo "not ok - with $*: something was left behind"
		failed=1
	elif ! grep -qE "refused: |AddressSanitizer failed to allocate" err; then # a sanitizer without memory ends a program itself
		echo "not ok - with $*: nobody said that it was refused"
		sed 's/^/    /' err
		failed=1
	elif [ "$(wc -l <"$central/cib/guard.log")" -le "$lines" ] && [ -z "${unlogged:-}" ]; then
		echo "not ok - with $*: it was not logged"
		sed 's/^/    /' err
		failed=1
	fi
}
points() { if [ -n "${CIB_TEST_LONG:-}" ]; then seq 1 1 "$2"; else seq 1 "$1" "$2"; fi; }
strace -f -qq -c -o counts true 2>/dev/null || { echo "SKIP the guard is killed at many points: strace cannot trace here"; exit "$failed"; }
for n in $(points 17 70); do fails -e trace=openat -e "inject=openat:signal=KILL:when=$n" || break; done
echo "ok - killed at $tried points: refused each time"
tried=0
for s in SEGV ABRT XCPU ALRM TERM; do fails -e trace=openat -e "inject=openat:signal=$s:when=45"; done
echo "ok - ended by $tried other signals, among them those of a limit of time: refused each time"
tried=0
for n in $(points 25 100); do unlogged=1 fails -e trace=mmap,brk -e "inject=mmap,brk:error=ENOMEM:when=$n+"; done
echo "ok - without memory from $tried points on: refused each time"
tried=0
for e in EIO EMFILE EACCES; do unlogged=1 fails -e trace=openat -e "inject=openat:error=$e:when=45+"; done
echo "ok - $tried kinds of failing disk: refused each time"
unlogged=
sed 's#^"$cib" hook#prlimit --as=12000000 "$cib" hook#' hook.good >"$hook"
expect 1 "with less memory than the program needs nothing is taken" push a-1 "$work" $own
says "the guard failed" "and the pusher is told"
cp hook.good "$hook"
if [ -n "${CIB_TEST_LONG:-}" ] && [ "$(basename "$(dirname "$CIB")")" != asan ]; then # the limit is of addresses, and packs are mapped
	head -c 150000000 /dev/urandom >big
	git -C "$central" update-ref refs/keep/big "$(git -C "$central" -c core.compression=0 hash-object -w "$tmp/big")"
	git -C "$central" -c core.compression=0 repack -adq
	sed 's#^"$cib" hook#prlimit --as=140000000 "$cib" hook#' hook.good >"$hook"
	expect 0 "a pack that is larger than the memory stops nobody" push a-1 "$work" $own
	cp hook.good "$hook"
	git -C "$central" update-ref -d refs/keep/big
	git -C "$central" update-ref "$own" "$tip"
	git -C "$central" repack -adq && git -C "$central" prune --expire=now
fi
echo '{' >broken
c=$(commit sec-1 secretariat "$(with "$main" network.json broken)" "$main")
g update-ref refs/heads/broken "$c"
git -C "$central" fetch -q "$tmp/work" +refs/heads/broken:refs/heads/main
expect 1 "with rules that cannot be read nothing is taken" push a-1 "$work" $own
says "the guard failed" "and it says that it is the guard"
git -C "$central" update-ref refs/heads/main "$main"
says_log() { if grep -q "$1" "$central/cib/guard.log"; then echo "ok - $2"; else echo "not ok - $2"; failed=1; fi; }
says_log "failed code 137" "the log has the kills"
says_log "failed code 3" "the ends by a limit"
says_log "refused user a-1 ref $own guard\.\|refused user a-1 ref $own schema" "and what was refused, by user, reference and rule"
expect 0 "and then the same push is taken" push a-1 "$work" $own
expect 0 "the central repository is sound" git -C "$central" fsck --strict --no-dangling
expect 1 "nothing of Git's quarantine is left" bash -c 'ls -d "$0"/objects/incoming-* "$0"/objects/tmp_objdir-* 2>/dev/null | grep .' "$central"
exit "$failed"
