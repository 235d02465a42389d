#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2016,SC2034,SC2154
#
# What a member does at its desk, killed before a call that changes something: an entry made, edited in an editor, a remark, an agreement,
# two entries told apart or joined, a sheet and an IATI file taken in, files given out or rewritten, a key chosen, the copy put in order; and what only
# looks, but keeps something for the next time.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/crash_commands.sh"
who=a-1
stride=3
[ -z "${CIB_TEST_LONG:-}" ] || stride=1

desk_scene() { # some entries, one of them edited, one of another member that is ours, too, and the files that come in
	network || { cat "$tmp/more"; return 1; }
	{
		as a-1 a-1 export csv --kind project --mine --output "$work/sheet.csv"
		sed -i 's/Waste sorting/By the sheet/; s/Public baths/By the sheet too/' "$work/sheet.csv"
		sed 's/ default-language="en"//' "$(dirname "$0")/../data/iati-sample.xml" >"$work/activities.xml"
		ssh-keygen -q -t ed25519 -N "" -f "$work/key"
		CIB_USER=b-1 "$CIB" join "$work/central.git" "$work/b-1" --user b-1
		shared=$(project b-1 b-1 "A road for two" '/owners:=["m-b","m-a"]')
		as b-1 b-1 sync
		rm -rf "$work/b-1"
		for i in base ours theirs; do cp "$copy/members/m-a/projects/$a.json" "$work/a-1/$i"; done
		sed -i 's/six towns/seven towns/' "$work/a-1/theirs"
		sed -i 's/"status": "2"/"status": "3"/' "$work/a-1/ours"
		tr -d '\n' <"$work/a-1/base" >"$work/a-1/flat"
		as a-1 a-1 set "$d" /title/en="Not saved"
	} >"$tmp/more" 2>&1
	[ "$(grep -c "By the sheet" "$work/sheet.csv")" = 2 ] && [ -s "$work/key.pub" ] || { cat "$tmp/more"; echo "not ok - the scene"; return 1; }
	keep_scene
}

rows() { # each entry of a sheet is taken in whole, and the same file once more takes in the others
	stands || return
	as_who "${command[@]}" >"$tmp/more" 2>&1 </dev/null
	[ $? = "$ended" ] || { bad "the next run ends with another code than $ended"; return; }
	[ "$(picture)" = "$pictured" ] || { diff <(echo "$pictured") <(picture) >"$tmp/more"; bad "the next run ends in another state"; return; }
	sound "$copy" && no_leftovers && healthy
}

given_out() { # the files are there whole, or not at all
	local file
	for file in "$whole"/*; do
		[ ! -e "$copy/out/${file##*/}" ] || cmp -s "$copy/out/${file##*/}" "$file" || { bad "half a file"; return; }
	done
	again && { diff -r "$copy/out" "$whole" >"$tmp/more" || bad "the files are others"; }
}

try_output() { # STRIDE NAME SENTENCE COMMAND...: one that writes into the folder out
	[ "${CIB_SCENE:-$2}" = "$2" ] || return 0
	rm -rf "$work" "$whole" && cp -a "$scene" "$work"
	as_who "${@:4}" >"$tmp/more" 2>&1
	cp -a "$copy/out" "$whole"
	try_command "$1" given_out "${@:2}"
}

rewritten() { # $file is as it was, or as it is to be
	cmp -s "$copy/$file" "$scene/a-1/$file" || cmp -s "$copy/$file" "$whole" || { bad "half a file"; return; }
	as_who "${command[@]}" >"$tmp/more" 2>&1 || { bad "the next run ends with $?"; return; }
	cmp -s "$copy/$file" "$whole" || bad "the next run ends in another file"
	no_leftovers
}

try_rewrite() { # FILE NAME SENTENCE COMMAND...
	file=$1
	[ "${CIB_SCENE:-$2}" = "$2" ] || return 0
	rm -rf "$work" && cp -a "$scene" "$work"
	as_who "${@:4}" >"$tmp/more" 2>&1
	cp "$copy/$file" "$whole" && ! cmp -s "$whole" "$scene/a-1/$file" || { point=none && bad "it changes nothing"; }
	try_command 1 rewritten "${@:2}"
}

edited() { # what was in the editor when it ended is in the entry, or the next edit goes on with it
	stands || return
	if [ "$(picture)" != "$pictured" ]; then
		[ ! -e "$work/edited" ] || printf '#!/bin/sh\n' >"$work/editor"
		as_who "${command[@]}" >"$tmp/more" 2>&1 || { bad "the next edit ends with $?"; return; }
	fi
	[ "$(picture)" = "$pictured" ] || { diff <(echo "$pictured") <(picture) >"$tmp/more"; bad "what was written in the editor is lost"; return; }
	sound "$copy" && no_leftovers && healthy
}

desk_scene || exit 1
try_command $stride once new "making an entry survives a kill" new project "/title/en=Made" "/description/general/en=About it." /status=2 \
	'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]'
printf '#!/bin/sh\nsed -i "s/six towns/seven towns/" "$1" && touch "%s/edited"\n' "$work" >"$scene/editor"
chmod +x "$scene/editor"
export EDITOR=$work/editor
try_command $(((stride + 1) / 2)) edited edit "editing an entry survives a kill" edit "$a"
try_command $stride once agree "agreeing to a version survives a kill" agree m-b "$shared" -m "Fine with us."
try_command $stride once comment "a remark survives a kill" comment "$a" --field /title/en -m "Which towns?"
try_command $stride once distinct "telling entries apart survives a kill" duplicates --distinct "$a" "$b"
try_command $stride once link "joining entries survives a kill" duplicates --link "$a" "$b"
try_command $stride once key "choosing a key survives a kill" key use "$work/key"
try_command $stride rows csv "taking in a sheet survives a kill" import csv "$work/sheet.csv"
expected=1 # there are drafts in it
try_command $((stride * 6)) rows iati "taking in an IATI file survives a kill" import iati "$work/activities.xml" --quiet
expected=0
mkdir "$scene/a-1/out"
whole=$tmp/expected
try_output $stride export "giving out a file survives a kill" export csv --kind project --mine --output out/sheet.csv
try_output $stride report "giving out a report survives a kill" report sdg --format csv --output out/
rm -rf "$whole"
try_rewrite flat fmt "rewriting a file survives a kill" fmt -w flat
try_rewrite ours merge-file "merging a file survives a kill" merge-file --write --schema schema/project.schema.json base ours theirs
try_command $((stride * 4)) same_answer search "searching survives a kill" search towns --json
try_command $stride same_answer check "checking survives a kill" check --format json
try_command $stride same_answer status "looking at the status survives a kill" status --json
touch -d "1 hour ago" "$scene/a-1/.git/refs/heads/members/m-a.lock" "$scene/a-1/.git/objects/tmp_obj_x" "$scene/a-1/.git/cib/x.cib-tmp-99999999"
try_command $stride again doctor "putting a copy in order survives a kill" doctor --fix --offline
conclude
