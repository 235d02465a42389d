#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2154
#
# cib save, killed before every system call that changes something: what was there is there, what was reported saved is
# saved, and the next save ends as if nothing had happened.
. "$(dirname "$0")/../support/crash.sh"
can_inject

save_scene || exit 1

each_point 1 signal=KILL "$CHANGING" check_save save
finish "save survives a kill before every call that changes something"
conclude
