#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2034,SC2154
# What edited entries cost on the wire, both ways, beside real git doing the same over the same link: not more than 1.2 times.
# The large form, with 20,000 entries, is `./dev bench sync`.
. "$(dirname "$0")/../support/people.sh"
. "$support/bad_link.sh"
. "$support/wire.sh"
work=$tmp/work
trap 'close_links; rm -rf "$tmp"' EXIT
open_links || { echo "SKIP: no web server here"; exit 0; }
wire_network 300 || { cat "$tmp/more"; exit 1; }

compare() { # WHAT CIB GIT
	if [ "$2" -gt 500 ] && [ $(($2 * 10)) -le $(($3 * 12)) ]; then
		echo "ok - $1: $2 bytes, git $3"
	else
		echo "not ok - $1: $2 bytes, git $3"
		failed=1
	fi
}

for way in "ssh 1 10" "http 10"; do
	read -ra ns <<<"${way#* }"
	way=${way%% *}
	wire_join "$way" || { echo "not ok - the copies over $way"; exit 1; }
	for n in "${ns[@]}"; do
		wire_push "$way" "$n" "$way$n" || { echo "not ok - sending"; failed=1; continue; }
		compare "$n edited entries go out over $way" "$cib" "$git"
		compare "and without what a sync with no news takes" "$cib_alone" "$git_alone"
		wire_fetch "$way" "$n" "$way$n" || { echo "not ok - receiving"; failed=1; continue; }
		compare "$n edited entries come in over $way" "$cib" "$git"
	done
done
exit "$failed"
