#!/usr/bin/env bash
# Every page of the app in every state, at the widths of a telephone, a tablet and a desk, light and dark, by axe and for what does not fit.
# SHOTS=FOLDER keeps pictures to look at.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"
# shellcheck source=tests/support/app_scene.sh
. "$support/app_scene.sh"
# shellcheck source=tests/support/browser.sh
. "$support/browser.sh"

scene --example
expect 0 "an empty network is made" "$CIB" init empty.git --title "New network" --secretariat new-sec --member m-nova:new-1
for user in new-sec new-1; do expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/empty.git" $user --user $user; done
timeout 1200 node "$tools/tour.mjs" "$tmp" "{\"accepted\": \"$accepted\", \"returned\": \"$returned\", \"clash\": \"$clash\", \"draft\": \"$draft\", \"fresh\": \"$fresh\"}" || failed=1
exit "$failed"
