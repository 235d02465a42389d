#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# A disk that is really full: the copy and the central repository lie on a tmpfs with room for a few more pages, from none to
# nearly enough. Save and sync say so, and end as if nothing had happened once there is room again.
if [ -z "${CIB_OWN_MOUNTS:-}" ]; then
	unshare -m mount -t tmpfs none /mnt 2>/dev/null || { echo "SKIP: no tmpfs can be mounted here" && exit 0; }
	CIB_OWN_MOUNTS=1 exec unshare -m --propagation private bash "$0"
fi
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
trap '! mountpoint -q "$work" || umount -l "$work"; rm -rf "$tmp"' EXIT

disk() { # the scene on a new disk
	! mountpoint -q "$work" || umount -l "$work"
	rm -rf "$work"
	mkdir -p "$work"
	mount -t tmpfs -o size=64m none "$work" && cp -a "$scene/." "$work/"
}

used() { df --output=used -k "$work" | tail -n 1 | tr -d ' '; }

with_room() { # KIB CHECK ARG...
	local kib=$1 check=$2
	point=room:$kib
	points=$((points + 1))
	shift 2
	disk && mount -o "remount,size=$(($(used) + kib))k" "$work" || { bad "no such disk"; return; }
	(cd "$copy" && "$CIB" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	mount -o remount,size=64m "$work"
	[ "$code" -lt 128 ] && [ "$code" != 0 ] || { bad "it ended with code $code"; return; }
	[ -s "$tmp/err" ] || { bad "it ended with code $code and said nothing"; return; }
	[ "$code" != 1 ] || grep -qE "^(Saved|Sent)" "$tmp/err" || { bad "it ended as if all were well and did nothing"; return; }
	$check
}

each_room() { # STEP CHECK ARG...: from no room to what the command needs
	local step=$1 check=$2 before kib most
	shift 2
	if [ -n "${CIB_POINT:-}" ]; then
		with_room "${CIB_POINT#room:}" "$check" "$@"
		return
	fi
	disk
	before=$(used)
	(cd "$copy" && "$CIB" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
	most=$(($(used) - before + step))
	for ((kib = 0; kib <= most; kib += step)); do
		in_part || continue
		with_room "$kib" "$check" "$@"
	done
	umount -l "$work"
}

step=16
[ -z "${CIB_TEST_LONG:-}" ] || step=4
if asked save; then
	save_scene || exit 1
	each_room $step check_save save
	finish "save survives a full disk"
fi
if asked sync; then
	sync_scene || exit 1
	each_room $((step * 3)) check_sync sync
	finish "sync survives a full disk"
fi
conclude
