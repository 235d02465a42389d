# shellcheck shell=bash disable=SC2034
# What the tests in tests/crash share: a scene (a network, a copy with unsynced work), a command that is interrupted at
# one system call after the other, and what must hold after each interruption.
#
# A point is CALL:ACTION:when=N, as strace's inject= takes it, or FAULT:N of faults.c. Every failure prints the command that
# plays its point again, such as
#
#     CIB=build/dev/cib CIB_POINT=rename:signal=KILL:when=2 bash tests/crash/save.sh
#     CIB=build/dev/cib CIB_SCENE=sync CIB_POINT=torn:7 bash tests/crash/writes.sh
#
# CIB_SCENE is the part of a script that has several (save, sync, ...), CIB_PART=3/8 the third of eight parts of
# all points, for a long run in pieces.
set -u
CIB=${CIB:?path of the cib program}
export CIB_LANG=en CIB_USER=a-1
# A kill does not depend on the disk: where there is memory to write on, fsync costs nothing.
base=/dev/shm
[ -w $base ] || base=${TMPDIR:-/tmp}
tmp=$(mktemp -d "$base/cib-crash-XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'echo "# stopped: $points points tried, $failed failed"; exit 1' TERM
work=$tmp/work scene=$tmp/scene copy=$tmp/work/a-1
points=0 told=0 failed=0 part_of=0 scene_name="" point=none

# Calls that change something, or that end a conversation. Between two of them a kill is a kill before the second.
READING="read pread64 newfstatat getdents64 mmap"
CHANGING="write pwrite64 writev ftruncate fsync rename link unlink unlinkat mkdir rmdir openat utimensat flock"
TALKING="sendto recvfrom shutdown socketpair poll clone3 wait4"

faults=$(dirname "$CIB")/tests/cib-faults.so

can_inject() {
	if ! command -v strace >/dev/null || ! strace -qq -o /dev/null -e trace=getuid -e inject=getuid:error=EIO true 2>/dev/null; then
		echo "SKIP: strace cannot follow a program here"
		exit 0
	fi
}

# Is the next point one of this run's part?
in_part() { ((part_of++ % ${part_count:-1} == ${part_number:-0})); }
[ -z "${CIB_PART:-}" ] || { part_count=${CIB_PART#*/} part_number=$((${CIB_PART%/*} - 1)); }

asked() { # NAME: begins a part of the script; false where another one was asked for
	scene_name=$1
	[ "${CIB_SCENE:-$1}" = "$1" ]
}

bad() { # WHAT: the point that is being tried failed
	echo "not ok - $point: $1"
	echo "    again: CIB=$CIB ${scene_name:+CIB_SCENE=$scene_name }CIB_POINT='$point' bash $0"
	sed 's/^/    /' "$tmp/out" "$tmp/err" "$tmp/more" 2>/dev/null | tail -n 25
	failed=$((failed + 1))
	[ -z "${CIB_KEEP:-}" ] || cp -a "$work" "$CIB_KEEP/$failed"
	if [ "$failed" -ge 20 ]; then
		echo "not ok - enough: $points points tried"
		exit 1
	fi
	return 1
}

as() { # USER DIR ARG...
	local user=$1 dir=$2
	shift 2
	(cd "$work/$dir" && CIB_USER=$user "$CIB" "$@")
}

project() { # USER DIR TITLE [ASSIGNMENT...]: makes a valid project, prints its id
	as "$1" "$2" new project "/title/en=$3" "/description/general/en=About it." /status=2 \
		'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' \
		/dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' "${@:4}" 2>>"$tmp/more"
}

network() { # two colleagues and the secretariat; $a to $d are shared entries
	rm -rf "$work"
	mkdir -p "$work"
	"$CIB" init "$work/central.git" --title "Example network" --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1 >"$tmp/more" 2>&1 || return 1
	local user
	for user in a-1 a-2 sec-1; do
		CIB_USER=$user "$CIB" join "$work/central.git" "$work/$user" --user $user >>"$tmp/more" 2>&1 || return 1
	done
	a=$(project a-1 a-1 "Water for six towns") b=$(project a-1 a-1 "Waste sorting")
	c=$(project a-1 a-1 "Public baths") d=$(project a-1 a-1 "A market hall")
	as a-1 a-1 sync >>"$tmp/more" 2>&1 && as a-2 a-2 sync >>"$tmp/more" 2>&1
}

keep_scene() {
	local user
	rm -rf "$scene"
	for user in a-1 a-2 sec-1; do # the others have done their part
		[ "$work/$user" = "$copy" ] || rm -rf "${work:?}/$user"
	done
	mv "$work" "$scene"
	touch "$tmp/kept"
}

# The files that state what this person has: the own folder, as one listing of blobs.
own_tree() { git -C "$copy" rev-parse --verify -q 'HEAD^{tree}'; }

# The points of a command: lines "CALL N". Opening changes something only where it makes a file. With $states only those
# before which something has changed since the last one, on the disk or on the way to the server: between a write and the
# flush of what it wrote there is one state, however often the program is killed there.
list_points() { # CALLS ARG...
	local list=$1
	shift
	rm -rf "$work"
	cp -a "$scene" "$work"
	(cd "$copy" && strace -qq -o "$tmp/trace" -e trace="rt_sigaction,${list// /,}" -e signal=none "$CIB" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
	# What comes before main (its first word is about SIGPIPE) is the loader's; its failures are not ours.
	awk -v all_opens="${all_opens:-}" -v states="${states:-}" 'match($0, /^[a-z0-9_]+\(/) {
		call = substr($0, 1, RLENGTH - 1)
		n[call]++
		if (/^rt_sigaction\(SIGPIPE/) main = 1
		if (!main || call == "rt_sigaction" || (call == "openat" && !all_opens && !/O_CREAT/)) next
		file = call ~ /^p?write/ ? substr($0, RLENGTH + 1, index($0, ",") - RLENGTH) : "" # more of the same file is no other state
		if (!states || (!still && (file == "" || file != last))) print call, n[call]
		still = call ~ /^(fsync|flock|poll|recvfrom|wait4|utimensat|clone3)$/ || / = -1 /
		last = file
	}' "$tmp/trace"
}

# After a kill a second passes, in which cib would wait for a reference's lock to become old; double.sh lets it wait.
let_locks_age() {
	[ "$code" != 137 ] || find "$copy" -name '*.lock' ! -name index.lock -exec touch -d '5 seconds ago' {} +
}

# Run one point in a fresh scene; the exit code is in $code.
try() { # POINT ARG...
	point=$1
	points=$((points + 1))
	shift
	rm -rf "$work"
	cp -a "$scene" "$work"
	exec 3>&2 2>/dev/null # the shell's own word about the kill
	(cd "$copy" && exec strace -qq -o /dev/null -e trace="${point%%:*}" -e signal=none -e inject="$point" "$CIB" "$@") \
		>"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	exec 2>&3
	let_locks_age
}

# Run one fault of faults.c in a fresh scene; the exit code is in $code.
try_fault() { # POINT ARG...
	point=$1
	points=$((points + 1))
	shift
	rm -rf "$work"
	cp -a "$scene" "$work"
	exec 3>&2 2>/dev/null
	(cd "$copy" && LD_PRELOAD=$faults CIB_FAULT=$point exec "$CIB" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	exec 2>&3
	let_locks_age
}

# How many calls that change, writes (field 2), allocations (field 3) a command makes.
count_faults() { # FIELD ARG...
	local field=$1
	shift
	rm -rf "$work" "$tmp/count"
	cp -a "$scene" "$work"
	(cd "$copy" && LD_PRELOAD=$faults CIB_FAULT=count CIB_FAULT_COUNT=$tmp/count "$CIB" "$@") >"$tmp/out" 2>"$tmp/err" </dev/null
	cut -d " " -f "$field" "$tmp/count"
}

# Every STRIDE-th point of a fault.
each_fault() { # STRIDE FAULT FIELD CHECK ARG...
	local stride=$1 fault=$2 field=$3 check=$4 n all
	shift 4
	if [ -n "${CIB_POINT:-}" ]; then
		[[ $CIB_POINT =~ ^$fault:[0-9]+${and_after:+[+]}$ ]] || return 0
		try_fault "$CIB_POINT" "$@"
		$check
		return
	fi
	all=$(count_faults "$field" "$@")
	[ "${all:-0}" -gt 0 ] || { bad "nothing was counted: $faults"; return; }
	for ((n = (stride + 1) / 2; n <= all; n += stride)); do
		in_part || continue
		try_fault "$fault:$n${and_after:-}" "$@"
		$check
	done
}

# Every STRIDE-th point of a command.
each_point() { # STRIDE ACTION CALLS CHECK ARG...
	local stride=$1 action=$2 list=$3 check=$4 call n i=0
	shift 4
	if [ -n "${CIB_POINT:-}" ]; then
		[[ $CIB_POINT =~ ^([a-z0-9_]+):$action:when=[0-9]+${and_after:+[+]}$ && " $list " == *" ${BASH_REMATCH[1]} "* ]] || return 0
		try "$CIB_POINT" "$@"
		$check
		return
	fi
	while read -r call n; do
		i=$((i + 1))
		[ $((i % stride)) = 0 ] && in_part || continue
		try "$call:$action:when=$n${and_after:-}" "$@"
		$check
	done < <(list_points "$list" "$@")
}

# What a save can meet: changed, new, removed and invalid entries. $want is the tree that a save without interruption makes.
save_scene() {
	network || { cat "$tmp/more"; return 1; }
	as a-1 a-1 set "$a" /title/en="Edited title" 2>"$tmp/more"
	as a-1 a-1 set "$c" /status=3 2>"$tmp/more"
	new=$(project a-1 a-1 "A new entry")
	draft=$(as a-1 a-1 new project /title/en="Only a title" 2>"$tmp/more")
	rm "$copy/members/m-a/projects/$b.json"
	# As an editor might leave it: not canonical, and in another order.
	python3 - "$copy/members/m-a/projects/$d.json" <<'PY'
import json, sys
doc = json.load(open(sys.argv[1]))
doc["title"]["en"] = "By hand"
open(sys.argv[1], "w").write(json.dumps(dict(reversed(list(doc.items())))))
PY
	before=$(own_tree)
	keep_scene

	list_points openat save >/dev/null
	grep -q "Saved 5 entries" "$tmp/err" || { cat "$tmp/err"; echo "not ok - the save without interruption"; return 1; }
	want=$(own_tree)
}

check_work() { # every edit is in the working folder, in the form of before or after
	local folder=$copy/members/m-a/projects
	holds "Edited title" "$folder/$a.json" && holds "By hand" "$folder/$d.json" && holds "A new entry" "$folder/$new.json" &&
		holds "Only a title" "$folder/$draft.json" && [ ! -e "$folder/$b.json" ] || bad "an edit is not in the working folder"
}

holds() { [ -f "$2" ] && [[ $(<"$2") == *"$1"* ]]; } # TEXT FILE

sound() { # REPOSITORY: what Git says of it, where anything was touched since the scene was kept
	[ -n "$(find "$1" -newer "$tmp/kept" ! -name cib.lock -print -quit)" ] || return 0
	git -C "$1" fsck --strict --no-dangling >"$tmp/more" 2>&1 && return
	sleep 1 # a server goes on for a moment after its client was killed, and fsck may have listed the packs before the last came
	git -C "$1" fsck --strict --no-dangling >"$tmp/more" 2>&1 || bad "git fsck --strict of $(basename "$1")"
}

no_leftovers() {
	local left
	left=$(find "$copy" \( -name '*.cib-tmp-*' -o -name '*.lock' ! -name cib.lock ! -name duplicates.lock \) ! -path '*/objects/pack/*' -print)
	[ -z "$left" ] || bad "left behind: $left"
}

# After an interrupted save.
check_save() {
	sound "$copy" && check_work || return
	if grep -q "^Saved" "$tmp/err" && [ "$(own_tree)" != "$want" ]; then
		bad "reported saved, and is not"
		return
	fi
	as a-1 a-1 save >"$tmp/more" 2>&1
	[ $? = 1 ] || { bad "the next save ends with another code than 1 (a draft is left)"; return; }
	[ "$(own_tree)" = "$want" ] || { bad "the next save ends in another state"; return; }
	sound "$copy" && check_work && no_leftovers || return
	as a-1 a-1 status --json >"$tmp/more" 2>&1
	grep -q "\"changes\":\[{\"path\":\"members/m-a/projects/$draft.json\",\"change\":\"added\",\"draft\":true}\]" "$tmp/more" || bad "status does not agree"
}

finish() { # SENTENCE
	if [ "$points" = "$told" ]; then
		[ -n "${CIB_POINT:-}${CIB_PART:-}" ] || { point=none && bad "nothing was tried: $1"; }
	elif [ "$failed" = 0 ]; then
		echo "ok - $1 ($((points - told)) points)"
	else
		echo "# $failed of $points points failed"
	fi
	told=$points
}

conclude() { # the exit code of the script
	[ "$points" -gt 0 ] || { echo "not ok - there is no such point: ${CIB_SCENE:-} ${CIB_POINT:-}" && failed=1; }
	[ "$failed" = 0 ]
}
