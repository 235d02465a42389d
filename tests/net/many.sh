#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2015
# Many at once: 50 members sync to one central repository at the same time; the staff of one member on several machines; two
# terminals in one copy. Every edit arrives, and nobody is told "sent" for what is not there. In a long run 20 rounds, in which
# every twentieth is killed, and every twentieth loses the link.
set -u
. "$(dirname "$0")/../support/people.sh"
members=50 rounds=1
[ -z "${CIB_TEST_LONG:-}" ] || rounds=20
RANDOM=${CIB_SEED:-4711}
c=$tmp/central.git

names=()
for ((i = 1; i <= members; i++)); do names+=(--member "m-$i:u-$i"); done
expect 0 "init makes a network of $members members" "$CIB" init central.git --title "Example network" --language en --secretariat sec-1 --member m-a:a-1,a-2,a-3 "${names[@]}"

entry() { # USER: prints the id of a new entry
	project "$1" "By $1"
}
prepare() { # USER: a copy with an entry that waits
	CIB_USER=$1 "$CIB" join "$c" "$1" --user "$1" 2>/dev/null && (cd "$1" && CIB_USER=$1 "$CIB" new project "/title/en=By $1" "/description/general/en=About it." /status=2 \
		'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]') >"$1.id" 2>/dev/null
}
for ((i = 1; i <= members; i += 2)); do
	prepare "u-$i" &
	prepare "u-$((i + 1))"
	wait
done

edit() { # USER ROUND
	(cd "$1" && CIB_USER=$1 "$CIB" set "$(cat "../$1.id")" "/title/en=By $1, round $2") >/dev/null 2>&1
}
worker() { # USER FATE: one sync; a fate of 0 is a kill, of 1 a link that is not there
	local user=$1 pid
	if [ "$2" = 1 ]; then
		(cd "$user" && CIB_USER=$user PATH=/nowhere "$CIB" sync) >"$user.out" 2>&1
		return
	fi
	(cd "$user" && CIB_USER=$user exec "$CIB" sync) >"$user.out" 2>&1 &
	pid=$!
	[ "$2" != 0 ] || { sleep "0.$((RANDOM % 10))"; kill -9 $pid 2>/dev/null; }
	wait $pid 2>/dev/null
	echo "exit $?" >>"$user.out"
}
lost() { # ROUND: users who were told "sent" for what is not on the server
	local user id
	for ((i = 1; i <= members; i++)); do
		user=u-$i id=$(cat "u-$i.id")
		grep -q "^Sent" "$user.out" || continue
		git -C "$c" show "members/m-$i:members/m-$i/projects/$id.json" 2>/dev/null | grep -q "By $user, round $1" || echo "$user"
	done
}
syncs=0 took=0 # of all rounds, in microseconds
for ((round = 1; round <= rounds; round++)); do
	for ((i = 1; i <= members; i += 2)); do
		edit "u-$i" $round &
		edit "u-$((i + 1))" $round
		wait
	done
	begun=${EPOCHREALTIME/[.,]/}
	for ((i = 1; i <= members; i++)); do
		fate=19
		[ -z "${CIB_TEST_LONG:-}" ] || fate=$((RANDOM % 20))
		worker "u-$i" $fate &
		syncs=$((syncs + (fate != 1)))
	done
	wait
	took=$((took + ${EPOCHREALTIME/[.,]/} - begun))
	is "$(lost $round)" "" "round $round: what was told sent is there (again: CIB=$CIB ${CIB_TEST_LONG:+CIB_TEST_LONG=1 }CIB_SEED=${CIB_SEED:-4711} bash $0)"
	[ -n "${CIB_TEST_LONG:-}" ] || is "$(grep -l '^Sent 1 entry' u-*.out | wc -l)" $members "all $members were sent at once"
done
if [ -n "${CIB_TEST_LONG:-}" ]; then
	sleep 2 # what a kill left locked is waited for
	for ((i = 1; i <= members; i++)); do (cd "u-$i" && CIB_USER=u-$i "$CIB" sync) >"u-$i.out" 2>&1 || { echo "not ok - u-$i syncs after all"; cat "u-$i.out"; failed=1; }; done
fi
there=0
for ((i = 1; i <= members; i++)); do
	git -C "$c" show "members/m-$i:members/m-$i/projects/$(cat "u-$i.id").json" 2>/dev/null | grep -q "By u-$i, round $rounds" && there=$((there + 1))
