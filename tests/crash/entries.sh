#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# What a member does at its desk, killed before a call that changes something: an entry made, a remark, two entries told
# apart, a sheet and an IATI file taken in, a file given out, a key chosen, the copy put in order; and what only looks, but
# keeps something for the next time.
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/crash_commands.sh"
who=a-1
stride=3
[ -z "${CIB_TEST_LONG:-}" ] || stride=1

desk_scene() { # some entries, one of them edited, and the files that come in
	network || { cat "$tmp/more"; return 1; }
	{
		as a-1 a-1 export csv --kind project --mine --output "$work/sheet.csv"
		sed -i 's/Waste sorting/By the sheet/; s/Public baths/By the sheet too/' "$work/sheet.csv"
		sed 's/ default-language="en"//' "$(dirname "$0")/../data/iati-sample.xml" >"$work/activities.xml"
		ssh-keygen -q -t ed25519 -N "" -f "$work/key"
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
	sound "$copy" && no_leftovers
}

given_out() { # the file is there whole, or not at all
	[ ! -e "$copy/out.csv" ] || cmp -s "$copy/out.csv" "$whole" || { bad "half a file"; return; }
	again && { cmp -s "$copy/out.csv" "$whole" || bad "the file is another one"; }
}

desk_scene || exit 1
try_command $stride once new "making an entry survives a kill" new project "/title/en=Made" "/description/general/en=About it." /status=2 \
	'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]'
try_command $stride once comment "a remark survives a kill" comment "$a" --field /title/en -m "Which towns?"
try_command $stride once distinct "telling entries apart survives a kill" duplicates --distinct "$a" "$b"
try_command $stride once key "choosing a key survives a kill" key use "$work/key"
try_command $stride rows csv "taking in a sheet survives a kill" import csv "$work/sheet.csv"
expected=1 # there are drafts in it
try_command $((stride * 6)) rows iati "taking in an IATI file survives a kill" import iati "$work/activities.xml" --quiet
expected=0
whole=$tmp/whole.csv
rm -rf "$work" && cp -a "$scene" "$work" && as_who export csv --kind project --mine >"$whole" 2>"$tmp/more"
try_command 1 given_out export "giving out a file survives a kill" export csv --kind project --mine --output out.csv
try_command $((stride * 4)) same_answer search "searching survives a kill" search towns --json
try_command $stride same_answer check "checking survives a kill" check --format json
try_command $stride same_answer status "looking at the status survives a kill" status --json
touch -d "1 hour ago" "$scene/a-1/.git/refs/heads/members/m-a.lock" "$scene/a-1/.git/objects/tmp_obj_x" "$scene/a-1/.git/cib/x.cib-tmp-99999999"
try_command $stride again doctor "putting a copy in order survives a kill" doctor --fix --offline
conclude
