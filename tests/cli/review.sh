#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# Review as it really goes: on the whole screen, in parts, in rounds, by two people, and while members go on working.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
[ "$failed" = 0 ] || exit 1
expect 0 "the secretariat joins" env CIB_USER=sec-1 "$CIB" join "$tmp/central.git" sec-1 --user sec-1
expect 0 "with a colleague" as sec-1 access add sec-2 --role secretariat
expect 0 "for everybody to know" as sec-1 sync
for user in sec-2 andal-1 voorbeeld-1; do
	expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/central.git" $user --user $user
done
a=$(project andal-1 "Water <b>for</b> six towns")
project andal-1 "Waste sorting" >/dev/null
project andal-1 "Street lights" >/dev/null
d=$(project voorbeeld-1 "Registry office")
expect 0 "one member sends three" as andal-1 sync
expect 0 "another one" as voorbeeld-1 sync
expect 0 "the secretariat fetches" as sec-1 sync

# The queue.
expect 0 "the queue" as sec-1 review
says "4 waiting for review" "with its count"
says "$d" "every member's"
expect 0 "a second look" as sec-1 review
says_not "new " "marks nothing as new"
expect 0 "of one member" as sec-1 review m-voorbeeld
says_not "$a" "only its own"
expect 0 "of one kind" as sec-1 review --kind member
says "0 waiting" "filters"
expect 0 "what is new" as sec-1 review --new
says "0 waiting" "since the last look"
expect 0 "by age" as sec-1 review --sort age
expect 0 "only those with warnings" as sec-1 review --with warnings
says "0 waiting" "of which there are none"
expect 0 "those that nothing speaks against" as sec-1 review --clean
says "4 waiting" "are all"
expect 0 "by how long they wait" as sec-1 review --older 1
says "0 waiting" "filters, too"
expect 2 "a word that is not known" as sec-1 review --with everything
says "everything" "is named"
expect 0 "the counts" as sec-1 review --counts
is "$(tr -s ' ' <out | sed -n '/m-andal/p' | cut -d' ' -f1-5)" "m-andal 3 3 0 0" "by member: waiting, clean, new, back"
expect 0 "as JSON" as sec-1 review --json
says '"clean":true' "with what speaks against it"
expect 0 "as a page to mail around" as sec-1 review show m-andal --format html
says "Water &lt;b&gt;for&lt;/b&gt; six towns" "with texts escaped"
expect 2 "an unknown format is named" as sec-1 review show --format pdf

# The whole screen: accept, return with a comment on the entry, undo, accept, accept all clean ones, finish.
expect 0 "keys decide, and q keeps the decisions" at_terminal sec-1 'aq' review m-andal -i
says "1 decision is kept" "as it says"
git -C sec-1 rev-parse main >before
expect 0 "they are there the next time; u takes the last back" at_terminal sec-1 'uq' review m-andal -i
says "the last step is taken back" "as it says"
expect 0 "nothing was committed so far" test "$(cat before)" = "$(git -C sec-1 rev-parse main)"
order=$(as sec-1 review m-andal --json | python3 -c 'import json,sys; print(*[json.loads(l)["id"] for l in sys.stdin])')
first=${order%% *}
expect 0 "one is returned with a comment, the clean ones are taken with one key, f carries out" at_terminal sec-1 'rWhich street, and where?\nAf' review m-andal -i
says "Accepted 2, returned 1, declined 0" "with the counts"
expect 0 "in one commit" test "$(git -C sec-1 rev-list --count "$(cat before)"..main)" = 1
expect 0 "the comment is in the record" git -C sec-1 grep -q "Which street" main -- reviews
expect 0 "sent" as sec-1 sync
expect 0 "the member receives it" as andal-1 sync
expect 0 "and sees" as andal-1 status
says "Which street, and where?" "the comment"

# A round of comments: the reviewer sees what is new since the last look.
expect 0 "the member answers by a change" as andal-1 set "$first" "/title/en=Better now"
expect 0 "and sends it" as andal-1 sync
expect 0 "the secretariat fetches" as sec-1 sync
expect 0 "it waits again" as sec-1 review m-andal
says "answered" "as answered"
says "newer version" "in a newer version than at the last look"
says "2 gone" "while what was accepted is gone since"
expect 0 "the screen shows" at_terminal sec-1 'q' review m-andal -i
says "only what is new since the last look" "only that"
says_not "Sectors" "not the whole entry once more"
expect 0 "it is accepted" as sec-1 review accept m-andal "$first"
expect 0 "sent" as sec-1 sync
expect 0 "received" as andal-1 sync
expect 0 "nothing is left to do" as andal-1 status
says "nothing to do" "on the member's side"

