#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# The secretariat hands entries over to another member while those who had them work offline: what they changed waits for them
# as a conflict, what they made stays theirs, and all of it can be sent.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
joins a-1 a-2 b-1 sec-1
p=$(project a-1 "Water") q=$(project a-1 "Bridge")
rounds a-1 sec-1
expect 0 "all is accepted" as sec-1 review accept m-a
rounds sec-1 a-1 a-2 b-1
git clone -q central.git plain 2>/dev/null
(
	cd plain && mkdir -p members/m-b/projects && git mv members/m-a/projects/*.json members/m-b/projects/ && sed -i 's/"m-a"/"m-b"/' members/m-b/projects/*.json &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-b goes on with it"
)
expect 0 "all of a member's entries go to another" env CIB_USER=sec-1 git -C plain push -q origin main
as a-1 set "$p" /status=3 2>err
new=$(project a-1 "New")
expect 1 "one of the member who edited one of them is asked" as a-1 sync
says "there it was removed" "as about what is gone"
expect 0 "what is new stays in the own folder" test -e "a-1/members/m-a/projects/$new.json"
expect 0 "and was sent" git -C central.git cat-file -e "members/m-a:members/m-a/projects/$new.json"
is "$(git -C central.git diff --stat main members/m-a -- members/m-b)" "" "nothing was changed in the other's folder"
expect 0 "a colleague's sync" as a-2 sync
expect 0 "it is settled: the other member has it now" as a-1 resolve "$p" --ours
[ -e "a-1/members/m-a/projects/$p.json" ] && expect 0 "so it goes" rm "a-1/members/m-a/projects/$p.json"
rounds a-1 a-2 sec-1
expect 0 "what is new is accepted" as sec-1 review accept m-a "$new"
rounds sec-1 a-1 b-1
is "$(git -C central.git ls-tree -r --name-only main members | grep -c projects)" 3 "main has each entry once"
is "$(field b-1 "$p" /owner) $(field b-1 "$q" /owner)" "m-b m-b" "the other member has its two"

# What waits for review is handed over, and its former member insists.
rounds a-1
as a-1 set "$new" /status=3 2>err
rounds a-1 sec-1
(
	cd plain && git pull -q && git mv "members/m-a/projects/$new.json" members/m-b/projects/ && sed -i 's/"m-a"/"m-b"/' "members/m-b/projects/$new.json" &&
		git -c user.name=s -c user.email=sec-1@secretariat.cib.invalid commit -qam "m-b goes on with that, too"
)
expect 0 "an entry that waits goes to another member" env CIB_USER=sec-1 git -C plain push -q origin main
expect 1 "its member is asked" as a-1 sync
expect 0 "and keeps it" as a-1 resolve "$new" --ours
other=$(project a-1 "Other")
rounds a-1 sec-1
expect 1 "the secretariat does not accept one id twice" as sec-1 review accept m-a "$new"
says "already belongs to another entry: members/m-b/projects/$new.json" "and is told why"
says "cib review decline m-a $new" "and what to do"
expect 0 "the queue" as sec-1 review m-a
says "clashes with main" "says so before"
expect 0 "what else came is accepted" as sec-1 review accept m-a "$other"
rounds sec-1
expect 0 "and is on main" git -C central.git cat-file -e "main:members/m-a/projects/$other.json"
expect 0 "the other is declined" as sec-1 review decline m-a "$new" -m "It is m-b's now."
rounds sec-1 a-1 b-1
is "$(git -C central.git ls-tree -r --name-only main members | grep -c "$new")" 1 "main has it once"
exit "$failed"
