#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2154,SC2034
#
# cib save on a disk that fails: one call fails once (EIO), or from one call on everything that writes fails (a full disk,
# a disk that became read-only). It ends with a message and an exit code, nothing wrong is committed, and when the disk
# works again the next save ends as if nothing had happened.
. "$(dirname "$0")/../support/crash.sh"
can_inject
save_scene || exit 1

check() {
	[ "$code" -lt 128 ] && [ "$code" != 0 ] || { bad "it ended with code $code"; return; }
	[ -s "$tmp/err" ] || [ "${point%%:*}" = write ] || { bad "it ended with code $code and said nothing"; return; }
	local tree
	tree=$(own_tree)
	[ "$tree" = "$want" ] || { [ "$tree" = "$before" ] && [ "$code" != 1 ]; } || { bad "it ended with code $code and a wrong commit"; return; }
	check_save
}

stride=4
[ -z "${CIB_TEST_LONG:-}" ] || stride=1
each_point $stride error=EIO "$CHANGING" check save
finish "save survives one call that fails"
all_opens=1 each_point $((stride * 6)) error=EIO "$READING openat" check save
finish "save survives a read that fails"
and_after=+
each_point $((stride * 2)) error=ENOSPC "write pwrite64 fsync openat mkdir link rename" check save
finish "save survives a disk that is full from some call on"
each_point $((stride * 4)) error=EDQUOT "write pwrite64 openat mkdir rename" check save
finish "save survives a quota that is used up"
each_point $((stride * 2)) error=EROFS "openat mkdir link rename unlink" check save
finish "save survives a disk that becomes read-only"
conclude
