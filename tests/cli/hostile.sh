#!/usr/bin/env bash
# Hostile pushes (docs: reliability): every one is built by hand from raw Git objects and pushed with plain git to a real
# central repository. Each must be refused with a message that names commit, path and reason, must leave no object
# behind, and the next honest push must work. Takes the program from $CIB; prints a line for each statement.
#
# Git's own checks (receive.fsckObjects) are off in the first pass, so that the guard stands alone; in the second pass,
# with the configuration of `cib init`, all of it must be refused too, whoever says so.
# shellcheck disable=SC2016
set -u
CIB=${CIB:?path of the cib program}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
export GIT_CONFIG_NOSYSTEM=1 HOME=$tmp LC_ALL=C.UTF-8 CIB_LANG=en
unset CIB_USER GL_USER GL_USERNAME REMOTE_USER GITEA_PUSHER_NAME
failed=0
refused=0
tried=0
pass=1
central=$tmp/central.git
own=refs/heads/members/m-andal

ok() { echo "ok - $1"; }
not_ok() {
	echo "not ok - $1"
	sed 's/^/    /' "$tmp/err"
	failed=1
}

# ---- objects ----

g() { git -C "$tmp/work.git" "$@"; }
blob() { g hash-object -w --stdin; }
text() { printf '%b' "$1" | blob; }
subtree() { g ls-tree -z "$1" | tr '\0' '\n' | sed -n "s/^040000 tree \([0-9a-f]*\)\t$2\$/\1/p"; }

# put TREE MODE TYPE OBJECT PATH: the tree with that one entry put; mode 0 removes it.
put() {
	local tree=$1 mode=$2 type=$3 object=$4 path=$5 name sub
	name=${path%%/*}
	if [[ $path == */* ]]; then
		sub=$(subtree "$tree" "$name")
		object=$(put "${sub:-$empty}" "$mode" "$type" "$object" "${path#*/}")
		mode=040000 type=tree
		[ "$5" != "$path" ] || [ "$2" != 0 ] || [ "$object" != "$empty" ] || mode=0 # a folder that became empty
	fi
	{
		if [[ $name =~ ^[a-z0-9._-]+$ ]]; then
			g ls-tree -z "$tree" | grep -zv $'\t'"${name//./\\.}"'$'
		else
			g ls-tree -z "$tree"
		fi
		[ "$mode" = 0 ] || printf '%s %s %s\t%s\0' "$mode" "$type" "$object" "$name"
	} | g mktree -z --missing
}

# commit TREE PARENT...: a commit of andal-1 (or of $who at $domain, at $when, with $message).
commit() {
	local tree=$1 parents=() p
	shift
	for p; do parents+=(-p "$p"); done
	GIT_AUTHOR_NAME=${who:-andal-1} GIT_AUTHOR_EMAIL=${who:-andal-1}@${domain:-m-andal.cib.invalid} GIT_AUTHOR_DATE=${when:-"$(date +%s) +0000"} \
		GIT_COMMITTER_NAME=${who:-andal-1} GIT_COMMITTER_EMAIL=${who:-andal-1}@${domain:-m-andal.cib.invalid} \
		GIT_COMMITTER_DATE=${when:-"$(date +%s) +0000"} g commit-tree "${parents[@]}" "$tree" <<<"${message:-a change}"
}
tree_of() { g rev-parse "$1^{tree}"; }
new_id() { # sets $id
	ids=$((ids + 1))
	id=$(printf 'nt-%010d' $ids)
}
note() { printf '{\n  "id": "%s",\n  "owner": "%s",\n  "title": "%s"\n}\n' "$1" "${2:-m-andal}" "${3:-A note}"; }
ids=$((RANDOM % 900 * 1000000))

# with MODE OBJECT PATH: a commit on the own branch that has this at the path
with() { commit "$(put "$(tree_of "$tip")" "$1" blob "$2" "$3")" "$tip"; }
# with_note TEXT [ID]: a commit with a note of that text, as printf %b writes it
with_note() {
	local id=${2:-nt-7777777777}
	with 100644 "$(text "$1")" "members/m-andal/notes/$id.json"
}
# with_raw_notes HEX...: the own folder of notes as raw tree bytes
raw_tree() { printf '%b' "$1" | g hash-object -t tree --literally -w --stdin; }
bytes() { sed 's/../\\x&/g' <<<"$1"; }

