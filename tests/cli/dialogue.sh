#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# The dialogue about an entry: from both sides, offline, at once, and while what it is about moves.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1,andal-2
[ "$failed" = 0 ] || exit 1
for user in sec-1 andal-1 andal-2; do
	expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/central.git" $user --user $user
done
id=$(as andal-1 new project "/title/en=Water for six towns" "/description/general/en=One pump." /status=2 \
	'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"},{"id":"o-2","name":{"en":"Province of Exemple"},"role":"1"}]' \
	/dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' 2>/dev/null)
expect 0 "an entry is sent" as andal-1 sync
expect 0 "the secretariat fetches it" as sec-1 sync
expect 0 "it comments on a partner, without a decision" as sec-1 comment "$id" --field /partners/1/role -m "Is the province really a funder?"
question=$(cat "$tmp/out")
expect 0 "and sends it" as sec-1 sync
expect 0 "the member receives it" as andal-1 sync
expect 0 "and sees it" as andal-1 status
says "Is the province really a funder?" "in status"
expect 0 "and in the entry" as andal-1 show "$id"
says "Role: Is the province" "with the field's title"

# The list is put into another order: the comment stays with its partner.
expect 0 "the partners change places" as andal-1 set "$id" \
	'/partners:=[{"id":"o-2","name":{"en":"Province of Exemple"},"role":"1"},{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]'
expect 0 "the comment" as andal-1 comment "$id" --json
says '"field":"/partners/o-2/role"' "is on the province still"

# Answers offline, by two at once.
expect 0 "up to date" as andal-2 sync
mv central.git away.git
expect 0 "one answers offline" as andal-1 comment "$id" --reply "$question" -m "Yes, since March."
expect 0 "a colleague, too" as andal-2 comment "$id" --reply "$question" -m "It pays a third."
expect 2 "an answer to nothing is refused" as andal-2 comment "$id" --reply k-none -m "Eh?"
expect 2 "so is a field that is not there" as andal-2 comment "$id" --field /nothing -m "Eh?"
mv away.git central.git
expect 0 "the one sends" as andal-1 sync
expect 0 "the colleague sends" as andal-2 sync
expect 0 "without a conflict" as andal-2 resolve
expect 0 "the secretariat fetches" as sec-1 sync
expect 0 "and reads" as sec-1 comment "$id"
says "Yes, since March." "the one answer"
says "It pays a third." "and the other"
says "> Yes, since March." "as a thread"
expect 0 "comments are no subject of review" as sec-1 review --json
says_not '"kind":"comment"' "by themselves"
expect 0 "beside the field" as sec-1 review show m-andal "$id"
says "It pays a third." "in review"
expect 0 "the entry is returned with one more" as sec-1 review return m-andal "$id" --field /title/en -m "Which towns?"
expect 0 "sent" as sec-1 sync
expect 0 "received" as andal-1 sync
expect 0 "answered by a change" as andal-1 set "$id" "/title/en=Water for six towns of the valley"
expect 0 "sent" as andal-1 sync
expect 0 "fetched" as sec-1 sync
expect 0 "accepted" as sec-1 review accept m-andal "$id"
expect 0 "the comments went along to main" git -C sec-1 cat-file -e "main:members/m-andal/comments/$id.json"
expect 0 "sent" as sec-1 sync
expect 0 "received" as andal-2 sync
expect 0 "and all of it can be read" as andal-2 comment "$id"
says "Which towns?" "by everybody"
expect 0 "the history is a story" as andal-2 log "$id"
says "created    staff of m-andal (andal-1)" "of who made it"
says "Title (English): Water for six towns -> Water for six towns of the valley" "what changed"
says "returned   secretariat (sec-1)" "who returned it"
says "Title (English): Which towns?" "with which words"
says "accepted   secretariat (sec-1)" "who accepted it"
expect 0 "each told once" bash -c "[ \$(CIB_DIR='$tmp/andal-2' '$CIB' log $id | grep -c accepted) = 1 ]"
expect 0 "as JSON, on the other side" as sec-1 log "$id" --json
says '"event":"accepted"' "the same"
expect 0 "the central repository is sound" git -C central.git fsck --strict
exit "$failed"
