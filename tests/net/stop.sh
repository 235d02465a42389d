#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2154
#
# Ctrl-C in the midst of cib sync, before a system call that changes something or talks to the server: it says that the work
# is saved and ends as one who was stopped, or was done already; the next sync ends as if nothing had happened.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
can_inject

check_stop() {
	case $code in
	130) grep -q "saved here; run cib sync again" "$tmp/err" || bad "does not say that the work is saved" ;;
	1) grep -q "^Sent" "$tmp/err" || bad "ends with code 1, and sent nothing" ;;
	*) bad "ends with code $code" ;;
	esac && check_sync
}

sync_scene || exit 1
stride=40
[ -z "${CIB_TEST_LONG:-}" ] || stride=1
each_point $stride signal=INT "$CHANGING $TALKING" check_stop sync
finish "sync can be stopped with Ctrl-C before any call that changes something or talks"

# Twice: the program ends at once, without a word, and that is as safe.
and_after=+ CIB_POINT=${CIB_POINT:-sendto:signal=INT:when=1+} each_point 1 signal=INT sendto check_sync sync
finish "a second Ctrl-C ends it at once"
conclude