# ---- pushes ----

push() { # USER OBJECT:REF...
	local user=$1
	shift
	CIB_USER=$user g push -q "$central" "$@" 2>"$tmp/err" </dev/null
}

# deny SENTENCE TEXT OBJECT [REF [USER]]: refused, with that text, and no object left behind
deny() {
	local sentence=$1 want=$2 object=$3 ref=${4:-$own} user=${5-andal-1}
	tried=$((tried + 1))
	if [ -z "$object" ]; then
		not_ok "$sentence: the test could not build it"
		return
	fi
	if push "$user" "+$object:$ref"; then # forced: the server decides, not the client
		not_ok "$sentence: it was taken"
		return
	fi
	[ -z "${CIB_TEST_VERBOSE:-}" ] || sed 's/^/# /' "$tmp/err"
	if [ $pass = 1 ] && ! grep -qF -- "$want" "$tmp/err"; then
		not_ok "$sentence: refused, but not with '$want'"
	elif [ $pass = 1 ] && [ -z "${any_commit:-}" ] && ! grep -qF -- "${object:0:12}" "$tmp/err"; then
		not_ok "$sentence: the message does not name commit ${object:0:12}"
	elif [ $pass = 1 ] && ! grep -q '^remote: refused: ' "$tmp/err"; then
		not_ok "$sentence: the guard did not speak"
	elif LC_ALL=C grep -q $'[\033\r\001]' <(LC_ALL=C sed $'s/\033\\[K//g' "$tmp/err"); then
		not_ok "$sentence: control characters reach the terminal"
	elif [ -z "${known:-}" ] && git -C "$central" cat-file -e "$object" 2>/dev/null; then
		not_ok "$sentence: an object was left behind"
	else
		ok "$sentence"
		refused=$((refused + 1))
	fi
}

# honest SENTENCE: a note more on the own branch
honest() {
	local id new
	new_id
	new=$(with 100644 "$(note "$id" | blob)" "members/m-andal/notes/$id.json")
	if push andal-1 "$new:$own"; then
		ok "$1"
		tip=$new
	else
		not_ok "$1"
	fi
}

# ---- the network ----

make_network() {
	rm -rf "$central" "$tmp/work.git"
	"$CIB" init "$central" --title T --language en --secretariat sec-1 --member m-andal:andal-1,andal-2 \
		--member m-voorbeeld:voorbeeld-1 2>"$tmp/err" || { not_ok "init makes the network"; exit 1; }
	[ $pass = 2 ] || git -C "$central" config receive.fsckObjects false
	git -C "$central" config gc.auto 0
	git clone -q --bare "$central" work.git 2>"$tmp/err"
	g config core.protectNTFS false
	g config core.protectHFS false
	empty=$(g mktree </dev/null)
	root=$(g rev-parse refs/heads/main)
	local schema tree
	schema='{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://cib.invalid/schema/note.schema.json","type":"object",
"x-cib-kind":"note","x-cib-folder":"notes","x-cib-prefix":"nt","x-cib-writer":"member","title":"Note",
"required":["id","owner","title"],"additionalProperties":false,
"properties":{"id":{"type":"string"},"owner":{"type":"string"},"title":{"type":"string","minLength":1,"maxLength":200},"n":{"type":"number"},"deep":{}}}'
	tree=$(put "$(tree_of "$root")" 100644 blob "$(blob <<<"$schema")" schema/note.schema.json)
	tree=$(put "$tree" 100644 blob "$(note nt-bbbbbbbbbb | blob)" members/m-andal/notes/nt-bbbbbbbbbb.json)
	tree=$(put "$tree" 100644 blob "$(note nt-cccccccccc m-voorbeeld | blob)" members/m-voorbeeld/notes/nt-cccccccccc.json)
	main=$(who=sec-1 domain=secretariat.cib.invalid commit "$tree" "$root")
	if push sec-1 "$main:refs/heads/main"; then
		ok "the secretariat brings a kind and the first entries"
	else
		not_ok "the secretariat brings a kind and the first entries"
		exit 1
	fi
	tip=$main
	honest "an honest push makes the member's branch"
}

