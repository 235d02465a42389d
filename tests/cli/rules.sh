#!/usr/bin/env bash
# The secretariat changes who may do what, and the rules: nobody is locked out, and what a change would break is said
# before it is pushed, and refused when it is. Takes the program from $CIB; prints a line for each statement.
# shellcheck disable=SC2317
set -u
CIB=${CIB:?path of the cib program}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/statements.sh
. "$here/../support/statements.sh"

"$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 2>"$tmp/err" || not_ok "init makes a network"
for user in a-1 sec-1; do
	expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/central.git" $user --user $user
done

# Access.
expect 2 "the last secretariat user cannot be removed" as sec-1 access remove sec-1
says "nobody would be the secretariat" "and the reason is said"
expect 2 "nor made a reader" as sec-1 access add sec-1 --role reader
expect 2 "nor given an end" as sec-1 access add sec-1 --role secretariat --until 2090-12-31
says "from 2091-01-01 on" "with the day from which nobody would be left"
expect 2 "a date that is no day is a mistake" as sec-1 access add a-2 --role staff --member m-a --until 2026-02-30
expect 2 "an end before the beginning is one" as sec-1 access add a-2 --role staff --member m-a --from 2026-05-01 --until 2026-04-01
expect 0 "staff is added for a time" as sec-1 access add a-2 --role staff --member m-a --from 2020-01-01 --until 2090-12-31
expect 0 "a user for the past" as sec-1 access add a-old --role staff --member m-a --until 2020-12-31
expect 0 "and a reader" as sec-1 access add r-1 --role reader
expect 0 "and sent" as sec-1 sync
expect 0 "access lists them" as sec-1 access list --json
says '"user":"a-2"' "with the new one"
expect 0 "the new user joins" env CIB_USER=a-2 "$CIB" join "$tmp/central.git" a-2 --user a-2
project a-2 "By the new user" >"$tmp/id"
expect 0 "and sends" as a-2 sync
expect 1 "a user whose time is over is refused" env CIB_USER=a-old git -C a-2 push "$tmp/central.git" +HEAD~0:refs/heads/members/m-a +HEAD:refs/heads/x
says "has no access" "with the reason"
expect 1 "a reader is refused" env CIB_USER=r-1 git -C a-2 push "$tmp/central.git" HEAD:refs/heads/x
says "may read, not write" "with the reason"
expect 2 "and gets no copy to write in" env CIB_USER=r-1 "$CIB" join "$tmp/central.git" r-1 --user r-1
says "git clone $tmp/central.git" "but the way to read"
expect 2 "staff changes no access" as a-1 access add a-9 --role staff --member m-a

# A second secretariat takes over on the day after the first one's last.
expect 0 "a successor is named" as sec-1 access add sec-2 --role secretariat --from 2090-01-01
expect 0 "then the first may have an end" as sec-1 access add sec-1 --role secretariat --until 2090-06-30
expect 0 "and it is sent" as sec-1 sync
expect 2 "but the successor cannot be removed any more" as sec-1 access remove sec-2

# What the guard says when plain git tries it, by the rules of the push before.
push_file() { # PATH TEXT: as a commit of the secretariat on main
	(
		cd sec-1 || exit 1
		GIT_INDEX_FILE=$tmp/index
		export GIT_INDEX_FILE GIT_AUTHOR_NAME=s GIT_AUTHOR_EMAIL=sec-1@secretariat.cib.invalid GIT_COMMITTER_NAME=s GIT_COMMITTER_EMAIL=sec-1@secretariat.cib.invalid
		rm -f "$GIT_INDEX_FILE"
		git read-tree main
		git update-index --add --cacheinfo "100644,$(printf '%s' "$2" | git hash-object -w --stdin),$1"
		CIB_USER=sec-1 git push -q "$tmp/central.git" "$(git commit-tree -p main -m x "$(git write-tree)"):refs/heads/main"
	)
}
expect 1 "an end for all of the secretariat is refused" push_file access.json '{"users":{"sec-1":{"role":"secretariat","until":"2090-06-30"}}}'
says "from 2090-07-01 on" "with the day"
expect 1 "a misspelt field is refused" push_file access.json '{"users":{"sec-1":{"role":"secretariat","untill":"2090-06-30"}}}'
says "untill" "and named"
expect 1 "a day that is none is refused" push_file access.json '{"users":{"sec-1":{"role":"secretariat"},"b":{"role":"reader","from":"soon"}}}'
expect 1 "a codelist without codes is refused" push_file codelists/sector.json '{"codes":7}'
says "no codes that can be read" "with the reason"

# A schema change and what it would break.
p=$(cat "$tmp/id")
expect 0 "the secretariat receives the entry" as sec-1 sync
expect 0 "accepts it" as sec-1 review accept m-a "$p"
expect 0 "and sends" as sec-1 sync
expect 0 "without a change there is nothing to say" as sec-1 schema diff
says "No schema" "as it says"
json sec-1/schema/project.schema.json 'd["required"].append("budget")' 'd["x-note"] = "new"'
expect 1 "schema diff says what a schema would break" as sec-1 schema diff
says "$p.json" "by the entry"
says "budget" "and the field"
says "schema/project.schema.json" "beside what changed"
says "would be refused: 1 file" "with the count"
expect 1 "as JSON" as sec-1 schema diff --json
says '"broken":1' "with the counts"
says '"code":"schema.required"' "and the findings"
expect 3 "the push is refused" as sec-1 sync
says "$p.json" "with the entry"

# Migrated in the same push.
expect 0 "the entry is migrated" as sec-1 set "$p" '/budget:=[{"id":"b-1","status":"1","type":"1","periodStart":"2024-01-01","periodEnd":"2024-12-31","amount":"10","currency":"EUR","valueDate":"2024-01-01"}]'
expect 0 "schema diff has nothing against it" as sec-1 schema diff
says "Nothing would break" "as it says"
expect 0 "both go out together" as sec-1 sync
expect 0 "and arrive" as a-1 sync

# A file from elsewhere.
git -C sec-1 show main:schema/practice.schema.json >practice.schema.json
json practice.schema.json 'd["x-cib-title"]["en"] = "Good practice"'
expect 0 "a schema from elsewhere is tried" as sec-1 schema diff "$tmp/practice.schema.json"
says "Good practice" "and its change shown"
json practice.schema.json 'd["properties"]["id"] = {"pattern": "("}'
expect 1 "one that cannot be used is found" as sec-1 schema diff "$tmp/practice.schema.json"
says "cannot be used" "and named"
expect 0 "nothing of that stays" as sec-1 schema diff
exit $failed
