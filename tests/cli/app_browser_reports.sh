#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# The reports in a real browser, over the example network. SHOTS=FOLDER keeps pictures.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"
"$CIB" init c.git --example >/dev/null 2>&1
expect 0 "the secretariat joins" env CIB_USER=sec-1 "$CIB" join "$tmp/c.git" sec-1 --user sec-1
timeout 600 node "$tools/reports.mjs" || failed=1
exit $failed