done
is $there $members "every member's last edit is on the server"
echo "# $syncs syncs, $members at once: $((took / 1000)) ms in all"
expect 0 "the central repository is sound" git -C "$c" fsck --strict --no-dangling

# ---- the staff of one member, on machines of their own ----
joins a-1 a-2 a-3
ids=()
for user in a-1 a-2 a-3; do ids+=("$(entry $user)"); done
for user in a-1 a-2 a-3; do (cd $user && CIB_USER=$user "$CIB" sync) >"$user.out" 2>&1 & done
wait
is "$(grep -l '^Sent' a-?.out | wc -l)" 3 "three colleagues sync at once, and each is sent"
rounds a-1 a-2 a-3
for id in "${ids[@]}"; do
	is "$(git -C "$c" cat-file -t "members/m-a:members/m-a/projects/$id.json" 2>&1)" blob "$id is there"
	is "$(cat a-?/members/m-a/projects/"$id.json" | grep -c '"id": "p-')" 3 "and with all three"
done
for field in status=3 title/en=Together dates/plannedEnd=2030-01; do
	user=a-$((${n:=0} + 1)) n=$((n + 1))
	as $user set "${ids[0]}" "/$field" 2>/dev/null
done
for user in a-1 a-2 a-3; do (cd $user && CIB_USER=$user "$CIB" sync) >"$user.out" 2>&1 & done
wait
rounds a-1
is "$(field a-1 "${ids[0]}" /status)/$(field a-1 "${ids[0]}" /title/en)/$(field a-1 "${ids[0]}" /dates/plannedEnd)" "3/Together/2030-01" \
	"three edits of one entry at once, in three fields, are all there"

# ---- two terminals in one copy ----
joins sec-1
for i in 1 2 3 4; do as sec-1 access add "n-$i" --role staff --member m-a 2>/dev/null & done
wait
is "$(as sec-1 access list | grep -c "^n-")" 4 "four people who are let in at once by one secretariat are all there"
for i in 1 2 3 4 5 6; do (cd a-1 && CIB_USER=a-1 "$CIB" new project "/title/en=Terminal $i") >/dev/null 2>"t-$i.out" & done
wait
is "$(grep -l "Terminal" a-1/members/m-a/projects/*.json | wc -l)" 6 "six entries made at once in one copy are there"
kept=0
for round in 1 2 3 4 5; do # a colleague's edit comes in by a sync, while four terminals and a remark write the same entry
	as a-2 set "${ids[0]}" "/title/fr=Ensemble $round" 2>/dev/null
	(cd a-2 && CIB_USER=a-2 "$CIB" sync) >/dev/null 2>&1
	for assignment in "title/en=Together $round" "dates/plannedEnd=203$round-01" "description/general/en=At once, $round" "status=$((2 + round % 2))"; do
		(cd a-1 && CIB_USER=a-1 "$CIB" set "${ids[0]}" "/$assignment" >/dev/null 2>&1 || echo "$assignment failed") &
	done
	for i in 1 2; do (cd a-1 && CIB_USER=a-1 "$CIB" comment "${ids[0]}" -m "Remark $i of round $round") >/dev/null 2>&1 & done
	(cd a-1 && CIB_USER=a-1 "$CIB" sync) >/dev/null 2>&1 &
	wait
	[ "$(for at in /title/en /dates/plannedEnd /description/general/en /status /title/fr; do field a-1 "${ids[0]}" $at; done | tr '\n' ' ')" = "Together $round 203$round-01 At once, $round $((2 + round % 2)) Ensemble $round " ] && kept=$((kept + 1))
done
is $kept 5 "four edits of one entry at once in one copy, beside a sync that brings a fifth, are all there, five times"
is "$(as a-1 comment "${ids[0]}" | grep -c "Remark")" 10 "and so are the remarks"
for i in 1 2 3 4; do (cd a-1 && CIB_USER=a-1 "$CIB" sync; echo "exit $?") >"t-$i.out" 2>&1 & done
wait
is "$(grep -hx 'exit [0-9]*' t-[1-4].out | grep -cvx 'exit [15]')" 0 "four syncs at once in one copy: each is done (a draft is left) or says that it is busy"
expect 1 "the next one is done" as a-1 sync
is "$(git -C a-1 rev-parse HEAD)" "$(git -C "$c" rev-parse members/m-a)" "and the server has what is here"
expect 0 "the copy is sound" git -C a-1 fsck --strict --no-dangling
exit "$failed"
