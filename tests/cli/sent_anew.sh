#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# What was not sent went out anew as one commit, on the own branch and on a main that had moved. It holds edits that no other commit has: who sets back
# what the secretariat then accepts keeps that.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
joins a-1 b-1 sec-1
expect 0 "a second of the secretariat" as sec-1 access add sec-2 --role secretariat
rounds sec-1
joins sec-2
p=$(project a-1 "Water") q=$(project a-1 "Bridge") other=$(project b-1 "Other")
rounds a-1 b-1 sec-1
for member in m-a m-b; do
	expect 0 "all of $member is accepted" as sec-1 review accept $member
done
rounds sec-1 sec-2 a-1 b-1

move_main() { # TITLE: by another member and the other reviewer
	as b-1 set "$other" "/title/en=$1" 2>err
	rounds b-1 sec-2
	expect 0 "main moves" as sec-2 review accept m-b
	rounds sec-2
}
goes_anew() { # STATUS: saved with a message that no server takes
	as a-1 set "$p" "/status=$1" 2>err
	as a-1 save 2>err
	git -C a-1 update-ref HEAD "$(git -C a-1 -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit-tree -m $'No\u202egood' -p HEAD~1 'HEAD^{tree}')"
	rounds a-1
	is "$(git -C central.git rev-list --parents -1 members/m-a | wc -w)" 3 "it goes out as one commit with two parents"
}

expect 0 "something else waits" as a-1 comment "$q" -m "A remark"
rounds a-1
move_main One
goes_anew 3
rounds sec-1
move_main Two
goes_anew 2
expect 0 "what was seen is accepted" as sec-1 review accept m-a "$p"
rounds sec-1
is "$(field sec-1 "$p" /status)" 3 "as it was then"
rounds a-1
is "$(field a-1 "$p" /status)" 2 "who set it back since keeps that"
rounds sec-1
expect 0 "the queue" as sec-1 review m-a --json
says "$p" "has it"
exit "$failed"
