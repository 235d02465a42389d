#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2034
#
# Killed, and killed again while what the first kill left is put in order: the third run ends as if nothing had happened.
# A point is two faults of faults.c: CIB_POINT="kill:12 kill:40".
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"

twice() { # "FIRST SECOND" CHECK ARG...
	local first=${1% *} second=${1#* } check=$2
	shift 2
	try_fault "$first" "$@"
	exec 3>&2 2>/dev/null
	(cd "$copy" && LD_PRELOAD=$faults CIB_FAULT=$second exec "$CIB" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
	exec 2>&3
	point="$first $second"
	$check
}

each_pair() { # STRIDE CHECK ARG...
	local stride=$1 check=$2 all n m
	shift 2
	if [ -n "${CIB_POINT:-}" ]; then
		twice "$CIB_POINT" "$check" "$@"
		return
	fi
	all=$(count_faults 1 "$@")
	[ "${all:-0}" -gt 0 ] || { bad "nothing was counted: $faults"; return; }
	for ((n = (stride + 1) / 2; n <= all; n += stride)); do
		for ((m = 1 + n % stride; m <= all; m += stride)); do
			in_part || continue
			twice "kill:$n kill:$m" "$check" "$@"
		done
	done
}

stride=28
[ -z "${CIB_TEST_LONG:-}" ] || stride=4
if asked save; then
	save_scene || exit 1
	each_pair $stride check_save save
	finish "save survives two kills"
fi
if asked sync; then
	sync_scene || exit 1
	each_pair $((stride * 7)) check_sync sync
	finish "sync survives two kills"
fi
conclude
