# shellcheck shell=bash disable=SC2015,SC2034,SC2154
# What the tests share that kill one command after the other (crash.sh's functions are there): the command in $command, of
# $who in $copy, and what must hold after it was killed.

as_who() { (cd "$copy" && CIB_USER=$who "$CIB" "$@"); }

as_saved() { as_who save >"$tmp/more" 2>&1; own_tree; }

# What the copy holds once it is saved, whatever the ids of new things, and the moment: a line for each line of each file.
picture() {
	as_who save >"$tmp/more" 2>&1
	{
		git -C "$copy" grep -h '' HEAD -- members reviews network access.json network.json
		git -C "$copy" ls-tree -r --name-only HEAD
		cat "$copy/.git/cib/config.json"
	} | sed -E 's/\b[a-z]-[0-9a-z]{10}\b/ID/g; s/20[0-9]{2}-[0-9]{2}-[0-9]{2}(T[0-9:]+Z)?/TIME/g' | sort
}

prepare() { # what the command makes when nobody interrupts it: $want and $pictured; what was before is $unchanged
	rm -rf "$work"
	cp -a "$scene" "$work"
	unchanged=$(picture)
	rm -rf "$work"
	cp -a "$scene" "$work"
	as_who "${command[@]}" >"$tmp/whole" 2>"$tmp/more" </dev/null
	ended=$?
	[ $ended = "${expected:-0}" ] || { point=none && bad "the command without interruption ends with $ended"; }
	want=$(as_saved)
	pictured=$(picture)
}

stands() { # nothing is damaged, and cib says how things are
	sound "$copy" || return
	as_who status >"$tmp/more" 2>&1 || { bad "status ends with $?"; return 1; }
}

healthy() { # cib says of itself that nothing is wrong
	as_who doctor --offline --json >"$tmp/more" 2>&1
	! grep -qE '"state":"(error|damaged)"' "$tmp/more" || bad "doctor finds something wrong"
}

again() { # of a command that can be given twice: once more it ends in the wanted state
	stands || return
	as_who "${command[@]}" >"$tmp/more" 2>&1 || [ $? = "$ended" ] || [ "${command[0]}" = resolve ] || { bad "the next run ends with $?"; return; }
	[ "$(as_saved)" = "$want" ] || { bad "the next run ends in another state"; return; }
	sound "$copy" && no_leftovers && healthy
}

once() { # of one that does something each time: it was done or it was not, and in the second case it can be done
	local now
	stands || return
	now=$(picture)
	if [ "$now" = "$unchanged" ]; then
		as_who "${command[@]}" >"$tmp/more" 2>&1 </dev/null || { bad "the next run ends with $?"; return; }
		now=$(picture)
	fi
	[ "$now" = "$pictured" ] || { diff <(echo "$pictured") <(echo "$now") >"$tmp/more"; bad "half of it was done"; return; }
	sound "$copy" && no_leftovers && healthy
}

same_answer() { # of one that only reads: what it keeps for the next time is whole or is made again
	local code
	stands || return
	as_who "${command[@]}" >"$tmp/out" 2>"$tmp/more" </dev/null
	code=$?
	[ $code = "$ended" ] || { bad "the next run ends with $code, not $ended"; return; }
	cmp -s "$tmp/out" "$tmp/whole" || { diff "$tmp/whole" "$tmp/out" >"$tmp/more"; bad "it answers something else"; return; }
	sound "$copy" && no_leftovers && healthy
}

try_command() { # STRIDE CHECK NAME SENTENCE COMMAND...
	local stride=$1 check=$2 sentence=$4
	asked "$3" || return 0
	shift 4
	command=("$@")
	prepare
	each_fault "$stride" kill 1 "$check" "$@"
	finish "$sentence"
}
