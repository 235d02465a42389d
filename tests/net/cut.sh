#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2154
#
# cib sync over a link that breaks after byte N, in either direction, or falls silent: nothing that was acknowledged is lost,
# nothing is reported sent that is not there, and the next sync ends as if nothing had happened. Over http, and over a
# pipe in the place of ssh. A point is LINK:WAY:HOW:N; one is played again by
#
#     CIB=build/dev/cib CIB_POINT=http:down:cut:1234 bash tests/net/cut.sh
. "$(dirname "$0")/../support/crash.sh"
. "$(dirname "$0")/../support/sync_scene.sh"
. "$(dirname "$0")/../support/bad_link.sh"
trap 'close_links; rm -rf "$tmp"' EXIT
export CIB_HTTP_USER=a-1

sync_scene || exit 1
open_links || { echo "SKIP: no web server here"; exit 0; }

# As check_sync, in fewer steps: a cut of the link leaves what a kill may leave, and tests/crash looks at that closely.
check_after() {
	sound "$copy" && check_synced_work || return
	if grep -q "^Sent" "$tmp/err" && [ "$(git -C "$work/central.git" rev-parse "members/m-a^{tree}")" != "$want" ]; then
		bad "reported sent, and is not"
		return
	fi
	(cd "$copy" && "$CIB" sync) >"$tmp/more" 2>&1 </dev/null
	code=$?
	[ $code = 1 ] || { bad "the next sync ends with code $code, not 1 (a draft is left)"; return; }
	[ "$(own_tree)" = "$want" ] || { bad "the next sync ends in another state"; return; }
	[ "$(git -C "$work/central.git" rev-parse "members/m-a^{tree}")" = "$want" ] || { bad "the server has another state"; return; }
	check_synced_work && check_central && no_leftovers
}

try_link() { # POINT
	local link way how n
	in_part || return 0
	point=$1
	points=$((points + 1))
	IFS=: read -r link way how n <<<"$point"
	rm -rf "${work:?}"/*
	cp -a "$scene/." "$work"
	link_of "$link" "$way $n $how"
	local patience=60
	[ "$how" != stall ] || patience=1
	(cd "$copy" && CIB_TIMEOUT=$patience "$CIB" sync) >"$tmp/out" 2>"$tmp/err" </dev/null
	code=$?
	link_of "$link" ""
	case $code in
	4) grep -q "saved here and waits" "$tmp/err" || bad "does not say that the work is saved" ;;
	1) grep -q "^Sent" "$tmp/err" || bad "ends with code 1, and sent nothing" ;;
	*) bad "ends with code $code" ;;
	esac && check_after
}

totals() { # LINK: sets $up and $down, the bytes of a sync that is not disturbed
	rm -rf "${work:?}"/*
	cp -a "$scene/." "$work"
	link_of "$1" ""
	(cd "$copy" && "$CIB" sync) >"$tmp/out" 2>"$tmp/err" </dev/null
	read -r up down < <(link_counts)
	point=$1:undisturbed
	[ "${up:-0}" -gt 500 ] && [ "${down:-0}" -gt 500 ] || { bad "counts nothing: '${up:-}' '${down:-}'"; exit 1; }
}

each_cut() { # LINK POINTS: a spread of points in each direction, the first bytes and the last among them
	local way total i n hows=(cut reset)
	for way in up down; do
		total=$up
		[ $way = up ] || total=$down
		for ((i = 0; i < $2; i++)); do
			n=$((i == 0 ? 0 : total * i / ($2 - 1) - 1))
			try_link "$1:$way:${hows[i % 2]}:$n"
		done
		[ "$1$way" = sshup ] || [ "$1$way" = httpdown ] || try_link "$1:$way:stall:$((total / 2))"
	done
}

every_cut() { # LINK: bytes 0 to 2,047, and 200 more to the end, in each direction
	local way total n
	for way in up down; do
		total=$up
		[ $way = up ] || total=$down
		for ((n = 0; n < total && n < 2048; n++)); do try_link "$1:$way:cut:$n"; done
		for ((; n < total; n += 1 + (total - 2048) / 200)); do try_link "$1:$way:reset:$n"; done
		for ((n = 0; n < total; n += 1 + total / 50)); do try_link "$1:$way:stall:$n"; done
	done
}

cp -a "$scene" "$tmp/plain"
for link in http ssh; do
	rm -rf "$scene"
	cp -a "$tmp/plain" "$scene"
	use_link $link a-1
	case ${CIB_POINT:-$link} in $link*) ;; *) continue ;; esac
	if [ -n "${CIB_POINT:-}" ]; then
		try_link "$CIB_POINT"
		continue
	fi
	totals $link
	echo "# $link: a sync takes $up bytes up, $down down"
	if [ -n "${CIB_TEST_LONG:-}" ]; then every_cut $link; else each_cut $link 6; fi
done
finish "sync survives a link that is cut, reset or silent after any byte"
conclude
