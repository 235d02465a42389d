#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# The guard at the central repository, in the middle of a push: killed before one of its calls, or one of its calls fails. A
# push that it would refuse is never taken, and leaves nothing behind; one that it would take is taken whole, or is refused
# with words, and then the next sync ends as if nothing had happened. And the same where Git's own process there is killed.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
. "$(dirname "$0")/../support/crash_commands.sh"
who=a-1
can_inject

judge=$tmp/judge # what the hook runs: cib, but for what $tmp/plan says
cat >"$judge" <<JUDGE
#!/bin/sh
read -r plan <"$tmp/plan"
case \$plan in
none) exec "$CIB" "\$@" ;;
list) exec strace -qq -o "$tmp/trace" -e trace="rt_sigaction,$(echo "$READING $CHANGING" | tr ' ' ,)" -e signal=none "$CIB" "\$@" ;;
receive:before) kill -9 "\$(cut -d ' ' -f 4 "/proc/\$PPID/stat")" ;;
receive:after) "$CIB" "\$@" && kill -9 "\$(cut -d ' ' -f 4 "/proc/\$PPID/stat")" ;;
*) exec strace -qq -o /dev/null -e trace="\${plan%%:*}" -e signal=none -e inject="\$plan" "$CIB" "\$@" ;;
esac
JUDGE
chmod +x "$judge"

under_fault() { # POINT COMMAND...: a push while the hook meets it, in a fresh scene; the exit code is in $code
	point=$1
	points=$((points + 1))
	shift
	rm -rf "$work"
	cp -a "$scene" "$work"
	echo "$point" >"$tmp/plan"
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	echo none >"$tmp/plan"
}

# Lines "CALL N" of what the hook does in the middle of a push.
list_calls() { # COMMAND...
	under_fault list "$@"
	points=$((points - 1))
	awk 'match($0, /^[a-z0-9_]+\(/) {
		call = substr($0, 1, RLENGTH - 1)
		n[call]++
		if (/^rt_sigaction\(SIGPIPE/) main = 1 # before it the loader works
		if (main && call != "rt_sigaction") print call, n[call]
	}' "$tmp/trace"
}

each_call() { # STRIDE ACTION CHECK COMMAND...
	local stride=$1 action=$2 check=$3 call n i=0 calls
	shift 3
	if [ -n "${CIB_POINT:-}" ]; then
		[[ $CIB_POINT == *:"$action":* ]] || return 0
		under_fault "$CIB_POINT" "$@"
		$check
		return
	fi
	mapfile -t calls < <(list_calls "$@")
	[ "${#calls[@]}" -gt 20 ] || { point=none && bad "the hook was not followed"; return; }
	for call in "${calls[@]}"; do
		i=$((i + 1))
		[ $(((i + stride / 2) % stride)) = 0 ] && in_part || continue
		under_fault "${call% *}:$action:when=${call#* }" "$@"
		$check
	done
}

server_killed() { # CHECK COMMAND...
	local when
	for when in before after; do
		[ "${CIB_POINT:-receive:$when}" = receive:$when ] && in_part || continue
		under_fault receive:$when "${@:2}"
		$1
	done
}

refs() { git -C "$work/central.git" for-each-ref --format='%(refname) %(objectname)'; }
objects() { git -C "$work/central.git" cat-file --batch-all-objects --batch-check='%(objectname)' | sort; }

# ---- a push that breaks a rule ----
push_foreign() { git -C "$work/plain" push -q ../central.git bad:refs/heads/members/m-a; }

make_foreign() { # a-1 with plain git: a change in the folder of another member
	git clone -q "$work/central.git" "$work/plain" && git -C "$work/plain" checkout -q -b bad origin/members/m-a &&
		mkdir -p "$work/plain/members/m-b/projects" && cp "$work/plain/members/m-a/projects/$a.json" "$work/plain/members/m-b/projects/" &&
		git -C "$work/plain" add members && git -C "$work/plain" -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit -q -m "Change"
}

not_taken() {
	[ "$code" != 0 ] && [ "$(refs)" = "$refs" ] || { bad "the push was taken"; return; }
	[ "$(objects)" = "$objects" ] || { bad "objects are left behind"; return; }
	grep -q "refused" "$tmp/err" || [[ $point == receive:* ]] || { bad "it does not say that it was refused"; return; }
	if ! ((points % 10)); then
		push_foreign >"$tmp/more" 2>&1 && { bad "the next push of it is taken"; return; }
		grep -q "another member" "$tmp/more" || grep -q "m-b" "$tmp/more" || bad "the next push of it is not refused for what it is"
	fi
}

# ---- a push that breaks none ----
push_own() { (cd "$copy" && exec "$CIB" sync); }

taken_or_told() {
	if grep -q "^Sent" "$tmp/err"; then
		[[ $point != *:signal=KILL:* ]] || { bad "taken from a guard that was killed"; return; }
	else
		[ "$code" -gt 1 ] && [ "$code" -lt 128 ] && [ -s "$tmp/err" ] || { bad "it ended with code $code"; return; }
		[ "$(refs)" = "$refs" ] || { bad "it was taken, and the member is not told"; return; }
	fi
	check_sync && healthy
}

echo none >"$tmp/plan"
sync_scene || exit 1
sed -i "s|^cib=.*|cib='$judge'|" "$scene/central.git/hooks/pre-receive"
rm -rf "$work" && cp -a "$scene" "$work"
refs=$(refs)
stride=20
[ -z "${CIB_TEST_LONG:-}" ] || stride=1
if asked good; then
	each_call $((stride * 6)) signal=KILL taken_or_told push_own
	each_call $((stride * 8)) error=EIO taken_or_told push_own
	server_killed taken_or_told push_own
	finish "a sync survives a guard that is killed or fails in the middle of it"
fi
if asked bad; then
	rm -rf "$work" && cp -a "$scene" "$work"
	make_foreign >"$tmp/more" 2>&1 || { cat "$tmp/more"; echo "not ok - the scene"; exit 1; }
	keep_scene
	rm -rf "$work" && cp -a "$scene" "$work"
	objects=$(objects)
	each_call $stride signal=KILL not_taken push_foreign
	each_call $stride error=EIO not_taken push_foreign
	each_call $((stride * 2)) error=ENOMEM not_taken push_foreign
	server_killed not_taken push_foreign
	finish "a guard that is killed or fails takes nothing that breaks a rule"
fi
conclude
