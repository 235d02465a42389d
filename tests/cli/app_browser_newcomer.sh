#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# A newcomer's first day with cib app, with the keyboard alone, and the secretariat's answer.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

expect 0 "the example network is made" "$CIB" init central.git --example
joins andal-1 sec-1
timeout 500 node "$tools/newcomer.mjs" "$tmp" || failed=1
exit "$failed"