names_and_trees() {
	local n long deep i t bomb
	any_commit=
	note_blob=$(note nt-7777777777 | blob)
	local grammar="a name may hold lower-case letters"
	for n in 'A.json' 'CON' 'aux.json' 'a.' 'a.json:x' 'a\b.json' $'a\nb.json' $'a\033[31m.json' $'a\xff.json' $'a\xe2\x80\xaeb.json' \
		'--upload-pack=x' $'e\xcc\x81.json' $'\xc3\xa9.json' '.gitattributes' '.gitmodules' '_x.json' 'a b.json' 'com1.json' '.git' 'git~1'; do
		deny "a file named $(printf '%q' "$n") is refused" "$grammar" "$(with 100644 "$note_blob" "members/m-andal/notes/$n")"
	done
	t=$(put "$(put "$(tree_of "$tip")" 100644 blob "$note_blob" members/m-andal/notes/a.json)" 100644 blob "$note_blob" members/m-andal/notes/A.json)
	deny "A.json beside a.json is refused" "$grammar" "$(commit "$t" "$tip")"
	t=$(put "$(put "$(tree_of "$tip")" 100644 blob "$note_blob" $'members/m-andal/notes/e\xcc\x81.json')" 100644 blob "$note_blob" $'members/m-andal/notes/\xc3\xa9.json')
	deny "NFC beside NFD is refused" "$grammar" "$(commit "$t" "$tip")"
	deny "a .gitattributes at the root is refused" "$grammar" "$(with 100644 "$(text '* filter=x')" .gitattributes)"
	deny "a .gitattributes that is a link is refused" "$grammar" "$(with 120000 "$(text x)" .gitattributes)"
	deny "a .gitmodules at the root is refused" "$grammar" "$(with 100644 "$(text x)" .gitmodules)"
	deny "a symbolic link is refused" "a symbolic link" "$(with 120000 "$(text /etc/passwd)" members/m-andal/notes/nt-7777777777.json)"
	deny "a submodule is refused" "a submodule" "$(commit "$(put "$(tree_of "$tip")" 160000 commit "$tip" members/m-andal/notes/sub)" "$tip")"
	deny "mode 100755 is refused" "mode is 100755" "$(with 100755 "$note_blob" members/m-andal/notes/nt-7777777777.json)"
	t=$(raw_tree "100664 nt-7777777777.json\\0$(bytes "$note_blob")")
	deny "mode 100664 is refused" "mode is 100664" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$t" members/m-andal/notes)" "$tip")"
	long=$(printf 'a%.0s' {1..300})
	deny "a name of 300 bytes is refused" "bytes; at most" "$(with 100644 "$note_blob" "members/m-andal/notes/$long.json")"
	deny "a name of 101 bytes is refused" "at most 100" "$(with 100644 "$note_blob" "members/m-andal/notes/${long:0:96}.json")"
	deny "a file nine folders deep is refused" "folders deep" "$(with 100644 "$note_blob" members/m-andal/notes/a/b/c/d/e/f.json)"
	deep=$(g mktree <<<"100644 blob $note_blob	a.json")
	for ((i = 0; i < 600; i++)); do deep=$(g mktree <<<"040000 tree $deep	a"); done
	deny "a tree 600 deep is refused" "deep" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$deep" members/m-andal/notes)" "$tip")"
	bomb=$(g mktree <<<"100644 blob $note_blob	nt-0000000000.json")
	for ((i = 0; i < 8; i++)); do bomb=$(for n in 0 1 2 3 4 5 6 7 8 9; do echo "040000 tree $bomb	d$n"; done | g mktree); done
	deny "a git bomb of a hundred million files is refused" "refused" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$bomb" members/m-andal/notes)" "$tip")"
	t=$({ g ls-tree "$tip:members/m-andal/notes"; for ((i = 0; i < 5001; i++)); do printf '100644 blob %s\tnt-x%09d.json\n' "$note_blob" "$i"; done; } | g mktree)
	any_commit=1 deny "5,001 changed files are refused" "more than 5000 files" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$t" members/m-andal/notes)" "$tip")"
	t=$(raw_tree "100644 nt-7777777777.json\\0$(bytes "$note_blob")100644 nt-7777777777.json\\0$(bytes "$note_blob")")
	deny "the same name twice is refused" "malformed" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$t" members/m-andal/notes)" "$tip")"
	t=$(raw_tree "100644 nt-7777777778.json\\0$(bytes "$note_blob")100644 nt-7777777777.json\\0$(bytes "$note_blob")")
	deny "names out of order are refused" "malformed" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$t" members/m-andal/notes)" "$tip")"
	t=$(raw_tree "0100644 nt-7777777777.json\\0$(bytes "$note_blob")")
	deny "a mode with a leading zero is refused" "malformed" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$t" members/m-andal/notes)" "$tip")"
	deny "an empty folder is refused" "malformed" "$(commit "$(put "$(tree_of "$tip")" 040000 tree "$empty" members/m-andal/practices)" "$tip")"
	if [ $pass = 1 ]; then
		t=$(head -c 200000000 /dev/zero | blob)
		deny "200 MB of zeros are refused by their header" "200000000 bytes" "$(with 100644 "$t" members/m-andal/notes/nt-7777777777.json)"
	fi
	deny "a file that is no entry is refused" "entries only" "$(with 100644 "$(text hi)" members/m-andal/notes/readme.txt)"
	deny "a folder of no kind is refused" "no kind of entry" "$(with 100644 "$note_blob" members/m-andal/poems/nt-7777777777.json)"
	honest "after hostile names and trees an honest push works"
}