# The member goes on with an accepted entry before it knows; no false conflict.
rest=${order#* }
e=${rest%% *}
expect 0 "an accepted entry is edited" as andal-1 set "$e" "/title/en=Second edition"
expect 0 "sent" as andal-1 sync
expect 0 "fetched" as sec-1 sync
as andal-1 set "$e" "/title/en=Third edition" 2>/dev/null
expect 0 "the second edition is accepted" as sec-1 review accept m-andal "$e"
expect 0 "and sent" as sec-1 sync
expect 0 "the member, who has a third by now, syncs" as andal-1 sync
expect 0 "without a conflict" as andal-1 resolve
expect 0 "its edition stands" test "$(field andal-1 "$e" /title/en)" = "Third edition"
expect 0 "fetched" as sec-1 sync
expect 0 "and waits" as sec-1 review m-andal --json
says '"Third edition"' "as a change of the accepted one"

# The secretariat corrects a typo in a field while the member edits another.
expect 0 "the secretariat corrects the description" as sec-1 set "$e" "/description/general/en=Corrected."
expect 0 "and sends it" as sec-1 sync
expect 0 "the member changes the status" as andal-1 set "$e" /status=3
expect 0 "and syncs" as andal-1 sync
expect 0 "both edits are there" test "$(field andal-1 "$e" /status)$(field andal-1 "$e" /description/general/en)" = "3Corrected."
expect 0 "fetched" as sec-1 sync
expect 0 "accepted" as sec-1 review accept m-andal "$e"
expect 0 "main has both" test "$(field sec-1 "$e" /status)$(field sec-1 "$e" /description/general/en)" = "3Corrected."
expect 0 "sent" as sec-1 sync

# A withdrawn entry.
expect 0 "the member is up to date" as andal-1 sync
expect 0 "removes an accepted entry" rm "andal-1/members/m-andal/projects/$e.json"
expect 0 "and sends that" as andal-1 sync
expect 0 "fetched" as sec-1 sync
expect 0 "the queue says" as sec-1 review m-andal --json
says '"change":"withdrawn"' "withdrawn"
expect 0 "accepted" as sec-1 review accept m-andal "$e"
expect 2 "it is gone" as sec-1 show "$e"
expect 0 "sent" as sec-1 sync

# Two reviewers at once: both accept the same entry; both decide differently on another.
expect 0 "the second reviewer fetches" as sec-2 sync
f=$(project andal-1 "Parks")
g=$(project andal-1 "Libraries")
expect 0 "two new entries" as andal-1 sync
expect 0 "fetched by the one" as sec-1 sync
expect 0 "and the other" as sec-2 sync
expect 0 "both accept one" as sec-1 review accept m-andal "$f"
expect 0 "the same" as sec-2 review accept m-andal "$f"
expect 0 "one accepts the other entry" as sec-1 review accept m-andal "$g"
expect 0 "which the other returns" as sec-2 review return m-andal "$g" -m "Which library?"
expect 0 "the first sends" as sec-1 sync
expect 0 "the second, too" as sec-2 sync
expect 0 "main has the entry" as sec-2 show "$f"
expect 0 "and the one that was accepted first" as sec-2 show "$g"
expect 0 "and what was asked" git -C sec-2 grep -q "Which library" main -- reviews
expect 0 "the member receives all" as andal-1 sync

# Accepting covers the version that was shown: what changed meanwhile waits again.
expect 0 "an entry" as voorbeeld-1 set "$d" "/title/en=Registry, edition two"
expect 0 "sent" as voorbeeld-1 sync
expect 0 "fetched" as sec-1 sync
expect 0 "accepted on the screen, not yet carried out" at_terminal sec-1 'aq' review m-voorbeeld -i
expect 0 "a newer version comes" as voorbeeld-1 set "$d" "/title/en=Registry, edition three"
expect 0 "sent" as voorbeeld-1 sync
expect 0 "fetched" as sec-1 sync
expect 0 "finished" at_terminal sec-1 'f' review m-voorbeeld -i
says "Accepted 0" "nothing was accepted unseen"
says "1 changed meanwhile and waits again" "and it says so"

# Who wrote a change does not accept it.
expect 0 "a member of staff" as sec-1 sync
expect 0 "moves to the secretariat" as sec-1 access add voorbeeld-1 --role secretariat
expect 0 "for everybody to know" as sec-1 sync
expect 0 "with a new copy" env CIB_USER=voorbeeld-1 "$CIB" join "$tmp/central.git" moved --user voorbeeld-1
expect 0 "that has the queue" env CIB_DIR="$tmp/moved" CIB_USER=voorbeeld-1 "$CIB" sync
expect 3 "an own change is not accepted" env CIB_DIR="$tmp/moved" CIB_USER=voorbeeld-1 "$CIB" review accept m-voorbeeld "$d"
says "a change of your own" "with the reason"
expect 0 "a colleague accepts it" as sec-1 review accept m-voorbeeld "$d"
expect 0 "and sends it" as sec-1 sync
expect 0 "the central repository is sound" git -C central.git fsck --strict
exit "$failed"
