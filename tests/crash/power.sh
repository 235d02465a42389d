#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# The power fails: whatever did not reach the disk is gone. What was reported saved, or sent, is there; the rest is as it was,
# and the next run ends as if nothing had happened. Most cuts are power.c's, in rounds of 25 that it can play again; here are
# those of a sync that meets everything (a draft, conflicts, a newer main), with the copy and the central repository on one
# ext4, which is shut down without its journal before the N-th call of cib that changes something (and once after its end),
# and mounted again.
#
# It runs in a mount namespace of its own: what others take over of the mounts would keep a dead disk in use.
if [ -z "${CIB_OWN_MOUNTS:-}" ]; then
	unshare -m true 2>/dev/null || { echo "SKIP: no mount namespace can be had here" && exit 0; }
	CIB_OWN_MOUNTS=1 exec unshare -m --propagation private bash "$0"
fi
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"

image=$tmp/image
unmount() { # what cib had started may take a moment to see that it is alone
	local i
	for ((i = 0; i < 100; i++)); do
		! mountpoint -q "$work" || umount "$work" 2>/dev/null || { sleep 0.05 && continue; }
		mountpoint -q "$work" || return 0
	done
	return 1
}
trap 'unmount; rm -rf "$tmp"' EXIT

make_disk() { # an image of a disk that holds the scene
	rm -rf "$work" "$image"
	mkdir "$work"
	truncate -s 24M "$image"
	mkfs.ext4 -q -E lazy_itable_init=1 "$image" && mount -o loop "$image" "$work" && cp -a "$scene/." "$work/" && unmount
}

new_disk() {
	unmount && cp --sparse=always "$image" "$image.now" && mount -o loop "$image.now" "$work"
}

run() { # FAULT ARG...: cib in the copy
	local fault=$1
	shift
	exec 3>&2 2>/dev/null
	(cd "$copy" && LD_PRELOAD=$faults CIB_FAULT=$fault CIB_FAULT_COUNT=$tmp/count exec "$CIB" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	exec 2>&3
}

cut_now() { { (cd "$copy" && LD_PRELOAD=$faults CIB_FAULT=cut:1 exec mkdir x); } >/dev/null 2>&1; }

can_cut() {
	mkdir -p "$scene/a-1"
	if [ "$(id -u)" != 0 ] || ! command -v mkfs.ext4 >/dev/null || ! { make_disk && new_disk; } 2>/dev/null; then
		echo "SKIP: no ext4 on a loop device can be mounted here"
		exit 0
	fi
	cut_now 2>/dev/null
	if touch "$copy/x" 2>/dev/null; then
		echo "SKIP: an ext4 cannot be shut down here"
		exit 0
	fi
	unmount
	rm -rf "$scene"
}

cut_at() { # N ARG...: one point; the disk is mounted again after it
	point=cut:$1
	points=$((points + 1))
	shift
	new_disk || { bad "the disk could not be mounted"; return; }
	run "$point" "$@"
	[ "$code" = 137 ] || cut_now # it ended before
	if touch "$copy/x" 2>/dev/null; then
		bad "the power did not fail"
		return
	fi
	unmount && mount -o loop "$image.now" "$work" || { bad "the disk could not be mounted again"; return; }
	# The server lost its power, too: what Git's own process there left locked, only who runs it can tell from a lock in use
	# (docs/operations.md; tests/cli/server_lock.sh holds what a member is told).
	[ ! -d "$work/central.git" ] || find "$work/central.git" -name '*.lock' -delete
}

each_cut() { # STRIDE CHECK ARG...
	local stride=$1 check=$2 n all
	shift 2
	make_disk || { bad "the disk could not be made"; return; }
	if [ -n "${CIB_POINT:-}" ]; then
		cut_at "${CIB_POINT#cut:}" "$@" && $check
		return
	fi
	new_disk && run count "$@"
	read -r all _ <"$tmp/count" || { bad "nothing was counted"; return; }
	for ((n = (stride + 1) / 2; n <= all; n += stride)); do
		in_part || continue
		cut_at "$n" "$@" && $check
	done
	cut_at $((all + 1)) "$@" && $check
	unmount
}

can_cut
stride=24
[ -z "${CIB_TEST_LONG:-}" ] || stride=1
if asked rounds && [ -z "${CIB_POINT:-}" ]; then # as many as there is time for: 20 rounds of 25 cuts, 400 in a long run
	if [ -z "${CIB_TEST_LONG:-}" ]; then rounds="1 20 600"; else rounds="1001 400 3600"; fi
	# shellcheck disable=SC2086
	"$(dirname "$CIB")/tests/power" $rounds
	case $? in 0) ;; 77) exit 0 ;; *) failed=1 ;; esac
	points=$((points + 1)) told=$points
fi
if asked sync; then
	sync_scene || exit 1
	each_cut "$stride" check_sync sync
	finish "sync survives a power cut"
fi
conclude