commits_and_refs() {
	local t c id i
	any_commit=
	new_id
	t=$(put "$(tree_of "$tip")" 100644 blob "$(note "$id" | blob)" "members/m-andal/notes/$id.json")
	deny "an author of another member is refused" "another organisation" "$(who=voorbeeld-1 domain=m-voorbeeld.cib.invalid commit "$t" "$tip")"
	deny "an author of the secretariat is refused" "another organisation" "$(who=sec-1 domain=secretariat.cib.invalid commit "$t" "$tip")"
	deny "a private address is refused" "no address of this network" "$(domain=example.org commit "$t" "$tip")"
	deny "an address with a longer domain is refused" "another organisation" "$(domain=x.m-andal.cib.invalid commit "$t" "$tip")"
	c=$(printf 'tree %s\nparent %s\nauthor a <andal-1@m-andal.cib.invalid> 4102444800 +0000\ncommitter a <andal-1@m-andal.cib.invalid> 1 +0000\n\nx\n' "$t" "$tip" |
		g hash-object -t commit -w --stdin)
	deny "a date in 2100 is refused" "in the future" "$c"
	c=$(printf 'tree %s\nparent %s\nauthor a <andal-1@m-andal.cib.invalid> 1 +0000\ncommitter a <andal-1@m-andal.cib.invalid> 1 +0000\n\n%s\n' "$t" "$tip" \
		"$(head -c 1500000 /dev/zero | tr '\0' x)" | g hash-object -t commit --literally -w --stdin)
	deny "a message of 1.5 MB is refused" "the commit message has" "$c"
	deny "a bidi override in the message is refused" "not plain UTF-8" "$(message=$'a\xe2\x80\xaeb' commit "$t" "$tip")"
	deny "an escape in the message is refused" "not plain UTF-8" "$(message=$'a\033[31mb' commit "$t" "$tip")"
	c=$(printf 'tree %s\nparent %s\nauthor a <andal-1@m-andal.cib.invalid> 1 +0000\ncommitter a <andal-1@m-andal.cib.invalid> 1 +0000\n\nbad \377\n' "$t" "$tip" |
		g hash-object -t commit --literally -w --stdin)
	deny "broken UTF-8 in the message is refused" "not plain UTF-8" "$c"
	c=$(printf 'tree %s\nparent %s\nauthor nobody\ncommitter a <a@m-andal.cib.invalid> 1 +0000\n\nx\n' "$t" "$tip" | g hash-object -t commit --literally -w --stdin)
	deny "a commit without a well-formed author is refused" "well-formed" "$c"
	deny "an orphan root is refused" "history of its own" "$(commit "$t")" refs/heads/members/m-voorbeeld voorbeeld-1
	c=$(commit "$t" "$tip" "$(commit "$(tree_of "$tip")")")
	any_commit=1 deny "a merge of an orphan root is refused" "history of its own" "$c"
	c=$(commit "$t" "$tip")
	any_commit=1
	deny "a tag is refused" "you may not change this reference" "$c" refs/tags/v1
	deny "an annotated tag is refused" "you may not change this reference" \
		"$(printf 'object %s\ntype commit\ntag v1\ntagger a <a@m-andal.cib.invalid> 1 +0000\n\nx\n' "$c" | g hash-object -t tag -w --stdin)" refs/tags/v2
	deny "a tree as a tag is refused" "you may not change this reference" "$(tree_of "$c")" refs/tags/v3
	deny "notes are refused" "you may not change this reference" "$c" refs/notes/commits
	deny "a replacement is refused" "you may not change this reference" "$c" "refs/replace/$tip"
	deny "a branch -x is refused" "you may not change this reference" "$c" refs/heads/-x
	deny "refs/heads/MAIN is refused" "you may not change this reference" "$c" refs/heads/MAIN
	deny "a reference of one's own is refused" "you may not change this reference" "$c" refs/x/y
	deny "the secretariat's main is refused to staff" "you may not change this reference" "$c" refs/heads/main
	deny "another member's branch is refused" "you may not change this reference" "$c" refs/heads/members/m-voorbeeld
	deny "a branch below one's own is refused" "refs" "$c" "$own/x"
	deny "a stranger is refused" "has no access" "$c" "$own" stranger
	deny "a push of nobody is refused" "nobody is known" "$c" "$own" ""
	deny "the secretariat does not write a member's branch" "you may not change this reference" "$c" "$own" sec-1
	tried=$((tried + 1))
	if ! push andal-1 "+$c:$own" "+$c:refs/heads/evil" && grep -q "refs/heads/evil" "$tmp/err" && ! git -C "$central" cat-file -e "$c" 2>/dev/null; then
		ok "one good and one bad reference in one push are both refused"
		refused=$((refused + 1))
	else
		not_ok "one good and one bad reference in one push are both refused"
	fi
	tried=$((tried + 1))
	if ! push andal-1 ":$own" && git -C "$central" rev-parse -q --verify "$own" >"$tmp/out"; then
		ok "the deletion of a branch is refused"
		refused=$((refused + 1))
	else
		not_ok "the deletion of a branch is refused"
	fi
	any_commit=
	c=$(commit "$(put "$(tree_of "$main")" 100644 blob "$(note "$id" | blob)" "members/m-andal/notes/$id.json")" "$main")
	deny "a rewritten history is refused" "take back commits" "$c"
	known=1 any_commit=1 deny "a branch moved back is refused" "take back commits" "$main"
	c=$tip
	c=$({
		for ((i = 1; i <= 1001; i++)); do
			echo "commit refs/tmp/many"
			echo "committer andal-1 <andal-1@m-andal.cib.invalid> $i +0000"
			echo "data 1"
			echo x
			[ $i = 1 ] && echo "from $tip"
		done
	} | g fast-import --quiet --force && g rev-parse refs/tmp/many)
	any_commit=1 deny "1,001 commits are refused" "more than 1000 commits" "$c"
	honest "after hostile commits and references an honest push works"
}

