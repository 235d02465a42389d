#!/usr/bin/env bash
# cib app under load: requests for every route at once, writes, jobs, connections that break off, the command line beside it. A long run
# does it with ThreadSanitizer, too, which tells two threads that touch one thing without a lock ($CIB_TSAN: such a build).
# builds: both
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"
# shellcheck source=tests/support/app_scene.sh
. "$support/app_scene.sh"
scene
project voorbeeld-1 "Street lights that last" >/dev/null
rounds voorbeeld-1 sec-1

load() { # CIB SECONDS
	PYTHONPATH=$support python3 "$support/app_load.py" "$1" "$tmp/andal-1" andal-1 "$2" andal-2 voorbeeld-1 || failed=1
	PYTHONPATH=$support python3 "$support/app_load.py" "$1" "$tmp/sec-1" sec-1 "$2" andal-2 voorbeeld-1 || failed=1
}
load "$CIB" "$([ -z "${CIB_TEST_LONG:-}" ] && echo 4 || echo 30)"
if [ -n "${CIB_TSAN:-}" ]; then
	export TSAN_OPTIONS=exitcode=66:second_deadlock_stack=1:history_size=4
	echo "# with ThreadSanitizer"
	load "$CIB_TSAN" 60
fi
exit $failed
