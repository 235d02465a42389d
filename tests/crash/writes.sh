#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# Writes that write less than they were asked to: a short one is no fault and changes nothing, a torn one is the last thing
# that the program did. For save and for sync.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
stride=3
[ -z "${CIB_TEST_LONG:-}" ] || stride=1

unhurt() { # as if nothing had happened
	[ "$code" = 1 ] || { bad "it ended with code $code, not 1 (a draft is left)"; return; }
	[ "$(own_tree)" = "$want" ] || bad "it ended in another state"
}

short_save() { unhurt && check_save; }
short_sync() { unhurt && check_sync; }

if asked save; then
	save_scene || exit 1
	each_fault $stride short 2 short_save save
	each_fault $stride torn 2 check_save save
	finish "save survives writes that are short or torn"
fi
if asked sync; then
	sync_scene || exit 1
	each_fault $stride short 2 short_sync sync
	each_fault $stride torn 2 check_sync sync
	finish "sync survives writes that are short or torn"
fi
conclude