content() {
	local t c d id head='{\n  "id": "nt-7777777777",\n  "owner": "m-andal",\n' foreign="may only change"
	any_commit=
	note_blob=$(note nt-7777777777 | blob)
	deny "a file in another member's folder is refused" "$foreign" "$(with 100644 "$note_blob" members/m-voorbeeld/notes/nt-7777777777.json)"
	deny "a change of another member's entry is refused" "$foreign" "$(with 100644 "$(note nt-cccccccccc m-voorbeeld x | blob)" members/m-voorbeeld/notes/nt-cccccccccc.json)"
	deny "the removal of another member's entry is refused" "$foreign" "$(with 0 - members/m-voorbeeld/notes/nt-cccccccccc.json)"
	t=$(put "$(tree_of "$tip")" 0 blob - members/m-andal/notes/nt-bbbbbbbbbb.json)
	deny "an entry moved out of the own folder is refused" "$foreign" \
		"$(commit "$(put "$t" 100644 blob "$(note nt-bbbbbbbbbb | blob)" members/m-voorbeeld/notes/nt-bbbbbbbbbb.json)" "$tip")"
	t=$(put "$(tree_of "$tip")" 0 blob - members/m-voorbeeld/notes/nt-cccccccccc.json)
	deny "an entry moved into the own folder is refused" "$foreign" \
		"$(commit "$(put "$t" 100644 blob "$(note nt-cccccccccc | blob)" members/m-andal/notes/nt-cccccccccc.json)" "$tip")"
	deny "a folder whose name begins as one's own is refused" "$foreign" "$(with 100644 "$note_blob" members/m-andal2/notes/nt-7777777777.json)"
	deny "a change of access by staff is refused" "only the secretariat" "$(with 100644 "$(text '{"users":{"andal-1":{"role":"secretariat"}}}')" access.json)"
	deny "a change of the network's rules by staff is refused" "only the secretariat" "$(with 100644 "$(text '{}')" network.json)"
	deny "a change of a schema by staff is refused" "only the secretariat" "$(with 100644 "$(text '{}')" schema/note.schema.json)"
	deny "the secretariat's entries are refused to staff" "$foreign" "$(with 100644 "$(text '{}')" network/themes/t-7777777777.json)"
	deny "reviews are refused to staff" "$foreign" "$(with 100644 "$(text '{}')" reviews/m-andal/nt-7777777777.json)"
	deny "a duplicate key is refused" "refused" "$(with_note "$head"'  "title": "a",\n  "title": "b"\n}\n')"
	deny "a duplicate key in disguise is refused" "refused" "$(with_note "$head"'  "title": "a",\n  "\\u0074itle": "b"\n}\n')"
	deny "a byte order mark is refused" "refused" "$(with_note '\0357\0273\0277'"$head"'  "title": "a"\n}\n')"
	deny "a NUL is refused" "refused" "$(with_note "$head"'  "title": "a\\u0000b"\n}\n')"
	deny "a raw NUL is refused" "refused" "$(with_note "$head"'  "title": "a\0b"\n}\n')"
	deny "a lone surrogate is refused" "refused" "$(with_note "$head"'  "title": "\\ud800"\n}\n')"
	deny "invalid UTF-8 is refused" "refused" "$(with_note "$head"'  "title": "\0377"\n}\n')"
	d=$(printf '[%.0s' {1..100000})
	deny "depth 100,000 is refused" "refused" "$(with_note "$head"'  "deep": '"$d"'\n}\n')"
	deny "text behind the document is refused" "refused" "$(with_note "$(note nt-7777777777) x")"
	for n in 1e999 12345678901234567890 -0; do
		deny "the number $n is refused" "/n" "$(with_note '{\n  "id": "nt-7777777777",\n  "n": '"$n"',\n  "owner": "m-andal",\n  "title": "a"\n}\n')"
	done
	deny "text that is not canonical is refused" "canonical" "$(with_note '{"id":"nt-7777777777","owner":"m-andal","title":"a"}')"
	deny "text that is not NFC is refused" "normalisation" "$(with_note "$head"'  "title": "e\0314\0201"\n}\n')"
	deny "an entry without what its schema requires is refused" "nt-7777777777.json" "$(with_note '{\n  "id": "nt-7777777777",\n  "owner": "m-andal"\n}\n')"
	deny "an id unlike its file name is refused" "/id" "$(with 100644 "$(note nt-8888888888 | blob)" members/m-andal/notes/nt-7777777777.json)"
	deny "a changed id is refused" "/id" "$(with 100644 "$(note nt-8888888888 | blob)" members/m-andal/notes/nt-bbbbbbbbbb.json)"
	deny "an id without the kind's prefix is refused" "/id" "$(with 100644 "$(note p-7777777777 | blob)" members/m-andal/notes/p-7777777777.json)"
	deny "an id that another member has is refused" "already belongs" "$(with 100644 "$(note nt-cccccccccc | blob)" members/m-andal/notes/nt-cccccccccc.json)"
	deny "another owner is refused" "/owner" "$(with 100644 "$(note nt-7777777777 m-voorbeeld | blob)" members/m-andal/notes/nt-7777777777.json)"
	deny "an entry of 1 MiB and a byte is refused" "1048577 bytes" "$(with 100644 "$(head -c 1048577 /dev/zero | tr '\0' ' ' | blob)" members/m-andal/notes/nt-7777777777.json)"
	deny "a picture that is named .json is refused" "refused" "$(with_note '\0211PNG\r\n\032\n')"
	# a merge commit whose tree differs from both parents in foreign paths
	new_id
	c=$(with 100644 "$(note "$id" | blob)" "members/m-andal/notes/$id.json")
	t=$(put "$(tree_of "$c")" 100644 blob "$(note nt-cccccccccc m-voorbeeld evil | blob)" members/m-voorbeeld/notes/nt-cccccccccc.json)
	deny "an evil merge is refused" "$foreign" "$(commit "$t" "$c" "$main")"
	# taken from one parent, so no commit's own doing: but the branch differs from main
	c=$(commit "$(put "$(tree_of "$tip")" 0 - - schema)" "$tip" "$root")
	any_commit=1 deny "a merge that takes back main's work is refused" "$(printf 'schema')" "$c"
	any_commit=
	# a bad commit in the middle, undone at the tip
	c=$(with 100644 "$(note nt-cccccccccc m-voorbeeld bad | blob)" members/m-voorbeeld/notes/nt-cccccccccc.json)
	any_commit=1 deny "a bad commit undone at the tip is refused" "${c:0:12}" "$(commit "$(tree_of "$tip")" "$c")"
	c=$(with_note '{"id":1,"id":2}')
	any_commit=1 deny "broken JSON in the middle is refused" "${c:0:12}" "$(commit "$(tree_of "$tip")" "$c")"
	honest "after hostile content an honest push works"
}

