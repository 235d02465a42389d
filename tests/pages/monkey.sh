#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# Random editing of forms in a real browser, the program killed meanwhile: what the page calls kept is not lost. 150 actions with 8
# kills, the same in each run; --long: 1,000 with 50, others each time. SEED, ACTIONS and KILLS play one run again.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

long=${CIB_TEST_LONG:-0}
seed=${SEED:-$([ "$long" = 0 ] && echo 14702 || echo $RANDOM)} actions=${ACTIONS:-$([ "$long" = 0 ] && echo 150 || echo 1000)} kills=${KILLS:-$([ "$long" = 0 ] && echo 8 || echo 50)}
expect 0 "the example network is made" "$CIB" init central.git --example
joins andal-1
echo "# seed $seed"
timeout $((120 + actions * 3)) node "$tools/monkey.mjs" "$tmp" andal-1 p-c0md6nbrwp "$seed" "$actions" "$kills" || failed=1
exit $failed
