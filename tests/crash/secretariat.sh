#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# What the secretariat does, killed before a call that changes something: entries accepted, returned, declined, changed, who may do
# what changed, a key made known or ended, a remark, a sync, a look at what waits; and at the central repository: a network made, its hook put in again,
# personal data taken out of its history. (A sitting of the review is killed in tests/cli/review_screen.sh.)
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/crash_commands.sh"
who=sec-1 copy=$work/sec-1
stride=8
[ -z "${CIB_TEST_LONG:-}" ] || stride=1

office_scene() { # four entries wait, one of them changed since it was accepted
	network || { cat "$tmp/more"; return 1; }
	{
		as sec-1 sec-1 sync && as sec-1 sec-1 review accept m-a "$a" && as sec-1 sec-1 sync
		as a-1 a-1 sync && as a-1 a-1 set "$d" /title/en="The hall of somebody" && as a-1 a-1 sync # it was a mistake
		as a-1 a-1 set "$d" /title/en="A market hall" && as a-1 a-1 set "$a" /status=3 && as a-1 a-1 comment "$b" -m "It is new." && as a-1 a-1 sync
		as sec-1 sec-1 sync
		as a-1 a-1 set "$c" /status=4 && as a-1 a-1 sync # what its next sync sees, and sends
		as sec-1 sec-1 comment "$d" -m "Since when?"
		ssh-keygen -q -t ed25519 -N "" -f "$work/other" && as sec-1 sec-1 key add sec-1 "$work/other.pub"
		fingerprint=$(ssh-keygen -lf "$work/other.pub" | cut -d " " -f 2)
		ssh-keygen -q -t ed25519 -N "" -f "$work/key"
		echo "The hall of somebody" >"$work/secret"
	} >"$tmp/more" 2>&1
	[ "$(as sec-1 sec-1 review --json | grep -c .)" = 4 ] && [ -s "$work/key.pub" ] || { cat "$tmp/more"; echo "not ok - the scene"; return 1; }
	keep_scene
}

brought() { # once more ends in the same state, here and at the server
	stands || return
	as_who sync >"$tmp/more" 2>&1 || { bad "the next sync ends with $?"; return; }
	[ "$(picture)" = "$pictured" ] || { diff <(echo "$pictured") <(picture) >"$tmp/more"; bad "the next sync ends in another state"; return; }
	[ "$(git -C "$work/central.git" rev-parse 'main^{tree}')" = "$(own_tree)" ] || { bad "the server has another main"; return; }
	[ "$(git -C "$copy" rev-parse refs/cib/central/members/m-a)" = "$(git -C "$work/central.git" rev-parse members/m-a)" ] || { bad "a member's branch is not seen"; return; }
	sound "$copy" && sound "$work/central.git" && no_leftovers
}

office_scene || exit 1
try_command $stride once accept "accepting an entry survives a kill" review accept m-a "$a"
try_command $stride once accept-all "accepting all of a member survives a kill" review accept m-a
try_command $stride once return "returning an entry survives a kill" review return m-a "$b" --field /title/en -m "Which waste?"
try_command $stride once decline "declining entries survives a kill" review decline m-a "$c" "$d" -m "Not ours."
try_command $((stride / 3 + 1)) again access "letting somebody in survives a kill" access add n-1 --role staff --member m-b
try_command $((stride / 3 + 1)) once remove "showing somebody out survives a kill" access remove a-2
try_command $((stride / 3 + 1)) again key "making a key known survives a kill" key add a-1 "$work/key.pub"
try_command $stride once entry "changing an entry survives a kill" set "$a" /title/en="Another title"
try_command $stride again end "ending a key survives a kill" key end sec-1 "$fingerprint" --until 2030-01-01
try_command $stride same_answer queue "looking at the queue survives a kill" review --json
try_command $((stride == 1 ? 1 : stride * 3)) brought sync "a sync of the secretariat survives a kill" sync
try_command $stride once comment "a remark of the secretariat survives a kill" comment "$c" -m "Who runs them?"

