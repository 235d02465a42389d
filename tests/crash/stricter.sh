#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2034,SC2154
#
# cib sync, killed while the rules hold back one saved entry and the rest goes: both stay in the folder, and the next sync ends as if nothing had happened.
. "$(dirname "$0")/../support/crash.sh"
can_inject

stricter_scene() {
	network || { cat "$tmp/more"; return 1; }
	{
		roads=$(project a-1 a-1 "Roads") lamps=$(project a-1 a-1 "Lamps")
		as a-1 a-1 set "$a" /title/en="Roads" && as a-1 a-1 save
		python3 - "$work/sec-1/schema/project.schema.json" <<'PY'
import json, sys
doc = json.load(open(sys.argv[1]))
doc["properties"]["title"].setdefault("allOf", []).append({"not": {"required": ["en"], "properties": {"en": {"const": "Roads"}}}})
open(sys.argv[1], "w").write(json.dumps(doc, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
PY
		as sec-1 sec-1 sync
	} >"$tmp/more" 2>&1
	saved=$(git -C "$copy" rev-parse HEAD)
	keep_scene
	list_points openat sync >/dev/null
	grep -q "Sent 1 entry" "$tmp/err" && grep -q "the rest went without it" "$tmp/err" || { cat "$tmp/err"; echo "not ok - the sync without interruption"; return 1; }
	want=$(own_tree)
}

at_server() { git -C "$work/central.git" show "members/m-a:members/m-a/projects/$1.json" 2>/dev/null; }

check_stricter() {
	local folder=$copy/members/m-a/projects
	sound "$copy" && sound "$work/central.git" || return
	as a-1 a-1 sync >"$tmp/more" 2>&1
	code=$?
	[ $code = 1 ] || { bad "the next sync ends with code $code, not 1 (drafts are left)"; return; }
	[ "$(own_tree)" = "$want" ] || { bad "the next sync ends in another state"; return; }
	[[ $(at_server "$lamps") == *Lamps* && $(at_server "$a") == *"Water for six towns"* && -z $(at_server "$roads") ]] || { bad "the server has another state"; return; }
	holds Roads "$folder/$roads.json" && holds Roads "$folder/$a.json" && holds Lamps "$folder/$lamps.json" || { bad "an edit is not in the folder"; return; }
	git -C "$copy" for-each-ref --format='%(objectname)' refs/cib/rescue | while read -r kept; do git -C "$copy" merge-base --is-ancestor "$saved" "$kept" && echo kept; done | grep -q kept ||
		{ bad "what was saved is not kept"; return; }
	sound "$copy" && no_leftovers
}

stricter_scene || exit 1
stride=3 states=1 # a long run every call
[ -z "${CIB_TEST_LONG:-}" ] || stride=1 states=
each_point $stride signal=KILL "$CHANGING $TALKING" check_stricter sync
finish "a sync that leaves behind what the rules do not allow survives a kill"
conclude