# sec SENTENCE TEXT MODE OBJECT PATH: the secretariat's change of main is refused
sec() {
	deny "$1" "$2" "$(who=sec-1 domain=secretariat.cib.invalid commit "$(put "$(tree_of "$main")" "$3" blob "$4" "$5")" "$main")" refs/heads/main sec-1
}
schema_with() {
	printf '{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://cib.invalid/schema/note.schema.json","type":"object","x-cib-kind":"note","x-cib-folder":"notes","x-cib-prefix":"nt","x-cib-writer":"member",%s}' "$1" | blob
}
rules() {
	local big c t
	any_commit=
	sec "the last secretariat cannot be removed" "nobody would be the secretariat" 100644 "$(text '{"users":{"andal-1":{"member":"m-andal","role":"staff"}}}')" access.json
	sec "a role that does not exist is refused" "the role must be" 100644 "$(text '{"users":{"sec-1":{"role":"secretariat"},"x":{"role":"king"}}}')" access.json
	sec "a member named secretariat is refused" "the member of staff" 100644 "$(text '{"users":{"sec-1":{"role":"secretariat"},"x":{"role":"staff","member":"secretariat"}}}')" access.json
	sec "access that is not JSON is refused" "access.json" 100644 "$(text '{')" access.json
	sec "the removal of the network's rules is refused" "cannot be loaded" 0 - network.json
	sec "a schema that is not JSON is refused" "schema/note.schema.json" 100644 "$(text '{')" schema/note.schema.json
	sec "a schema under which an entry of main is invalid is refused" "nt-bbbbbbbbbb.json" 100644 "$(schema_with '"required":["summary"]')" schema/note.schema.json
	sec "the removal of a kind that has entries is refused" "nt-bbbbbbbbbb.json" 0 - schema/note.schema.json
	sec "a schema with a remote reference is refused" "schema" 100644 "$(schema_with '"$ref":"https://example.org/x.json"')" schema/note.schema.json
	sec "a schema that refers to itself for ever is refused" "schema" 100644 "$(schema_with '"$ref":"#"')" schema/note.schema.json
	t=$(put "$(tree_of "$main")" 100644 blob "$(schema_with '"properties":{"slow":{"pattern":"^(([a-z])+)+[0-9]$"}}')" schema/note.schema.json)
	t=$(put "$t" 100644 blob "$(printf '{\n  "id": "nt-7777777777",\n  "owner": "m-andal",\n  "slow": "%s"\n}\n' "$(printf 'a%.0s' {1..60})" | blob)" \
		members/m-andal/notes/nt-7777777777.json)
	SECONDS=0
	deny "a pattern that never ends is refused" "pattern" "$(who=sec-1 domain=secretariat.cib.invalid commit "$t" "$main")" refs/heads/main sec-1
	if [ $SECONDS -le 5 ]; then ok "and that within seconds"; else not_ok "and that within seconds ($SECONDS s)"; fi
	big=$(schema_with "\"anyOf\":[$(head -c 1999998 /dev/zero | sed 's/\x00\x00/{},/g' | head -c 2999997 | sed 's/,$//')]")
	sec "a schema with a million branches is refused" "bytes; at most" 100644 "$big" schema/note.schema.json
	sec "an invalid entry from the secretariat is refused" "/id" 100644 "$(note nt-8888888888 | blob)" members/m-andal/notes/nt-7777777777.json
	sec "a link from the secretariat is refused" "symbolic link" 120000 "$(text x)" README.md
	deny "a rewritten main is refused" "take back commits" "$(who=sec-1 domain=secretariat.cib.invalid commit "$(tree_of "$main")" "$root")" refs/heads/main sec-1
	c=$(who=andal-1 commit "$(put "$(tree_of "$main")" 100644 blob "$(text hi)" README.md)" "$main")
	deny "the secretariat does not push in a member's name" "another organisation" "$c" refs/heads/main sec-1
	# two pushes valid alone that collide together
	t=$(put "$(tree_of "$main")" 100644 blob "$(note nt-dddddddddd | blob)" members/m-andal/notes/nt-dddddddddd.json)
	t=$(put "$t" 100644 blob "$(note nt-dddddddddd m-voorbeeld | blob)" members/m-voorbeeld/notes/nt-dddddddddd.json)
	deny "two entries with one id are refused together" "already belongs" "$(who=sec-1 domain=secretariat.cib.invalid commit "$t" "$main")" refs/heads/main sec-1
	c=$(who=sec-1 domain=secretariat.cib.invalid commit "$(tree_of "$tip")" "$main" "$tip")
	if push sec-1 "$c:refs/heads/main"; then
		ok "the secretariat accepts a branch by a merge"
		main=$c
	else
		not_ok "the secretariat accepts a branch by a merge"
	fi
	tip=$(commit "$(tree_of "$main")" "$tip" "$main")
	honest "after hostile rules an honest push, with a merge of main, works"
}

