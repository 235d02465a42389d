#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# Who sends an edit and then thinks better of it keeps the last word, whatever became of what was sent: accepted by itself
# meanwhile, or sent past a main that came on a stick. Where a colleague made the same edit, a person decides.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
joins a-1 a-2 b-1 sec-1

there() { [ -e "$1/members/m-a/projects/$2.json" ] && echo there || echo gone; }

kept_back() { # ID NEW OLD WHAT: everybody of the member has what was set back
	local who
	for who in a-1 a-2; do
		is "$(field $who "$1" /status)" 2 "$4: what was set back stays so, with $who"
		is "$(there $who "$2")" gone "and what was made and removed stays away"
		is "$(there $who "$3")" there "and what was removed and brought back is there"
		is "$(as $who status --json | grep -c '"conflict"')" 0 "without a question"
	done
	git -C central.git show "members/m-a:members/m-a/projects/$1.json" | grep -q '"status": "2"'
	is $? 0 "and so it is at the server"
}

think_better() {
	as a-1 set "$p" /status=2 2>err
	rm "a-1/members/m-a/projects/$new.json"
	cp old.json "a-1/members/m-a/projects/$old.json"
	expect 0 "the member thinks better of it" as a-1 save
	rounds a-1 a-2
}

# The secretariat accepts a part of what was sent.
p=$(project a-1 "Water") old=$(project a-1 "Bridge") other=$(project a-1 "Market")
rounds a-1 sec-1
expect 0 "all is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2
cp "a-1/members/m-a/projects/$old.json" old.json
as a-1 set "$p" /status=3 2>err
as a-1 set "$other" /status=3 2>err
rm "a-1/members/m-a/projects/$old.json"
new=$(project a-1 "New")
rounds a-1 sec-1
expect 0 "three of four are accepted, each by itself" as sec-1 review accept m-a "$p" "$old" "$new"
rounds sec-1
think_better
kept_back "$p" "$new" "$old" "accepted meanwhile"
is "$(field a-2 "$other" /status)" 3 "what nobody set back is as it was sent"
rounds sec-1
expect 0 "the secretariat's queue" as sec-1 review m-a --json
says "$p" "has what was set back"
expect 0 "which is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2
kept_back "$p" "$new" "$old" "and accepted again"

# It is accepted by itself, and main goes on with it.
as a-1 set "$p" /status=3 2>err
as a-1 set "$other" /status=2 2>err
rounds a-1 sec-1
expect 0 "one of two is accepted" as sec-1 review accept m-a "$p"
expect 0 "and edited on main" as sec-1 set "$p" "/title/en=Clean water"
rounds sec-1
as a-1 set "$p" /status=2 2>err
rounds a-1 a-2
is "$(field a-2 "$p" /status)" 2 "what was set back stays so beside an edit on main"
is "$(field a-2 "$p" /title/en)" "Clean water" "which stays, too"
is "$(as a-2 status --json | grep -c '"conflict"')" 0 "without a question"
rounds sec-1
expect 0 "all is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2

# It is set back and sent before the acceptance is: the secretariat is to see that when it accepts the rest.
decides_on_all() { # WHAT
	rounds sec-1
	expect 0 "$1: the queue" as sec-1 review m-a --json
	says "$p" "has what was set back"
	expect 0 "all is accepted" as sec-1 review accept m-a
	rounds sec-1 a-1 a-2
	is "$(field a-2 "$p" /status)" 2 "$1: what was set back stays so"
}
as a-1 set "$p" /status=3 2>err
as a-1 set "$other" /status=3 2>err
rounds a-1 sec-1
expect 0 "one of two is accepted" as sec-1 review accept m-a "$p"
as a-1 set "$p" /status=2 2>err
rounds a-1
decides_on_all "accepted by itself"
as a-1 set "$other" /status=2 2>err
as a-1 save 2>err
as a-1 set "$p" /status=3 2>err
rounds a-1
project b-1 "Quay" >/dev/null
rounds b-1 sec-1
expect 0 "another's is accepted" as sec-1 review accept m-b
rounds sec-1
expect 0 "all is accepted, and not sent yet" as sec-1 review accept m-a
rounds a-1
as a-1 set "$p" /status=2 2>err
as a-1 set "$other" /status=3 2>err
rounds a-1
decides_on_all "accepted with the branch, which took in an older main"

