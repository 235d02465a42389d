#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086 # ../support/people.sh
# cib check in clones that cib did not make: single files, whole clones, and --range, which judges commits as the central
# repository would. Takes the program from $CIB; prints a line for each statement.
set -u
. "$(dirname "$0")/../support/people.sh"

commit_as() { # USER DOMAIN MESSAGE: all that is in the clone
	git add -A && git -c user.name="$1" -c user.email="$1@$2.cib.invalid" commit -qm "$3"
}
profile() { # MEMBER NAME: a valid entry of the least size
	mkdir -p "members/$1/notes"
	printf '{\n  "id": "%s",\n  "owner": "%s",\n  "title": "%s"\n}\n' "$2" "$1" "${3-A note}" >"members/$1/notes/$2.json"
}

expect 0 "init makes the network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 --member m-b:b-1
expect 0 "git clones it" git clone -q central.git clone
cd clone || exit 1
cat >schema/note.schema.json <<'END'
{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://cib.invalid/schema/note.schema.json","type":"object",
"x-cib-kind":"note","x-cib-folder":"notes","x-cib-prefix":"nt","x-cib-writer":"member","title":"Note",
"required":["id","owner","title"],"additionalProperties":false,
"properties":{"id":{"type":"string"},"owner":{"type":"string"},"title":{"type":"string","minLength":1,"maxLength":200}}}
END
expect 0 "the secretariat commits a kind" commit_as sec-1 secretariat "Add notes"
expect 0 "its range is good by itself" "$CIB" check --range origin/main..main
says "1 commit judged as a push to main: good" "and it says as what it was judged"
expect 0 "and as a push of the secretariat" "$CIB" check --range origin/main..main --user sec-1
expect 1 "as a push of staff it is not" "$CIB" check --range origin/main..main --user a-1 --branch main
says "you may not change this reference" "and it says why"
expect 0 "the server takes it" env CIB_USER=sec-1 git push -q origin main

git checkout -q -b members/m-a
profile m-a nt-aaaaaaaaaa
expect 0 "a member's note is committed" commit_as a-1 m-a "A note"
expect 0 "a range that begins on main is a branch of its own" "$CIB" check --range origin/main..HEAD
says "judged as a push to members/m-a" "which goes where its author belongs"
expect 0 "zeros are a branch that is new" "$CIB" check --range 0000000000000000000000000000000000000000..HEAD --user a-1
expect 0 "an empty B is HEAD" "$CIB" check --range origin/main.. --user a-1
expect 1 "another member's user is refused it" "$CIB" check --range origin/main..HEAD --user b-1
says "the staff of m-b may only change what lies in members/m-b/" "and it says where b-1 may write"
expect 1 "so is a user whom nobody knows" "$CIB" check --range origin/main..HEAD --user mallory
says "mallory has no access" "and it says so"
first=$(git rev-parse HEAD)

profile m-a nt-bbbbbbbbbb ""
printf '{"id":1,,}\n' >members/m-a/notes/nt-cccccccccc.json
expect 1 "a clone's files are checked by the rules of HEAD" "$CIB" check
says "members/m-a/notes/nt-bbbbbbbbbb.json:4:12: error: " "with line and column"
says "3 files checked, 2 with errors" "all of them"
expect 1 "one file by its name" "$CIB" check members/m-a/notes/nt-cccccccccc.json
expect 0 "and one that is good" "$CIB" check members/m-a/notes/nt-aaaaaaaaaa.json
expect 2 "a file elsewhere is no file of the network" "$CIB" check "$tmp/out"
printf '{ "id": "nt-dddddddddd", "owner": "m-a", "title": "x" }\n' >members/m-a/notes/nt-dddddddddd.json
expect 1 "what git would send as it is must be canonical" "$CIB" check members/m-a/notes/nt-dddddddddd.json
says "canonical" "and it says so"
rm members/m-a/notes/nt-[cd]*.json
expect 0 "the bad entry is committed" commit_as a-1 m-a "A bad one"
bad=$(git rev-parse --short=12 HEAD)
git rm -q members/m-a/notes/nt-bbbbbbbbbb.json && commit_as a-1 m-a "Taken back"
expect 0 "the tip alone decides whether entries are valid" "$CIB" check --range "$first..HEAD" --user a-1
mkdir -p members/m-b/notes && cp members/m-a/notes/nt-aaaaaaaaaa.json members/m-b/notes/ && commit_as a-1 m-a "Foreign"
foreign=$(git rev-parse --short=12 HEAD)
git rm -q members/m-b/notes/nt-aaaaaaaaaa.json && commit_as a-1 m-a "Nothing was"
expect 1 "but each commit is judged for what it touches" "$CIB" check --range "$first..HEAD" --user a-1
says "$foreign:members/m-b/notes/nt-aaaaaaaaaa.json: error: " "and is named with the path"
expect 3 "the same is refused by the server" bash -c 'CIB_USER=a-1 git push -q origin HEAD:members/m-a || exit 3'
says "$foreign:members/m-b/notes/nt-aaaaaaaaaa.json: the staff of m-a" "in the same words"
expect 1 "from the middle of a branch to an earlier commit is a rewritten history" "$CIB" check --range "HEAD~1..$bad" --user a-1
says "take back commits" "and it says so"

expect 2 "three dots are no range" "$CIB" check --range a...b
expect 2 "nor is one commit" "$CIB" check --range HEAD
expect 2 "a commit that is not there is a mistake" "$CIB" check --range nothing..HEAD
says "there is no commit 'nothing'" "which names it"
expect 2 "a range takes no files" "$CIB" check --range main..HEAD x.json
expect 2 "a user without a range is a mistake" "$CIB" check --user a-1
cd "$tmp" || exit 1
expect 2 "outside a clone there is no range" "$CIB" check --range main..HEAD
expect 2 "and no network" "$CIB" check
says "not in a copy of a network" "and it says so"

expect 0 "a shallow clone" git clone -q --depth 1 -b members/m-a "file://$tmp/clone" shallow
cd shallow || exit 1
expect 2 "cannot judge a range" "$CIB" check --range HEAD..HEAD
says "this clone is shallow" "and says so"
says "git fetch --unshallow" "with the way out"
expect 2 "nor find the other end" "$CIB" check --range "$first..HEAD"
says "git fetch --unshallow" "with the same way out"
cd "$tmp" || exit 1
git init -q other && cd other && git -c user.name=x -c user.email=x@x commit -q --allow-empty -m x
expect 2 "another repository is no network" "$CIB" check
expect 2 "and has no rules" "$CIB" check --range HEAD..HEAD
exit $failed
