#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# The secretariat makes the rules stricter while a member has work that was not sent: what they do not allow any more stays with the member as a draft, and
# does not hold up the rest.
set -u
. "$(dirname "$0")/../support/people.sh"

forbid() { # TITLE: from now on
	T=$1 python3 - <<'P'
import json, os
d = json.load(open("sec-1/schema/project.schema.json"))
d["properties"]["title"].setdefault("allOf", []).append({"not": {"required": ["en"], "properties": {"en": {"const": os.environ["T"]}}}})
open("sec-1/schema/project.schema.json", "w").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
P
	expect 0 "the secretariat allows no $1 any more" as sec-1 sync
	says "Sent decisions, rules or conflicts, and no entry." "and sync says that rules went out"
}
at_server() { git -C central.git show "$branch:members/m-a/projects/$1.json" 2>/dev/null | sed -n 's/^    "en": "\([A-Z][a-z]*\)".*/\1/p' | tail -1; }
ever_there() { git -C central.git log --format= -p "$branch" -- members | grep -c "^+.*\"$1\""; }
begin() { # OPTION...
	rm -rf central.git sec-1 a-1
	expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 "$@"
	joins sec-1 a-1
}

branch=members/m-a
begin
p=$(project a-1 "Water") q=$(project a-1 "Roads")
expect 0 "two entries are saved" as a-1 save
saved=$(git -C a-1 rev-parse HEAD)
forbid Roads
cp "a-1/members/m-a/projects/$q.json" before
expect 1 "the member syncs" as a-1 sync
says "stays here as a draft; the rest went without it" "and hears what stays"
says "Stays here as a draft: members/m-a/projects/$q.json" "which entry"
says 'not allowed here: en = "Roads"' "and why"
says "Sent 1 entry." "the other one is sent"
is "$(at_server "$p")" Water "the server has it"
is "$(ever_there Roads)" 0 "and never saw what is not allowed"
is "$(cmp "a-1/members/m-a/projects/$q.json" before && echo same)" same "which is in the folder as it was"
is "$(git -C a-1 for-each-ref --format='%(objectname)' refs/cib/rescue | while read -r kept; do git -C a-1 merge-base --is-ancestor "$saved" "$kept" && echo yes; done)" yes "and what was saved is kept as it was"
expect 0 "status" as a-1 status
says "draft    $q" "shows it as a draft"
expect 1 "the next sync" as a-1 sync
says "Nothing new on either side." "has nothing to send"
as a-1 set "$q" /title/en=Paths >"$tmp/out" 2>&1
expect 0 "once it is mended" as a-1 sync
is "$(at_server "$q")" Paths "it is sent"

echo "# An entry that is at the server, in another version than on main"
expect 0 "the secretariat syncs" as sec-1 sync
expect 0 "and accepts" as sec-1 review accept m-a
rounds sec-1 a-1
as a-1 set "$q" /title/en=Tracks >"$tmp/out" 2>&1
rounds a-1
as a-1 set "$q" /title/en=Streets >"$tmp/out" 2>&1
as a-1 set "$p" /title/en=Wells >"$tmp/out" 2>&1
expect 0 "edits of what is there are saved" as a-1 save
forbid Streets
expect 1 "the member syncs" as a-1 sync
is "$(at_server "$p")" Wells "one is sent"
is "$(at_server "$q")" Tracks "the other one stays there as it was sent before"
is "$(as a-1 show "$q" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["title"]["en"])')" Streets "and here as it was edited"

echo "# What is refused alone"
as a-1 set "$q" /title/en=Lanes >"$tmp/out" 2>&1
rounds a-1
as a-1 set "$q" /title/en=Rails >"$tmp/out" 2>&1
expect 0 "one edit is saved" as a-1 save
forbid Rails
expect 3 "it is refused" as a-1 sync
says "Next: change what the server refused: cib edit ID, then cib sync" "with what to do"
expect 0 "status" as a-1 status
says "refused   $q" "names it"
printf '{' >"a-1/members/m-a/projects/$p.json"
expect 0 "and beside a draft" as a-1 status
says "Next: change what the server refused" "it comes first: it holds up the rest"

echo "# By stick"
begin
p=$(project a-1 "Water") q=$(project a-1 "Roads")
expect 0 "two entries are saved" as a-1 save
forbid Roads
expect 0 "the secretariat gives a stick" as sec-1 bundle create "$tmp/rules.bundle"
expect 0 "the member takes it" as a-1 bundle apply "$tmp/rules.bundle"
expect 3 "and makes one of its own" as a-1 bundle create "$tmp/work.bundle"
says 'members/m-a/projects/'"$q"'.json:30:12: error: Title (/title): not allowed here: en = "Roads"' "but hears what nobody would take"
is "$(ls work.bundle 2>/dev/null)" "" "and no file is written"
as a-1 set "$q" /title/en=Paths >"$tmp/out" 2>&1
expect 0 "once it is mended" as a-1 bundle create "$tmp/work.bundle"
expect 0 "the secretariat takes it" as sec-1 bundle apply "$tmp/work.bundle"
expect 0 "its review" as sec-1 review
says Paths "has it"
says Water "and the other"

echo "# A network without review"
branch=main
begin --review none
p=$(project a-1 "Water") q=$(project a-1 "Roads")
expect 0 "two entries are saved" as a-1 save
forbid Roads
expect 1 "the member syncs" as a-1 sync
is "$(at_server "$p")" Water "one is on main"
is "$(ever_there Roads)" 0 "the other one never was"
[ "$failed" = 0 ]
