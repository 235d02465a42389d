#!/usr/bin/env bash
# The app's pages in a real browser: Chromium, led by playwright-core, looked at by axe-core. Skips where there is no browser, or
# npm cannot bring what tests/app/package.json names; neither is needed to build or to use cib.
# builds: both
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"
# shellcheck source=tests/support/app_scene.sh
. "$support/app_scene.sh"
# shellcheck source=tests/support/browser.sh
. "$support/browser.sh"

sed "s|../../lib|$root/lib|" "$root/tests/app/tsconfig.json" >"$tools/tsconfig.json"
expect 0 "the types in the pages' comments hold" "$tools/node_modules/.bin/tsc" -p "$tools/tsconfig.json"

scene
run() { # SCRIPT ARGUMENT...: its lines are statements
	timeout 600 node "$tools/$1" "$tmp" "${@:2}" || failed=1
}
run pages.mjs "{\"accepted\": \"$accepted\", \"returned\": \"$returned\", \"clash\": \"$clash\", \"draft\": \"$draft\", \"fresh\": \"$fresh\"}"
exit $failed
