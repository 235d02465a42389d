#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2154,SC2034
#
# cib sync on a disk that fails and a machine that has no more of something: it ends with a message and an exit code, and
# the next sync ends as if nothing had happened.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
can_inject
sync_scene || exit 1

check() {
	[ "$code" -lt 128 ] && [ "$code" != 0 ] || { bad "it ended with code $code"; return; }
	[ -s "$tmp/err" ] || [ "${point%%:*}" = write ] || { bad "it ended with code $code and said nothing"; return; }
	check_sync
}

stride=40
[ -z "${CIB_TEST_LONG:-}" ] || stride=1
each_point $stride error=EIO "$CHANGING" check sync
finish "sync survives one call that fails"
all_opens=1 each_point $((stride * 4)) error=EIO "$READING openat $TALKING" check sync
finish "sync survives a read that fails, and a conversation that breaks off"
each_point $stride error=EMFILE "socketpair pipe2 openat clone3" check sync
finish "sync survives a machine that has no more files"
and_after=+
each_point $stride error=ENOSPC "write pwrite64 fsync openat mkdir link rename ftruncate" check sync
finish "sync survives a disk that is full from some call on"
each_point 1 error=ENOSPC pwrite64 check sync # all of them: libgit2 does not look at each
finish "sync survives a disk that is full in the midst of a pack"
each_point $((stride * 2)) error=EDQUOT "write pwrite64 openat mkdir rename" check sync
finish "sync survives a quota that is used up"
each_point $((stride * 2)) error=EROFS "openat mkdir link rename unlink" check sync
finish "sync survives a disk that becomes read-only"
conclude
