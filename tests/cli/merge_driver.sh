#!/usr/bin/env bash
# cib merge-file as git's merge driver for *.json: real merges, rebases and cherry-picks in a repository that has nothing
# to do with a network. Takes the program from $CIB; prints a line for each statement.
set -u
CIB=${CIB:?path of the cib program}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
failed=0

statement() { # SENTENCE COMMAND...: it succeeds
	local sentence=$1
	shift
	if "$@" >"$tmp/out" 2>"$tmp/err"; then
		echo "ok - $sentence"
	else
		echo "not ok - $sentence"
		sed 's/^/    /' "$tmp/out" "$tmp/err"
		failed=1
	fi
}
# shellcheck disable=SC2317 # called through statement
fails() { ! "$@"; }
# shellcheck disable=SC2317 # called through statement
holds() { # FILE TEXT: the file is exactly that
	printf '%s' "$2" | cmp - "$1"
}

# start: a fresh repository with the driver, on branch main
start() {
	cd "$tmp" && rm -rf repo && git init -q -b main repo && cd repo || exit 1
	git config user.name tester && git config user.email tester@localhost
	git config merge.cib.name 'JSON by field'
	git config merge.cib.driver "'$CIB' merge-file --write --name %P %O %A %B"
	git config merge.conflictStyle merge
	echo '*.json merge=cib' >.gitattributes
}
# both BASE OURS THEIRS [FILE]: three versions, ours on main, theirs on side
both() {
	local file=${4:-package.json}
	start
	[ -z "$1" ] || printf '%s' "$1" >"$file"
	git add -A && git commit -qm base
	git checkout -qb side && printf '%s' "$3" >"$file" && git add -A && git commit -qm theirs
	git checkout -q main && printf '%s' "$2" >"$file" && git add -A && git commit -qm ours
}

tab=$'\t'
base="{
$tab\"name\": \"pump\",
$tab\"dependencies\": {
$tab$tab\"alpha\": \"1.0\",
$tab$tab\"omega\": \"1.0\"
$tab}
}"
ours="${base/\"1.0\",/\"1.1\",}"
theirs="${base/\"omega\": \"1.0\"/\"omega\": \"2.0\",
$tab$tab\"zeta\": \"1.50e0\"}"
merged="${ours/\"omega\": \"1.0\"/\"omega\": \"2.0\",
$tab$tab\"zeta\": \"1.50e0\"}"

both "$base" "$ours" "$theirs"
statement "without the driver git's merge of these neighbours conflicts" \
	fails git -c merge.cib.driver='git merge-file %A %O %B' merge -q -m m side
git merge --abort
statement "git merge joins edits of neighbouring lines" git merge -q -m m side
statement "order, tabs and the missing final newline stay" holds package.json "$merged"
statement "the merge is committed, nothing is left over" test -z "$(git status --porcelain)"

both "$base" "$ours" "$theirs"
git checkout -q side
statement "git rebase joins them too" git rebase -q main
statement "to the same file" holds package.json "$merged"

both "$base" "$ours" "$theirs"
statement "git cherry-pick too" git cherry-pick side
statement "with the same file" holds package.json "$merged"

both '' '{"a": 1, "c": {"x": 1}}' '{"b": 2, "c": {"y": 2}}'
statement "a file that both sides added is merged as objects" git merge -q -m m side
statement "in the layout of the first" holds package.json '{"a": 1, "b": 2, "c": {"x": 1, "y": 2}}'

both '{"a": 1, "n": 1}' '{"a": 2, "n": 1}' '{"a": 3, "n": 5}'
statement "a conflict stops the merge" fails git merge -q -m m side
cat "$tmp/out" "$tmp/err" >"$tmp/said"
statement "it names file and field" grep -q 'conflict in package.json at /a' "$tmp/said"
statement "with the values of both sides" grep -q 'ours:   2' "$tmp/said"
statement "the path is unmerged" test "$(git status --porcelain package.json)" = 'UU package.json'
statement "the file is valid JSON, without markers, and has the rest of both edits" holds package.json '{"a": 3, "n": 5}'
printf '{"a": 4, "n": 5}' >package.json
statement "it is settled as any conflict is" git commit -qam settled

