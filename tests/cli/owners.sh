#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# What a co-owner said stays on main when its branch, as another of the secretariat sees it, does not hold it: it came on a stick.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 --member m-b:b-1,b-2
[ "$failed" = 0 ] || exit 1
joins a-1 b-1 b-2 sec-1
expect 0 "a second of the secretariat" as sec-1 access add sec-2 --role secretariat
rounds sec-1
joins sec-2
p=$(project a-1 "Water" '/owners:=["m-a","m-b"]')
rounds a-1 b-1
expect 0 "the other owner agrees" as b-1 agree m-a "$p"
rounds b-1 sec-1
expect 0 "it is accepted" as sec-1 review accept m-a "$p"
rounds sec-1 sec-2 a-1 b-1 b-2

edits() { # STATUS: and sends it without asking for main
	as a-1 set "$p" "/status=$1" 2>err
	expect 0 "a new version" as a-1 sync --only mine
}
edits 3
expect 0 "one of the other owner's staff agrees" as b-1 agree m-a "$p" -m "By stick"
expect 0 "and saves that" as b-1 save
expect 0 "for a stick" as b-1 bundle create ../b.bundle
expect 0 "which the secretariat takes" as sec-1 bundle apply ../b.bundle
rounds sec-1
expect 0 "and accepts the version" as sec-1 review accept m-a "$p"
rounds sec-1
edits 4
expect 0 "another of the other owner's staff agrees" as b-2 agree m-a "$p" -m "By the server"
expect 0 "and sends that" as b-2 sync --only mine
rounds sec-2
expect 0 "another of the secretariat accepts the version" as sec-2 review accept m-a "$p"
rounds sec-2
expect 0 "main" git -C central.git show "main:members/m-b/comments/$p.json"
says "By stick" "has what came by stick"
says "By the server" "and what came by the server"
rounds b-1 b-2
is "$(grep -c '"text"' "b-2/members/m-b/comments/$p.json")" 3 "and all of it is with everybody"

# Who has not synced lacks the main that the other's version builds on.
rounds sec-1
as sec-1 set "$p" /dates/plannedStart=2025-01 2>err
rounds sec-1 a-1
edits 3
expect 3 "who has not synced" as b-1 agree m-a "$p"
says "newer main" "is told why"
says "cib sync" "and what to do"
says_not "guard" "and nobody is blamed"
rounds b-1
expect 0 "and then agrees" as b-1 agree m-a "$p"

# Who names the entry alone.
expect 2 "whose it is has to be said, too" as b-1 agree "$p"
says "cib agree m-a $p" "and the words say how"
expect 2 "and of an entry that is not known here" as b-1 agree p-0000000000
says "cib members" "where to look"
exit "$failed"
