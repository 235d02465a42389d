# shellcheck shell=bash disable=SC2034,SC2154
# Hostile pushes for the tests of hostile.py, which tells what they are. Sourced by tests that stand in $tmp.
#
#   hostile_build          a network, built.git, and all that is to be pushed to it
#   hostile_central NAME   a copy of it, NAME.git, to push to
#   hostile COMMAND ...    hostile.py, where a statement that failed fails the test
#
# and how much is done: $every, hostile pushes before the next honest one; $first_share and $next_share, of how many one is pushed to the first
# server of a kind and to others. All of all by CIB_TEST_LONG; few where sanitizers watch, for hostile.sh runs with them, too.
every=10 first_share=1 next_share=12
[ "$(basename "$(dirname "$CIB")")" != asan ] || first_share=12
[ -z "${CIB_TEST_LONG:-}" ] || every=1 first_share=1 next_share=1

hostile_build() {
	"$CIB" init built.git --title T --language en --secretariat sec-1 --member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1 \
		--member m-third:third-1 2>err || { echo "not ok - init makes a network"; cat err; exit 1; }
	git -C built.git config gc.auto 0
	python3 "$support/hostile.py" build "$tmp" "$tmp/built.git" || { echo "not ok - what is hostile is built"; exit 1; }
}
hostile_central() {
	mkdir -p "$(dirname "$1")"
	cp -a built.git "$1.git"
}
hostile() {
	local command=$1
	shift
	python3 "$support/hostile.py" "$command" "$tmp" "$@" || failed=1
}
