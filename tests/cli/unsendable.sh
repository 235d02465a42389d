#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# What is saved can be sent: a message that no server takes is refused when it is given, and what came into the copy all the same
# (saved while the clock was wrong, committed with git) goes out anew without it.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
joins a-1 b-1 sec-1

p=$(project a-1 "Water")
expect 2 "a message that turns the writing round is refused" as a-1 save -m $'No\u202egood'
says "nothing was saved" "and says that nothing was saved"
expect 2 "and one that is too long" as a-1 save -m "$(printf '%8192s' x | tr ' ' x)"
says "less than 8192 bytes" "with how long it may be"
expect 0 "the longest one is not" as a-1 save -m "$(printf '%8191s' x | tr ' ' x)"
rounds a-1
at_server() { git -C central.git show "members/m-a:members/m-a/projects/$1.json" 2>/dev/null | grep -c "\"$2\""; }
is "$(at_server "$p" Water)" 1 "and goes out"

# shellcheck disable=SC2317 # called through expect
commit() { # DATE MESSAGE: with git
	git -C a-1 read-tree HEAD && git -C a-1 add members/m-a &&
		GIT_COMMITTER_DATE="$1" git -C a-1 -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit -q --no-verify -m "$2"
}
goes_out() { # ID VALUE WHAT
	rounds a-1
	is "$(at_server "$1" "$2")" 1 "$3 goes out"
	is "$(git -C a-1 for-each-ref refs/cib/rescue | grep -c .)" "$((++kept))" "and the commit as it was is kept"
	expect 0 "the next sync" as a-1 sync
	says "Nothing new" "has nothing to do"
}
kept=0
as a-1 set "$p" /title/en=Rain 2>err
expect 0 "saved while the clock was ten years ahead" commit "$(($(date +%s) + 315360000)) +0000" "Change the title"
goes_out "$p" Rain "what is from the future"
as a-1 set "$p" /title/en=Snow 2>err
expect 0 "a message that no server takes" commit "$(date +%s) +0000" $'No\u202egood'
goes_out "$p" Snow "what it was said of"
as a-1 set "$p" /title/en=Ice 2>err
expect 0 "and one of two" commit "$(date +%s) +0000" $'No\u202egood'
as a-1 set "$p" /title/en=Hail 2>err
goes_out "$p" Hail "what both made"
is "$(git -C central.git log members/m-a | grep -c good)" 0 "the messages stayed here"
rounds sec-1
expect 0 "and all is accepted" as sec-1 review accept m-a

# What goes out anew builds on two: on main, and on what else of this member waits there.
expect 0 "a practice, too" as a-1 new practice "/title/en=A test" "/summary/en=Short." "/objectives/en=O." "/process/en=P." "/results/en=R." "/lessons/en=L." /country=TN \
	'/actors:=[{"id":"o-1","member":"m-a","role":"lead"}]' '/themes:=["waste"]' '/consent:={"partnersAgreed":true}' /licence=CC-BY-4.0
q=$(project b-1 "Elsewhere")
rounds sec-1 b-1 a-1 sec-1
expect 0 "main goes on" as sec-1 review accept m-b "$q"
rounds sec-1
as a-1 set "$p" /status=3 2>err
expect 0 "a message that no server takes" commit "$(date +%s) +0000" $'No\u202egood'
goes_out "$p" 3 "what builds on two"
is "$(git -C central.git log --format=%P members/m-a | head -1 | wc -w)" 2 "with both before it"
rounds sec-1
expect 0 "it is accepted by itself" as sec-1 review accept m-a "$p"
as sec-1 set "$p" /status=2 2>err
rounds sec-1 a-1
is "$(field a-1 "$p" /status)" 2 "and what the secretariat then set back is"
expect 0 "and nobody is asked" as a-1 resolve

# The same of the secretariat: what it accepted is in what goes out anew.
as a-1 set "$p" /status=4 2>err
rounds a-1 sec-1
expect 0 "an entry is accepted by itself" as sec-1 review accept m-a "$p"
as sec-1 set "$q" /status=3 2>err
git -C sec-1 update-ref refs/heads/main "$(git -C sec-1 -c user.name=sec-1 -c user.email=sec-1@secretariat.cib.invalid commit-tree -m $'No\u202egood' -p main~1 'main^{tree}')"
rounds sec-1
is "$(git -C central.git log -1 --format=%s main)" "Send what was not sent yet" "with a message that no server takes, it goes out anew"
is "$(git -C central.git log -1 --format=%b main | grep -c "^Accepted: m-a/projects/$p.json\( [a-p]\{12\}\)* on [a-p]\{12\}$")" 1 "and says still what was accepted"
as sec-1 set "$p" /status=2 2>err
rounds sec-1 a-1
is "$(field a-1 "$p" /status)" 2 "and what the secretariat then set back is"
expect 0 "and nobody is asked" as a-1 resolve
exit "$failed"
