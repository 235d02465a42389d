#!/usr/bin/env bash
# What nobody touched for a year, projects that are over without a result, and members that have not synced: said by status
# and by the table of members, from the history alone. Takes the program from $CIB.
# shellcheck disable=SC2317
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/people.sh
. "$here/../support/people.sh"

# The example as if it had been made years ago; main changed four months ago, and twice this month: the last time on a computer
# whose clock is years behind.
old_commit() { # DAYS-AGO TREE [PARENT]: prints the commit
	local when
	when=$(($(date +%s) - $1 * 86400))
	GIT_AUTHOR_DATE="@$when +0000" GIT_COMMITTER_DATE="@$when +0000" \
		git -C central.git -c user.name="secretariat sec-1" -c user.email=sec-1@secretariat.cib.invalid commit-tree -m "Work" ${3:+-p "$3"} "$2"
}
edited() { # COMMIT PATH FROM TO: prints the tree of the commit with a text replaced in a file
	local blob
	blob=$(git -C central.git show "$1:$2" | sed "s/$3/$4/" | git -C central.git hash-object -w --stdin)
	GIT_INDEX_FILE=$tmp/index git -C central.git read-tree "$1"
	GIT_INDEX_FILE=$tmp/index git -C central.git update-index --cacheinfo "100644,$blob,$2"
	GIT_INDEX_FILE=$tmp/index git -C central.git write-tree
}
"$CIB" init central.git --example >/dev/null 2>&1
first=$(old_commit 1000 "$(git -C central.git rev-parse 'main^{tree}')")
plan=network/plans/n-pqjch3zysw.json
second=$(old_commit 120 "$(edited "$first" $plan "Annual plan 2024" "Yearly plan 2024")" "$first")
third=$(old_commit 20 "$(edited "$second" $plan "Yearly plan 2024" "The plan of 2024")" "$second")
skewed=$(old_commit 5000 "$(edited "$third" members/m-andal/projects/p-ycw920kfrn.json "Councils of the young" "Councils of young people")" "$third")
git -C central.git update-ref refs/heads/main "$skewed"
git -C central.git update-ref refs/heads/members/m-beispiel "$first"
git -C central.git update-ref refs/heads/members/m-maple "$second"
joins andal-1 primer-1 sec-1

# ---- entries
day=$(date -u -d "@$(($(date +%s) - 1000 * 86400))" +%F)
expect 0 "a member's status" as andal-1 status
says "Untouched for long, do they still hold? 3" "counts what nobody touched for a year: the profile, a project, a practice"
says "$day p-c0md6nbrwp" "with the day of the last change"
says_not "p-ycw920kfrn" "not what was touched this month, though that commit has a date of years ago"
says_not "r-wrasm9y0sr" "nor an answer to a consultation, which is not kept fresh"
as andal-1 status >first
printf 'no JSON' >andal-1/.git/cib/nudges.json
expect 0 "what it remembers may be damaged" as andal-1 status
is "$(cat out)" "$(cat first)" "and is found again"
rm andal-1/.git/cib/nudges.json
expect 0 "or gone" as andal-1 status
is "$(cat out)" "$(cat first)" "all the same"
expect 0 "as JSON" as andal-1 status --json
says '"path":"members/m-andal/projects/p-c0md6nbrwp.json","untouched":true' "too"
expect 0 "who looked and finds it right says so" as andal-1 set p-c0md6nbrwp --confirmed
is "$(field andal-1 p-c0md6nbrwp /x-cib-confirmed)" "$(date -u +%F)" "the day is noted in the entry"
expect 0 "and sends it" as andal-1 sync
expect 0 "status" as andal-1 status
says "do they still hold? 2" "asks no more"

old=$(cd primer-1 && git grep -l "councils of the steppe" HEAD -- members/m-primer/projects | sed 's,.*/,,; s,\.json,,')
expect 0 "a member with a project that ended years ago" as primer-1 status
says "Over, and nothing says what came of it: 1" "is told that it says no result"
says "2021-04    $old" "with its end"
expect 0 "one that is closed, without a day in the past" as primer-1 set p-4r9cqjemrg /status=4
expect 0 "is saved" as primer-1 save
expect 0 "and is over" as primer-1 status
says "what came of it: 2" "as well"
expect 0 "one that was cancelled" as primer-1 set p-4r9cqjemrg /status=5
expect 0 "is saved" as primer-1 save
expect 0 "and owes no result" as primer-1 status
says "what came of it: 1" "as it says"
expect 0 "a result" as primer-1 set "$old" '/results:=[{"id":"r-1","type":"1","title":{"en":"Six women more"}}]'
expect 0 "is saved" as primer-1 save
expect 0 "and settles it" as primer-1 status
says_not "Over, and" "as it says"

# ---- members
expect 0 "the secretariat syncs" as sec-1 sync
expect 0 "and sees the members" as sec-1 members
day=$(date -u -d "@$(($(date +%s) - 120 * 86400))" +%F)
says "quiet: before $day (lacks" "one has not synced since main went on, four months ago"
says "has everything" "one has all of it"
says "never sent anything" "and of others nothing came in"
as sec-1 members --json >members.json
row() { python3 -c 'import json,sys
for l in open("members.json"):
    d = json.loads(l)
    if d["member"] == sys.argv[1]: print(d.get(sys.argv[2]))' "$1" "$2"; }
is "$(row m-andal quiet) $(row m-andal missing) $(row m-andal waiting)" "False 0 1" "m-andal has everything, and an entry that waits"
is "$(row m-andal worked)" "$(date -u +%F)" "and worked today"
is "$(row m-beispiel quiet) $(row m-beispiel behindSince)" "True $day" "m-beispiel lacks what is four months old"
is "$(row m-maple quiet) $(row m-maple behindSince)" "False $(date -u -d "@$(($(date +%s) - 20 * 86400))" +%F)" "m-maple lacks only what is newer than three months"
is "$(row m-contoh branch) $(row m-contoh quiet) $(row m-contoh worked)" "False True None" "m-contoh never sent anything"
is "$(row m-contoh name)" "Contoh Association of Cities" "each with its name"
expect 0 "only the quiet ones" as sec-1 members --quiet
says "m-beispiel" "on demand"
says_not "m-maple" "without the others"
expect 0 "status" as sec-1 status
says "Members who have not synced for three months: $(as sec-1 members --quiet --json | wc -l)" "counts the same"
expect 0 "who has nobody to write for it" as sec-1 access remove contoh-1
expect 0 "and is sent off" as sec-1 sync
expect 0 "is not called quiet" as sec-1 members
says "nobody writes for it" "but said to be gone"
expect 0 "a member sees the members, too" as andal-1 members
says_not "Synced" "without what only the secretariat has"
expect 2 "and cannot ask for what it does not know" as andal-1 members --quiet
exit $failed
