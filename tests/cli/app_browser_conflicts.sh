#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# What two colleagues changed at once, and the profile of their member, in a real browser and by the keyboard alone; hostile texts in
# both.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr,ar --secretariat sec-1 --member m-andal:andal-1,andal-2
joins andal-1 andal-2
id=$(project andal-1 "Budgets that everybody can read" "/title/ar=المياه" "/description/objectives/en=Read them.")
other=$(project andal-1 "Trees along the river")
rounds andal-1 andal-2
evil='<img src=x onerror="window.__broken=1">'
expect 0 "a colleague changes a text, a translation, a code, an item of a list" as andal-2 set "$id" "/title/en=Budgets for everybody $evil" "/title/ar=المياه للجميع" /status=3 /partners/o-1/role=1 "/description/objectives/en=Read \"them\" & tell.</blockquote><script>window.__broken=1</script>"
expect 0 "and another entry" as andal-2 set "$other" "/title/en=Trees along both rivers"
expect 0 "the other the same, and removes the item" as andal-1 set "$id" "/title/en=Open budgets" "/title/ar=المياه النظيفة" /status=4 '/partners:=[{"id":"o-2","name":{"en":"Town"},"role":"4"}]' "/description/objectives/en=Understand them."
expect 0 "and that entry" as andal-1 set "$other" "/title/en=Hedges along the river"
rounds andal-2
expect 1 "the other has conflicts" as andal-1 sync
ID=$id OTHER=$other timeout 300 node "$tools/conflicts.mjs" "$tmp" || failed=1
expect 0 "what was settled is sent" as andal-1 sync
rounds andal-2
is "$(field andal-2 "$other" /title/en)" "Hedges and trees along the river" "and the colleague has it"
exit $failed
