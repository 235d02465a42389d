#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# Other commands of sync, killed before a call that changes something: a bundle taken in, a bundle written, a field set, a
# conflict settled; a copy joined. Half of it is never there, and the next run ends as if nothing had happened.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/crash_commands.sh"
who=a-1

commands_scene() { # a copy in conflict with a colleague, and on a stick what the colleague and the secretariat did since
	network || { cat "$tmp/more"; return 1; }
	{
		as a-2 a-2 set "$c" /title/en="Theirs" && as a-2 a-2 sync
		as a-1 a-1 set "$c" /title/en="Ours"
		as a-1 a-1 sync
		as a-2 a-2 sync
		as a-2 a-2 set "$a" /title/en="By a colleague"
		as a-2 a-2 bundle create "$work/colleague.bundle"
		as sec-1 sec-1 sync && as sec-1 sec-1 review accept m-a "$b" && as sec-1 sec-1 bundle create "$work/main.bundle" --for m-a
		as a-1 a-1 set "$d" /title/en="Not saved"
	} >"$tmp/more" 2>&1
	[ -s "$work/colleague.bundle" ] && [ -s "$work/main.bundle" ] && [ -n "$(ls "$copy/members/m-a/conflicts")" ] || { cat "$tmp/more"; echo "not ok - the scene"; return 1; }
	keep_scene
}

bundle_is_whole() {
	[ ! -e "$copy/out.bundle" ] || git -C "$copy" bundle verify "$copy/out.bundle" >"$tmp/more" 2>&1 || { bad "half a bundle"; return; }
	again && { git -C "$copy" bundle verify "$copy/out.bundle" >"$tmp/more" 2>&1 || bad "the bundle is not one"; }
}

stride=18
[ -z "${CIB_TEST_LONG:-}" ] || stride=1
commands_scene || exit 1

try_command $stride again apply "taking in bundles survives a kill" bundle apply "$work/main.bundle" "$work/colleague.bundle"
try_command $stride bundle_is_whole create "writing a bundle survives a kill" bundle create out.bundle --whole
try_command 1 again set "setting a field survives a kill" set "$a" /status=3
try_command 1 again resolve "settling a conflict survives a kill" resolve "$c" --ours
try_command $stride again value "settling it by a third value survives a kill" resolve "$c" --field /title/en --value "A third"
try_command $stride again mine "sending only what is one's own survives a kill" sync --only mine

# ---- a join ----
joined() { # the same command once more ends with the copy that nobody interrupted
	if ! [ -e "$copy/again/.git/cib/config.json" ]; then
		as a-1 a-1 "${command[@]}" >"$tmp/more" 2>&1 || { bad "the next join ends with $?"; return; }
	fi
	sound "$copy/again" || return
	(cd "$copy/again" && "$CIB" save) >"$tmp/more" 2>&1 || { bad "saving in the copy ends with $?"; return; }
	(cd "$copy/again" && "$CIB" status) >"$tmp/more" 2>&1 || { bad "status of the copy ends with $?"; return; }
	[ "$(git -C "$copy/again" rev-parse 'HEAD^{tree}')" = "$want" ] || { bad "the copy has another state"; return; }
	[ "$(cd "$copy/again/members" && find . -type f | sort | xargs cat | sha1sum)" = "$files" ] || bad "the files are others"
	no_leftovers
}

if asked join; then
	command=(join "$work/central.git" again --user a-1)
	rm -rf "$work" && cp -a "$scene" "$work"
	as a-1 a-1 "${command[@]}" >"$tmp/more" 2>&1 || bad "the join without interruption"
	want=$(git -C "$copy/again" rev-parse 'HEAD^{tree}') files=$(cd "$copy/again/members" && find . -type f | sort | xargs cat | sha1sum)
	each_fault $((stride * 2)) kill 1 joined "${command[@]}"
	if [ $stride != 1 ] && [ -z "${CIB_POINT:-}" ]; then # where a repository is made, each call
		for n in 30 31 32 33; do try_fault kill:$n "${command[@]}" && joined; done
	fi
	finish "joining survives a kill"
fi
conclude
