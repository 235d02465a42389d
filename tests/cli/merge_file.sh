#!/usr/bin/env bash
# cib merge-file and cib diff on files. Takes the program from $CIB; prints a line for each statement.
set -u
CIB=${CIB:?path of the cib program}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
failed=0

# expect STATUS SENTENCE COMMAND...: the command ends with that exit code; its output is in out and err.
expect() {
	local want=$1 sentence=$2 got
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ "$got" = "$want" ]; then
		echo "ok - $sentence"
	else
		echo "not ok - $sentence (exit $got, expected $want)"
		sed 's/^/    /' "$tmp/out" "$tmp/err"
		failed=1
	fi
}
says() { # TEXT SENTENCE: the last command said it on stderr
	if grep -qF -- "$1" "$tmp/err"; then
		echo "ok - $2"
	else
		echo "not ok - $2 (no '$1')"
		sed 's/^/    /' "$tmp/err"
		failed=1
	fi
}
prints() { # TEXT SENTENCE: the last command's stdout is exactly that
	if printf '%s' "$1" | cmp -s - "$tmp/out"; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		sed 's/^/    /' "$tmp/out"
		failed=1
	fi
}
versions() { # BASE OURS THEIRS
	printf '%s' "$1" >base
	printf '%s' "$2" >ours
	printf '%s' "$3" >theirs
}

versions '{"b":1, "a":1}' '{"b":2, "a":1}' '{"b":1, "a":3}'
expect 0 "a clean merge ends with 0" "$CIB" merge-file base ours theirs
prints '{"b":2, "a":3}' "and prints the result in our layout"
versions '{"b":1, "a":1, "n":0}' '{"b":2, "a":1, "n":0}' '{"b":3, "a":3, "n":0}'
expect 1 "a conflict ends with 1" "$CIB" merge-file base ours theirs
prints '{"b":3, "a":3, "n":0}' "the central value stays in it"
says 'conflict at /b: both sides changed it' "the conflict is named on stderr"
expect 1 "our value can be kept instead" "$CIB" merge-file --keep ours base ours theirs
prints '{"b":2, "a":3, "n":0}' "and is"
expect 2 "of two sides only" "$CIB" merge-file --keep both base ours theirs
expect 1 "--write puts the result into OURS" "$CIB" merge-file --write --name x.json base ours theirs
prints '' "and prints nothing"
says 'conflict in x.json at /b' "conflicts name the file as it is called"
cp ours out
prints '{"b":3, "a":3, "n":0}' "it is there"

versions '{"b":1}' '{"b":1}' '{ "b" : 1 }'
expect 0 "who changed no byte takes the other's bytes" "$CIB" merge-file base ours theirs
prints '{ "b" : 1 }' "with its white space"
versions $'{\n\t"b": 1\n}\n' $'{}\n' $'{\n\t"a": 2,\n\t"b": 1\n}\n'
expect 0 "who empties the document" "$CIB" merge-file base ours theirs
prints $'{\n\t"a": 2\n}\n' "leaves the layout to the other"
versions '{"b":1,"b":1}' '{"b":1,"b":1}' '{"b":2}'
expect 0 "a fault that the other side mended is no obstacle" "$CIB" merge-file base ours theirs
prints '{"b":2}' "nobody reads what nobody needs"
versions '{"b":1,
 "b":2}' '{"b":1}' '{"b":2}'
expect 1 "a name that stands twice is refused" "$CIB" merge-file base ours theirs
says 'base:2:2: the name "b" stands twice in this object: at 1:2 and at 2:2' "with both places"
prints '' "and nothing is printed"
versions '{' '{}' '{"a":1}'
expect 1 "what is no JSON is refused" "$CIB" merge-file base ours theirs
says 'base:1:2' "with its place"
expect 2 "a missing file is a mistake of the caller" "$CIB" merge-file base ours none
expect 2 "so is a missing version" "$CIB" merge-file base ours
versions '' '{"a":1}' '{"b":1}'
expect 0 "an empty file is an absent version" "$CIB" merge-file base ours theirs
prints '{"a":1,"b":1}' "both additions stand"

mark=$(printf '\357\273\277')
versions "$mark"'{"a":1,"b":1}' "$mark"'{"a":2,"b":1}' "$mark"'{"a":1,"b":2}'
expect 0 "a byte order mark is no obstacle" "$CIB" merge-file base ours theirs
prints "$mark"'{"a":2,"b":2}' "and stays"
versions "$mark"'{"a":1,"b":1}' "$mark"'{"a":2,"b":1}' '{"a":1,"b":2}'
expect 0 "unless one side took it out" "$CIB" merge-file base ours theirs
prints '{"a":2,"b":2}' "for good"
versions '{"a":1,"b":1}' '{"a":2,"b":1}' '{
  "b": 1,
  "a": 1
}
'
expect 0 "a side that laid the file out anew is followed" "$CIB" merge-file base ours theirs
prints '{
  "b": 1,
  "a": 2
}
' "with the other's edit in it"
versions '{"a":1,"b":1}
' '{"a":2,"b":1}
' '{"a":1,"b":2}'
expect 0 "so is one that took out the final newline" "$CIB" merge-file base ours theirs
prints '{"a":2,"b":2}' "and nothing else"
long=$(printf '{"n":"%0120d"},' 1 2 3)
versions "[${long}{\"n\":\"x\",\"v\":1}]" "[${long}{\"n\":\"x\",\"v\":2}]" "[${long}{\"n\":\"x\",\"v\":3}]"
expect 1 "in a large value" "$CIB" merge-file base ours theirs
says 'conflict at /3/v' "a conflict is named where it lies"
versions "[${long}{\"v\":[1]}]" "[${long}{\"v\":[2]}]" "[${long}{\"v\":[3]}]"
expect 1 "and where its items have no names" "$CIB" merge-file base ours theirs
says '/3/v/0: 1 became 2' "each side's changes are shown, not the whole"

versions '{"a":1,"t":"x/Map/1","l":["p","q"],"d":1}' '{"a":2,"t":"x/Open/1","l":["p","q","r"]}' '{"a":1,"t":"x/Open/4","l":["o","p","q"],"d":2}'
expect 1 "--explain says what became of each change" "$CIB" merge-file --explain base ours theirs
prints '{"a":2,"t":"x/Open/4","l":["o","p","q","r"],"d":2}' "beside the result"
says '/a: ours stands: the other side left it alone' "what one side changed"
says '/t: one change of the text holds all of the other' "why a text was taken"
says '/l: different items of the list changed' "how a list was joined"
says '/d: conflict: removed on one side, changed on the other; the change is kept' "what is in conflict"

expect 0 "diff of equal files says nothing" "$CIB" diff base base
prints '' "nothing at all"
expect 1 "diff of two files ends with 1 when they differ" "$CIB" diff base ours
prints '/a: 1 became 2
/d: removed, was 1
/l/2: added "r"
/t: "x/Map/1" became "x/Open/1"
' "a line for each field"
expect 1 "as JSON lines too" "$CIB" diff --json base ours
prints '{"v":1,"op":"replace","pointer":"/a","before":1,"after":2}
{"v":1,"op":"remove","pointer":"/d","before":1}
{"v":1,"op":"add","pointer":"/l/2","after":"r"}
{"v":1,"op":"replace","pointer":"/t","before":"x/Map/1","after":"x/Open/1"}
' "in the terms of RFC 6902"

exit $failed
