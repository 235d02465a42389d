#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2034,SC2154,SC2317
# What a person sees on a terminal while a join and a sync go over a slow link: what travels, how many bytes, how fast, how long the
# rest takes, and that it becomes less. Into a file nothing of it is written.
. "$(dirname "$0")/../support/people.sh"
. "$support/bad_link.sh"
. "$support/wire.sh"
work=$tmp/work
trap 'close_links; rm -rf "$tmp"' EXIT
open_links || { echo "SKIP: no web server here"; exit 0; }
wire_network 300 || { cat "$tmp/more"; exit 1; }
export CIB_HTTP_USER=a-1 TERM=xterm TERMINAL_QUIET=3
address=$(wire_url ssh cib)

looks() { # PATTERN SENTENCE: a line of $tmp/lines does
	if grep -qE -- "$1" "$tmp/lines"; then
		echo "ok - $2"
	else
		echo "not ok - $2 (no line like '$1')"
		tail -n 20 "$tmp/lines" | sed 's/^/    /'
		failed=1
	fi
}
at_slow_link() { # SECONDS BYTES ARGUMENT...: about so many bytes in so many seconds; the lines that were shown are in $tmp/lines
	link_of ssh "rate $(($2 / $1))"
	python3 "$support/terminal.py" "" "$CIB" "${@:3}" >"$tmp/out" 2>"$tmp/err"
	code=$?
	link_of ssh ""
	tr '\r' '\n' <"$tmp/out" | sed 's/\x1b\[[0-9;]*[A-Za-z]//g' >"$tmp/lines"
}
less_left() { # WORD: seconds that were left, first and last
	sed -n "s/^$1.*, \([0-9]*\) s left\$/\1/p" "$tmp/lines" | sed -n '1p;$p' | { read -r first && read -r last && [ "$last" -lt "$first" ]; }
}

link_of ssh ""
(cd "$work" && "$CIB" join "$address" quiet --user a-1) >"$tmp/out" 2>"$tmp/err" </dev/null
whole=$(wire_bytes)
says_not "receiving" "where nobody looks nothing is shown"
cd "$work" || exit 1
at_slow_link 5 "$whole" join "$address" seen --user a-1
is $code 0 "a join on a terminal"
looks '^receiving [0-9]+ of [0-9]+, [0-9]+ (bytes|kB), [0-9]+ (bytes|kB)/s, [0-9]+ s left$' "says how many of how many, bytes, rate and what is left"
expect 0 "and what is left becomes less" less_left receiving

wire_entries more seen/members/m-a/projects 300 m-a
cd seen || exit 1
at_slow_link 6 420000 sync
is $code 0 "a sync on a terminal"
looks '^sending, [0-9]+ (bytes|kB) of [0-9]+ kB, [0-9]+ (bytes|kB)/s, [0-9]+ s left$' "says what was sent of how much, the rate and what is left"
expect 0 "and what is left becomes less" less_left sending
looks '^Sent 300 entries' "and then what came of it"
exit "$failed"
