#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2119,SC2120,SC2317 # ../support/people.sh; functions that expect runs
# The screen never loses a decision: killed with SIGKILL at any moment of a sitting or of its end, with a sync beside it,
# with another sitting beside it, and with a sitting of other members left open. Keys come from tmux.
set -u
. "$(dirname "$0")/../support/people.sh"
command -v tmux >/dev/null || {
	echo "skip - the screen under kill -9: there is no tmux"
	exit 0
}
socket=cib-test-$$
trap 'tmux -L $socket kill-server 2>/dev/null; rm -rf "$tmp"' EXIT
seed=${CIB_TEST_SEED:-$$}
RANDOM=$seed
rounds=4
[ "${CIB_TEST_LONG:-0}" = 0 ] || rounds=60

mux() { tmux -L "$socket" -f /dev/null "$@" 2>/dev/null; }
sit() { # MEMBER...: opens the screen; the pane's process is cib itself
	mux kill-server
	mux new-session -d -s s -x 100 -y 30 "cd '$tmp/sec-1'; CIB_USER=sec-1 CIB_LANG=en exec '$CIB' review $* --interactive"
	for _ in $(seq 200); do
		mux capture-pane -p -t s | grep -q 'Review [0-9]' && return 0
		sleep 0.05
	done
	return 1
}
kill_it() { kill -9 "$(mux display-message -p -t s '#{pane_pid}')" 2>/dev/null; }
steps() { # how many steps the file holds; "damaged" when a line is not JSON
	[ -e sec-1/.git/cib/review.jsonl ] || { echo 0; return; }
	python3 -c 'import json,sys; print(sum(json.loads(l) != {} for l in open(sys.argv[1])))' sec-1/.git/cib/review.jsonl 2>/dev/null || echo damaged
}
pending() { as sec-1 review --state pending --json 2>/dev/null | grep -c .; }

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en --secretariat sec-1 --member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
[ "$failed" = 0 ] || exit 1
joins sec-1 andal-1 voorbeeld-1
first=$(project andal-1 "Number 1")
for i in 2 3 4 5 6 7 8; do
	id=p-000000000$i
	sed "s/$first/$id/; s/Number 1/Subject $i of its own kind $i$i/" "andal-1/members/m-andal/projects/$first.json" >"andal-1/members/m-andal/projects/$id.json"
done
d=$(project voorbeeld-1 "Registry office")
rounds_of() { as andal-1 sync && as voorbeeld-1 sync && as sec-1 sync; }
expect 0 "nine entries wait" rounds_of
is "$(pending)" 9 "as the queue says"
main_before=$(git -C sec-1 rev-parse main)

echo "# Killed between keys"
expect 0 "the screen opens" sit
mux send-keys -t s -l a
mux send-keys -t s -l a
for _ in $(seq 100); do [ "$(steps)" = 2 ] && break; sleep 0.05; done
kill_it
is "$(steps)" 2 "after two keys and SIGKILL both decisions are kept"
expect 0 "the next sitting" at_terminal sec-1 'q' review -i
says "accepted 2" "shows them"
expect 0 "and u takes both back" at_terminal sec-1 'uuq' review -i
is "$(steps)" 0 "so that nothing is left"

echo "# Killed anywhere among keys (CIB_TEST_SEED=$seed)"
bad=0
for i in $(seq $rounds); do
	rm -f sec-1/.git/cib/review.jsonl
	sit || bad=$((bad + 1))
	mux send-keys -t s -l aaaaaaaaa
	sleep "0.0$((RANDOM % 10))"
	kill_it
	n=$(steps)
	if [ "$n" = damaged ] || [ "$n" -gt 9 ]; then
		bad=$((bad + 1))
		echo "# round $i: $n"
	fi
done
is "$bad" 0 "the file is whole each time"
is "$(git -C sec-1 rev-parse main)" "$main_before" "and nothing was carried out"

echo "# Killed anywhere while it is carried out (CIB_TEST_SEED=$seed)"
cp -a sec-1 kept
bad=0
for i in $(seq $rounds); do
	rm -rf sec-1 && cp -a kept sec-1 && rm -f sec-1/.git/cib/review.jsonl
	sit || bad=$((bad + 1))
	mux send-keys -t s -l "aaaaaaaar"
	mux send-keys -t s -l "Which office?"
	mux send-keys -t s Enter
	for _ in $(seq 100); do [ "$(steps)" = 10 ] && break; sleep 0.05; done
	mux send-keys -t s -l f
	sleep "0.0$((RANDOM % 8))"
	kill_it
	at_terminal sec-1 'f' review -i >out 2>err </dev/null || [ "$(pending)" = 0 ] || { bad=$((bad + 1)); cat out err; }
	asked=$(git -C sec-1 show "main:reviews/m-voorbeeld/$d.json" | grep -c '"text": "Which office?"')
	[ "$(pending) $asked $(steps)" = "0 1 0" ] || { bad=$((bad + 1)); echo "# round $i: waiting $(pending), asked $asked times, steps left $(steps)"; }
	grep -q 'wait again' out && { bad=$((bad + 1)); cat out; }
done
is "$bad" 0 "f again carries out what is left, once: eight accepted, one returned with its comment once"
rm -rf sec-1 && mv kept sec-1

echo "# Two sittings in one copy, and one of another member"
rm -f sec-1/.git/cib/review.jsonl
expect 0 "a sitting on one member" sit m-andal
mux send-keys -t s -l a
for _ in $(seq 100); do [ "$(steps)" = 1 ] && break; sleep 0.05; done
expect 5 "a second one beside it" at_terminal sec-1 'q' review m-voorbeeld -i
says "go on there" "is told to wait"
mux send-keys -t s -l q
for _ in $(seq 100); do mux has-session -t s || break; sleep 0.05; done
expect 0 "a sitting on another member" at_terminal sec-1 'af' review m-voorbeeld -i
says "Accepted 2" "carries out what was decided on the first, too"

echo "# A sync beside the sitting"
expect 0 "a sitting" sit m-andal
mux send-keys -t s -l aaaaaaa
for _ in $(seq 100); do [ "$(steps)" = 7 ] && break; sleep 0.05; done
expect 0 "a member changes one of them" as andal-1 set "$first" "/title/en=Number one, changed"
expect 0 "sends it" as andal-1 sync
expect 0 "and it comes while the screen is open" as sec-1 sync
shown=$(git -C sec-1 ls-tree -r --name-only main -- members/m-andal/projects | wc -l)
mux send-keys -t s -l f
for _ in $(seq 100); do mux has-session -t s || break; sleep 0.05; done
accepted=$(git -C sec-1 ls-tree -r --name-only main -- members/m-andal/projects | wc -l)
is "$((accepted + $(pending)))" 8 "what was shown is accepted, the newer version waits again"
is "$([ "$accepted" -gt "$shown" ] && echo more)" more "and the rest is carried out"
exit "$failed"
