#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# The reports in a real browser, over the example network. SHOTS=FOLDER keeps pictures.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/people.sh"
[ -d "$here/node_modules" ] || { echo "SKIP: npm ci in tests/app brings the browser's driver"; exit 0; }
command -v "${CHROMIUM:-chromium}" >/dev/null || { echo "SKIP: no chromium"; exit 0; }
"$CIB" init c.git --example >/dev/null 2>&1
expect 0 "the secretariat joins" env CIB_USER=sec-1 "$CIB" join "$tmp/c.git" sec-1 --user sec-1
node "$here/reports.mjs" || failed=1
exit $failed
