#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# cib sync, killed before a system call that changes something or talks to the server: nothing that was acknowledged is
# lost on either side, and the next sync ends as if nothing had happened.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
can_inject

sync_scene || exit 1
states=1 # each push every state that a kill can leave, a long run every call
[ -z "${CIB_TEST_LONG:-}" ] || states=
each_point 1 signal=KILL "$CHANGING $TALKING" check_sync sync
finish "sync survives a kill before a call that changes something or talks"
conclude