# Set back what was accepted by itself, and send it with something else, of which then all is accepted: main does not hold the whole branch.
as a-1 set "$p" /status=3 2>err
rounds a-1 sec-1
expect 0 "one entry is accepted" as sec-1 review accept m-a "$p"
as a-1 set "$p" /status=2 2>err
as a-1 set "$other" /status=4 2>err
expect 0 "the member has set it back, and speaks of an entry that did not change" as a-1 comment "$old" -m "The bridge is painted now."
expect 0 "and sends that without asking for main" as a-1 sync --only mine
rounds sec-1
expect 0 "what else is in the queue is accepted" as sec-1 review accept m-a "$other"
rounds sec-1 a-1 a-2
for who in a-1 a-2; do
	is "$(field $who "$p" /status)" 2 "what was set back stays so, with $who"
	is "$(field $who "$other" /status)" 4 "what was accepted is there"
	is "$(grep -c "The bridge is painted now" "$who/members/m-a/comments/$old.json" 2>/dev/null)" 1 "and so is the remark"
done
rounds sec-1
expect 0 "the secretariat's queue" as sec-1 review m-a --json
says "$p" "has what was set back"
expect 0 "which is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2
kept_back "$p" "$new" "$old" "and accepted at last"

# A main that the server does not have comes on a stick, and what is sent goes past it.
project b-1 "Harbour" >/dev/null
rounds b-1 sec-1
expect 0 "the secretariat accepts another's" as sec-1 review accept m-b
expect 0 "and writes a stick before it syncs" as sec-1 bundle create ../stick.bundle
expect 0 "which a member's laptop takes" as a-1 bundle apply ../stick.bundle
as a-1 set "$p" /status=3 2>err
rm "a-1/members/m-a/projects/$old.json"
new=$(project a-1 "New")
rounds a-1
is "$(git -C central.git log -1 --format=%s members/m-a)" "Send what is new here" "what is sent goes past that main"
think_better
kept_back "$p" "$new" "$old" "sent past a main"
rounds sec-1 a-1 a-2
kept_back "$p" "$new" "$old" "and when the server has it"

# What came on the stick itself is set back: where both laptops took it, and where one did and sends it past the other's main.
takes() { # STATUS USER...: the secretariat changes the entry and gives it away before it syncs
	expect 0 "all is accepted" as sec-1 review accept m-a
	rounds sec-1 a-1 a-2
	expect 0 "the secretariat edits it" as sec-1 set "$p" "/status=$1"
	expect 0 "and writes a stick before it syncs" as sec-1 bundle create ../stick.bundle
	local user
	shift
	for user in "$@"; do expect 0 "which $user takes" as "$user" bundle apply ../stick.bundle; done
}
stays_back() { # WHAT
	rounds sec-1 a-2 a-1 a-2
	local who
	for who in a-1 a-2; do is "$(field $who "$p" /status)$(field $who "$p" /title/en)" "2$1" "with $who it stays so beside a colleague's edit"; done
	expect 0 "without a question" as a-1 resolve
	is "$(git -C central.git show "members/m-a:members/m-a/projects/$p.json" | grep -c '"status": "2"')" 1 "and so it is at the server"
}
takes 4 a-1 a-2
as a-1 set "$p" /status=2 2>err
rounds a-1
as a-2 set "$p" /title/en=Rain 2>err
rounds a-2 a-1
stays_back Rain
takes 5 a-1
as a-1 set "$p" /title/en=Snow 2>err
rounds a-1 a-2
is "$(field a-2 "$p" /status)" 5 "a colleague gets it by the way that goes past"
as a-2 set "$p" /status=2 2>err
rounds a-2
stays_back Snow
rounds sec-1
expect 0 "all of it is accepted" as sec-1 review accept m-a
stays_back Snow

# A conflict goes to main with its entry, which is accepted by itself, and is settled meanwhile: it is not asked again.
as a-1 set "$p" /title/en=One 2>err
rounds a-1
as a-2 set "$p" /title/en=Two 2>err
as a-2 set "$other" /status=2 2>err
expect 1 "two people decided differently" as a-2 sync
rounds a-1 sec-1
expect 0 "the entry is accepted" as sec-1 review accept m-a "$p"
rounds sec-1
expect 0 "the conflict is settled" as a-1 resolve "$p" --ours
rounds a-1 a-2
for who in a-1 a-2; do
	expect 0 "and stays so, with $who" as $who resolve
	is "$(field $who "$p" /title/en)" Two "as it was settled"
done
rounds sec-1
expect 0 "all is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2
is "$(git -C central.git ls-tree -r --name-only main -- members/m-a/conflicts)" "" "main has no conflict"

# A colleague makes the same edit, and sets nothing back.
as a-1 set "$p" /status=3 2>err
as a-1 save 2>err
as a-1 set "$p" /status=2 2>err
as a-2 set "$p" /status=3 2>err
rounds a-1
expect 1 "two people decided differently" as a-2 sync
expect 1 "and are asked" as a-2 resolve --json
says '"3"' "with the one value"
says '"2"' "and the other"
exit "$failed"