# The guard itself fails: everything is refused.
fail_closed() {
	local saved c id
	any_commit=1
	new_id
	c=$(with 100644 "$(note "$id" | blob)" "members/m-andal/notes/$id.json")
	saved=$(git -C "$central" rev-parse refs/heads/main)
	git -C "$central" update-ref -d refs/heads/main
	deny "without a main everything is refused" "the guard failed" "$c"
	git -C "$central" update-ref refs/heads/main "$(git -C "$central" commit-tree -m x "$(git -C "$central" mktree </dev/null)" </dev/null)"
	deny "without rules everything is refused" "the guard failed" "$c"
	git -C "$central" update-ref refs/heads/main "$saved"
	mv "$central/hooks/pre-receive" "$tmp/hook"
	printf '#!/bin/sh\nulimit -v 20000\nexec sh %s/hook\n' "$tmp" >"$central/hooks/pre-receive"
	chmod +x "$central/hooks/pre-receive"
	tried=$((tried + 1))
	if push andal-1 "$c:$own"; then
		not_ok "without memory everything is refused"
	else
		ok "without memory everything is refused"
		refused=$((refused + 1))
	fi
	mv "$tmp/hook" "$central/hooks/pre-receive"
	if push andal-1 "$c:$own"; then ok "and the same push is taken when there is memory"; tip=$c; else not_ok "and the same push is taken when there is memory"; fi
	honest "when the guard is well again an honest push works"
}

export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x
for pass in 1 2; do
	[ $pass = 1 ] && echo "# the guard alone" || echo "# with the central repository's configuration"
	make_network
	names_and_trees
	commits_and_refs
	content
	rules
	fail_closed
	git -C "$central" fsck --strict --no-dangling >"$tmp/err" 2>&1
	if [ $? = 0 ]; then ok "the central repository is sound"; else not_ok "the central repository is sound"; fi
	echo "# pass $pass: $refused refused of $tried tried"
done
exit $failed
