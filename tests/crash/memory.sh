#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# The end of memory: one allocation fails, or all from some allocation on. The program ends with 70 and says why, or does
# what it was asked to (some of what fails was only to be quicker). Reading, validating, merging; save and sync.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
tries=8
[ -z "${CIB_TEST_LONG:-}" ] || tries=1500

ended() { # with 70 and words, or done, with the code $done
	if [ "$code" = 70 ]; then
		grep -qE "out of memory|failed to init zlib" "$tmp/err" || bad "it ended with 70 and does not say why"
	else
		[ "$code" = "$done" ] || bad "it ended with code $code, not $done or 70"
	fi
}

same_words() { # of the commands that only read: nothing else than what they say with all their memory
	ended || return
	[ "$code" = 70 ] || cmp -s "$tmp/out" "$tmp/whole" || bad "it says something else"
}

saved() { ended && check_save; }
synced() { ended && check_sync; }

spread() { # SCENE DONE CHECK SENTENCE ARG...: both ways to fail, at points all over the command
	local check=$3 sentence=$4 all
	asked "$1" || return
	done=$2
	shift 4
	all=$(count_faults 3 "$@")
	cp "$tmp/out" "$tmp/whole"
	each_fault $((all / tries + 1)) memory 3 "$check" "$@"
	and_after=+ each_fault $((all / tries + 1)) memory 3 "$check" "$@"
	finish "$sentence"
}

save_scene || exit 1
folder=members/m-a/projects
sed 's/"Edited title"/"Theirs"/' "$scene/a-1/$folder/$a.json" >"$scene/a-1/theirs"
sed 's/"status": "2"/"status": "3"/' "$scene/a-1/$folder/$a.json" >"$scene/a-1/ours"
cp "$scene/a-1/$folder/$a.json" "$scene/a-1/base"
spread fmt 0 same_words "reading at the end of memory ends with 70" fmt "$folder/$d.json"
spread check 1 same_words "validating at the end of memory ends with 70" check --schema schema/project.schema.json --schemas schema "$folder/$draft.json"
spread merge 0 same_words "merging at the end of memory ends with 70" merge-file --schema schema/project.schema.json base ours theirs
rm "$scene"/a-1/{base,ours,theirs}
tries=$((tries / 2))
spread save 1 saved "save at the end of memory leaves the old version or the new" save
if asked sync; then
	sync_scene || exit 1
	spread sync 1 synced "sync at the end of memory leaves nothing to repair" sync
fi
conclude