both '{"a": 1, "n": 1}' '{"a": 2, "n": 1}' '{"a": 3, "n": 5}'
git checkout -q side
statement "a conflict stops a rebase" fails git rebase -q main
printf '{"a": 4, "n": 5}' >package.json
git add -A
statement "and it goes on when settled" env GIT_EDITOR=true git rebase --continue

both $'{\r\n  "z": 1,\r\n  "a": 1\r\n}\r\n' $'{\r\n  "z": 2,\r\n  "a": 1\r\n}\r\n' $'{\r\n  "z": 1,\r\n  "a": 2\r\n}\r\n'
statement "CR LF files" git merge -q -m m side
statement "keep their line ends" holds package.json $'{\r\n  "z": 2,\r\n  "a": 2\r\n}\r\n'

both $'{\n "a": 1,\n "b": 1,\n "c": 1,\n // why\n "d": 1\n}\n' $'{\n "a": 2,\n "b": 1,\n "c": 1,\n // why\n "d": 1\n}\n' $'{\n "a": 1,\n "b": 1,\n "c": 1,\n // why\n "d": 2\n}\n'
statement "what is no strict JSON is merged by lines, as without the driver" git merge -q -m m side
statement "with the changes of both" holds package.json $'{\n "a": 2,\n "b": 1,\n "c": 1,\n // why\n "d": 2\n}\n'

both $'{\n "a": 1,\n}\n' $'{\n "a": 2,\n}\n' $'{\n "a": 3,\n}\n'
statement "and conflicts as without the driver" fails git merge -q -m m side
statement "with git's markers" grep -q '^<<<<<<<' package.json

both '{"a":1}' '{"a":2}' '{"a":1,"b":1}' 'a b;c.json'
statement "names with blanks and semicolons" git merge -q -m m side
statement "are merged like others" holds 'a b;c.json' '{"a":2,"b":1}'

cat >"$tmp/schema.json" <<'END'
{"properties": {"tags": {"x-merge": "set"}, "fund": {"x-merge-groups": [["amount", "currency"]]}}}
END
both '{"tags": ["m"], "fund": {"amount": 1, "currency": "EUR"}}' '{"tags": ["m", "z"], "fund": {"amount": 2, "currency": "EUR"}}' '{"tags": ["m", "b"], "fund": {"amount": 1, "currency": "USD"}}'
git config merge.cib.driver "'$CIB' merge-file --write --schema '$tmp/schema.json' --name %P %O %A %B"
statement "with a schema: a declared group is never mixed" fails git merge -q -m m side
statement "and a declared set has one order" holds package.json '{"tags": ["m", "b", "z"], "fund": {"amount": 1, "currency": "USD"}}'

# Two bases: git merges them first, with the driver, and conflict markers would be no JSON.
start
printf '{"a": 1, "b": 1, "n": 1}' >package.json
git add -A && git commit -qm base && git checkout -qb side
printf '{"a": 2, "b": 1, "n": 1}' >package.json && git commit -qam side1
git checkout -q main && printf '{"a": 1, "b": 2, "n": 1}' >package.json && git commit -qam main1
git branch main1 && git merge -q -m cross1 side
git checkout -q side && git merge -q -m cross2 main1
printf '{"a": 2, "b": 2, "n": 1, "s": 1}' >package.json && git commit -qam side2
git checkout -q main && printf '{"a": 2, "b": 2, "n": 1, "m": 1}' >package.json && git commit -qam main2
statement "criss-cross histories" git merge -q -m m side
statement "come out once" holds package.json '{"a": 2, "b": 2, "n": 1, "m": 1, "s": 1}'

exit $failed
