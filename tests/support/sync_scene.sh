# shellcheck shell=bash disable=SC2015,SC2034,SC2154
# The scene of the tests that interrupt cib sync (crash.sh's functions are there). It has everything that a sync can meet:
# unsaved and saved edits, a colleague's edits of the same entry in another field and in the same field, a new entry and a
# removal on either side, a draft, and a newer main.

# $want is the tree that a sync without interruption makes on both sides.
sync_scene() {
	network || { cat "$tmp/more"; return 1; }
	{
		as sec-1 sec-1 sync && as sec-1 sec-1 review accept m-a "$a" && as sec-1 sec-1 sync
		as a-2 a-2 set "$a" /status=3
		as a-2 a-2 set "$c" /title/en="Theirs"
		theirs=$(project a-2 a-2 "A new entry there")
		rm "$work/a-2/members/m-a/projects/$b.json"
		as a-2 a-2 sync
		as a-1 a-1 set "$a" /title/en="Edited title"
		as a-1 a-1 set "$c" /title/en="Ours"
		as a-1 a-1 save
		as a-1 a-1 set "$d" /status=4
		ours=$(project a-1 a-1 "A new entry here")
		as a-1 a-1 new project /title/en="Only a title"
	} >"$tmp/more" 2>&1
	keep_scene

	list_points openat sync >/dev/null
	grep -q "Sent 3 entries" "$tmp/err" && grep -q "1 new conflict" "$tmp/err" || { cat "$tmp/err"; echo "not ok - the sync without interruption"; return 1; }
	want=$(own_tree)
	[ "$want" = "$(git -C "$work/central.git" rev-parse --verify -q "members/m-a^{tree}")" ] || { echo "not ok - the server has what the copy has"; return 1; }
	acknowledged=$(git -C "$scene/central.git" rev-parse members/m-a main)
}

check_central() { # what the server acknowledged is there, whoever sent it
	local commit
	for commit in $acknowledged; do
		git -C "$work/central.git" merge-base --is-ancestor "$commit" members/m-a || { bad "the server lost $commit"; return; }
	done
}

check_synced_work() {
	local folder=$copy/members/m-a/projects
	holds '"status": "4"' "$folder/$d.json" && holds "A new entry here" "$folder/$ours.json" && holds "Edited title" "$folder/$a.json" &&
		[[ $(cat "$folder"/*.json) == *"Only a title"* && $(cat "$copy"/members/m-a/*/*.json) == *'"Ours"'* ]] || bad "an edit is not in the working folder"
}

# After an interrupted sync.
check_sync() {
	sound "$copy" && sound "$work/central.git" && check_synced_work || return
	if grep -q "^Sent" "$tmp/err" && [ "$(git -C "$work/central.git" rev-parse "members/m-a^{tree}")" != "$want" ]; then
		bad "reported sent, and is not"
		return
	fi
	as a-1 a-1 sync >"$tmp/more" 2>&1
	code=$?
	[ $code = 1 ] || { bad "the next sync ends with code $code, not 1 (a draft is left)"; return; }
	[ "$(own_tree)" = "$want" ] || { bad "the next sync ends in another state"; return; }
	[ "$(git -C "$work/central.git" rev-parse "members/m-a^{tree}")" = "$want" ] || { bad "the server has another state"; return; }
	check_synced_work && check_central && sound "$copy" && no_leftovers || return
	[ -f "$copy/members/m-a/projects/$theirs.json" ] && [ ! -e "$copy/members/m-a/projects/$b.json" ] || { bad "what came in is not in the folder"; return; }
	as a-1 a-1 status --json >"$tmp/more" 2>&1
	grep -q '"changes":\[{"path":"[^"]*","change":"added","draft":true}\]' "$tmp/more" || bad "status does not agree"
}
