#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# A form of cib app in a real browser, on the example network.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

expect 0 "the example network is made" "$CIB" init central.git --example
joins andal-1
timeout 300 node "$tools/forms.mjs" "$tmp" || failed=1
exit $failed
