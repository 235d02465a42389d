#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# A kind of entry that cib never saw: the secretariat puts a schema with every sort of field, and some that no widget fits, into the
# network; its form works in a real browser, and so does its entry's page, with no new code.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr,ar --secretariat sec-1 --member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
joins sec-1
cp "$support/fountain.schema.json" sec-1/schema/fountain.schema.json
rounds sec-1
joins andal-1
project andal-1 "Water for six towns" >/dev/null
rounds andal-1
timeout 300 node "$tools/kind.mjs" "$tmp" || failed=1
rounds andal-1
expect 0 "the secretariat accepts it" as sec-1 sync
expect 0 "as any other" as sec-1 review accept m-andal
exit $failed
