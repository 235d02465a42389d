#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2034,SC2154
# The first copy of a network over a link that is cut again and again: each try goes on where the last one ended, all tries
# together take little more than one transfer, and the copy ends as git's clone does.
. "$(dirname "$0")/../support/people.sh"
. "$support/bad_link.sh"
. "$support/wire.sh"
work=$tmp/work
trap 'close_links; rm -rf "$tmp"' EXIT
open_links || { echo "SKIP: no web server here"; exit 0; }
entries=2000
[ -z "${CIB_TEST_LONG:-}" ] || entries=20000
wire_network $entries || { cat "$tmp/more"; exit 1; }
server=$work/cib/central.git
# A history, and the server's housekeeping: what a network has after some years.
for word in second third; do
	wire_entries next $entries 100 $word | git -C "$server" fast-import --quiet || exit 1
done
export CIB_HTTP_USER=b-1
git -C "$server" repack -q -a -d

join() { # ADDRESS DIR
	(cd "$work" && "$CIB" join "$1" "$2" --user b-1) >"$tmp/out" 2>"$tmp/err" </dev/null
}

objects() { # REPOSITORY REF: all that belongs to it
	git -C "$1" rev-list --objects --no-object-names "$2" | sort | sha1sum
}

files() { (cd "$1" && find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 -r sha1sum | sha1sum); }

for way in http ssh old; do
	export CIB_LINK_OLD=
	[ $way != old ] || CIB_LINK_OLD=1 way=ssh
	address=$(wire_url $way cib)
	address=${address/$CIB_HTTP_USER:$CIB_HTTP_PASSWORD@/}
	link_of $way ""
	rm -rf "$work/whole-$way"
	expect 0 "a copy over $way${CIB_LINK_OLD:+, version 0,} that nothing disturbs" join "$address" "whole-$way"
	whole=$(wire_bytes)
	rm -rf "$work/cut-$way"
	sum=0 tries=0 code=4
	while [ $code = 4 ] && [ $tries -lt 40 ]; do
		tries=$((tries + 1))
		link_of $way "down $((whole / 8 + tries * 1009)) $([ $((tries % 2)) = 0 ] && echo reset || echo cut)"
		join "$address" "cut-$way"
		code=$?
		sum=$((sum + $(wire_bytes)))
		[ $code = 0 ] || [ $tries = 1 ] || grep -q "goes on from there" "$tmp/err" || { sed 's/^/    /' "$tmp/err"; break; }
	done
	is $code 0 "a copy over $way comes about after $((tries - 1)) cuts"
	is "$((tries >= 6))" 1 "which were many"
	is "$((sum * 10 <= whole * 12))" 1 "all tries took $sum bytes, one whole transfer $whole"
	is "$(git -C "$work/cut-$way" rev-parse refs/cib/central/main)" "$(git -C "$server" rev-parse main)" "the copy has the server's main"
	is "$(objects "$work/cut-$way" refs/cib/central/main)" "$(objects "$server" main)" "with all that belongs to it"
	expect 0 "and is sound" git -C "$work/cut-$way" fsck --strict --no-dangling
	is "$(files "$work/cut-$way")" "$(files "$work/whole-$way")" "the folder is that of the undisturbed copy"
	is "$(find "$work/cut-$way/.git" -name 'tmp_*' -o -name '*.lock' ! -name cib.lock -o -name 'incoming*' -o -name 'pack_git2*' -o -name joining.json)" "" "and nothing is left behind"
done
exit "$failed"
