#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# A member's branch moves between the look at it and the acceptance: a sync that broke off brought a newer version. What was looked at is accepted,
# and nothing of the rest is taken for accepted.
set -u
. "$(dirname "$0")/../support/people.sh"
strace -qq -o trace true 2>/dev/null || { echo "SKIP: strace cannot follow a program here"; exit 0; }

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2
[ "$failed" = 0 ] || exit 1
joins a-1 a-2 sec-1
p=$(project a-1 "Water") q=$(project a-1 "Bridge")
rounds a-1 sec-1 a-2
expect 0 "all is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2
branch=refs/cib/central/members/m-a

# (Nobody can look for leaks in a program that strace follows.)
# shellcheck disable=SC2317 # called through expect
accept_while() { # COMMIT ID...: accepts, and the branch that is known here is at COMMIT once the queue was read
	local to=$1
	shift
	(cd sec-1 && ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0 CIB_USER=sec-1 strace -f -qq -o "$tmp/trace" -e trace=flock -e inject=flock:delay_enter=2000000:when=1 "$CIB" review accept m-a "$@" >"$tmp/accepted" 2>&1 </dev/null) &
	sleep 1
	git -C sec-1 update-ref $branch "$to"
	wait $!
}

as a-1 set "$p" /status=3 2>err
as a-1 set "$q" /status=3 2>err
rounds a-1 sec-1
as a-1 set "$p" /status=4 2>err
rounds a-1
newer=$(git -C central.git rev-parse members/m-a)
git -C sec-1 fetch -q ../central.git members/m-a 2>err
expect 0 "what was looked at is accepted" accept_while "$newer" "$p" "$q"
is "$(git -C sec-1 show "main:members/m-a/projects/$p.json" | grep -c '"status": "3"')" 1 "as it was looked at"
expect 1 "main does not hold the newer version" git -C sec-1 merge-base --is-ancestor "$newer" main
expect 0 "the queue" as sec-1 review m-a --json
says "$p" "which waits"
says_not "$q" "alone"
rounds sec-1 a-1 a-2
is "$(field a-1 "$p" /status)$(field a-2 "$p" /status)" 44 "the member keeps it"
expect 0 "it is accepted, too" as sec-1 review accept m-a
rounds sec-1 a-1
is "$(git -C central.git show "main:members/m-a/projects/$p.json" | grep -c '"status": "4"')" 1 "and is on main"

exit "$failed"