# ---- at the central repository ----
network_is_whole() { # once more makes it, or says that it is there; then it can be joined
	(cd "$copy" && "$CIB" "${command[@]}") >"$tmp/more" 2>&1 || git --git-dir="$copy/made.git" rev-parse -q --verify main >/dev/null || { bad "the next init ends with $?, and there is no network"; return; }
	git --git-dir="$copy/made.git" fsck --strict --no-dangling >"$tmp/more" 2>&1 || { bad "git fsck --strict"; return; }
	[ "$(git --git-dir="$copy/made.git" config --local --get-regexp . | sort)" = "$config" ] || { bad "another configuration"; return; }
	(cd "$copy" && "$CIB" join made.git joined --user sec-1 && cd joined && "$CIB" check) >"$tmp/more" 2>&1 || { bad "it cannot be joined"; return; }
	[ -x "$copy/made.git/hooks/pre-receive" ] || { bad "nobody judges the pushes"; return; }
	no_leftovers
}

guarded() { # the hook that was there or the new one, and once more the new one
	[ -x "$work/central.git/hooks/pre-receive" ] && bash -n "$work/central.git/hooks/pre-receive" || { bad "nobody judges the pushes"; return; }
	"$CIB" "${command[@]}" >"$tmp/more" 2>&1 || { bad "the next init --hook ends with $?"; return; }
	sound "$work/central.git" || return
	[ "$(git -C "$work/central.git" config --get-regexp . | sort)" = "$config" ] || { bad "another configuration"; return; }
	as_who sync >"$tmp/more" 2>&1 || { bad "the next sync ends with $?"; return; }
	[ -z "$(find "$work/central.git" -name '*.cib-tmp-*')" ] || bad "something is left behind"
}

purged() { # once more it is gone, and everything else is there
	"$CIB" "${command[@]}" >"$tmp/more" 2>&1 || [ "$(grep -c "no version" "$tmp/more")" = 1 ] || { bad "the next purge ends with $?"; return; }
	git -C "$work/central.git" fsck --strict --no-dangling >"$tmp/more" 2>&1 || { bad "git fsck --strict"; return; }
	! git -C "$work/central.git" cat-file --batch-all-objects --batch --buffer 2>/dev/null | grep -qa "The hall of somebody" || { bad "the text is there still"; return; }
	[ "$(git -C "$work/central.git" ls-tree -r --name-only members/m-a)" = "$names" ] || { bad "another branch"; return; }
	as_who sync >"$tmp/more" 2>&1 || bad "the next sync of the secretariat ends with $?"
	! grep -q "does not work" "$tmp/more" || { bad "the purge is taken for a fault of the guard"; return; }
	[ "$(git -C "$copy" rev-parse refs/cib/central/members/m-a)" = "$(git -C "$work/central.git" rev-parse members/m-a)" ] || bad "the member's branch is not seen any more"
}

if asked init; then
	command=(init made.git --title "Another network" --secretariat sec-1 --member m-c:c-1)
	rm -rf "$work" && cp -a "$scene" "$work"
	(cd "$copy" && "$CIB" "${command[@]}") >"$tmp/more" 2>&1
	config=$(git --git-dir="$copy/made.git" config --local --get-regexp . | sort)
	each_fault $stride kill 1 network_is_whole "${command[@]}"
	finish "making a network survives a kill"
fi
git -C "$scene/central.git" config --unset-all uploadpack.allowFilter
echo "exit 1" >"$scene/central.git/hooks/pre-receive"
if asked hook; then
	command=(init "$work/central.git" --hook)
	rm -rf "$work" && cp -a "$scene" "$work"
	"$CIB" "${command[@]}" >"$tmp/more" 2>&1
	config=$(git -C "$work/central.git" config --get-regexp . | sort)
	each_fault 1 kill 1 guarded "${command[@]}"
	finish "putting in the hook survives a kill"
fi
"$CIB" init "$scene/central.git" --hook 2>"$tmp/more"
if asked purge; then
	command=(purge "$work/central.git" --text-from "$work/secret" --user sec-1 --reason "It names a person")
	rm -rf "$work" && cp -a "$scene" "$work"
	"$CIB" "${command[@]}" >"$tmp/more" 2>&1 || { point=none && bad "the purge without interruption"; }
	names=$(git -C "$work/central.git" ls-tree -r --name-only members/m-a)
	each_fault $stride kill 1 purged "${command[@]}"
	finish "a purge survives a kill"
fi
conclude
