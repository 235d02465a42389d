# shellcheck shell=bash disable=SC2154
# What tests of the app's pages in a real browser share: Chromium, playwright-core and axe-core, brought by npm into build/. Sourced after
# people.sh. Ends the test with SKIP where there is no browser, or npm cannot bring what tests/app/package.json names; neither is
# needed to build or to use cib. Sets $tools, the folder where the scripts of tests/app stand beside what they import.
root=$(cd "$support/../.." && pwd)
tools=$root/build/app-tests
CHROMIUM=$(command -v chromium || command -v chromium-browser || true)
export CHROMIUM
if [ -z "$CHROMIUM" ] || ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	echo "SKIP: the pages are looked at by Chromium and node (Debian: apt install chromium nodejs npm)"
	exit 0
fi
mkdir -p "$tools"
(
	flock 9 # several tests begin at once
	cp "$root"/tests/app/*.mjs "$root"/tests/app/*.json "$root"/tests/app/.npmrc "$tools/"
	cmp -s "$tools/package-lock.json" "$tools/installed" && exit 0
	cd "$tools" && npm ci --no-audit --no-fund >npm.log 2>&1 && cp package-lock.json installed
) 9>"$tools/.lock" || {
	echo "SKIP: npm did not bring playwright-core and axe-core; see build/app-tests/npm.log"
	exit 0
}
