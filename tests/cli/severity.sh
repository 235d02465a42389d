#!/usr/bin/env bash
# How a network weighs its rules: network.json says error, warning or advice, and it holds in the editor's check, in
# cib check, at the central repository and in review. Takes the program from $CIB; prints a line for each statement.
set -u
CIB=${CIB:?path of the cib program}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/statements.sh
. "$here/../support/statements.sh"

"$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 2>"$tmp/err" || not_ok "init makes a network"
for user in a-1 sec-1; do
	expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/central.git" $user --user $user
done

# A rule that is an error: the entry stays a draft, and plain git cannot send it.
p=$(project a-1 "Late start" /dates/plannedEnd=2024-06)
expect 1 "an end before the start is an error" as a-1 set "$p" /dates/plannedEnd=2020-01
expect 1 "check fails" as a-1 check --format json
says '"severity":"error"' "and says how grave it is"
expect 1 "save leaves a draft" as a-1 sync

# The secretariat makes it a warning.
json sec-1/network.json 'd["rules"] = {"rule.order": "warning"}'
expect 0 "the secretariat weighs the rule as a warning" as sec-1 sync
expect 1 "the member takes the new weight in" as a-1 sync
expect 0 "and the entry goes out" as a-1 sync
expect 0 "check passes" as a-1 check --format json
says '"code":"rule.order","severity":"warning"' "and keeps the warning"
expect 0 "set passes" as a-1 set "$p" /dates/plannedEnd=2020-02
says "warning" "and shows the author the warning"
(cd a-1 && CIB_USER=a-1 "$CIB" save -m "Later") 2>"$tmp/err"
expect 0 "plain git can send it" env CIB_USER=a-1 git -C a-1 push "$tmp/central.git" HEAD:refs/heads/members/m-a
says "remote: warning: " "and the guard says the warning"
says "$p" "with the entry"
expect 0 "the secretariat receives it" as sec-1 sync
expect 0 "the reviewer opens it" as sec-1 review show m-a "$p"
says "warning" "and sees the warning"
expect 0 "explain tells the weight in this network" as a-1 explain rule.order
says "warning in this network, elsewhere error" "beside the usual one"

# Raised again while entries break it: refused with the entries.
expect 0 "the entry is accepted with its warning" as sec-1 review accept m-a "$p"
expect 0 "and sent" as sec-1 sync
json sec-1/network.json 'd["rules"] = {"rule.order": "error"}'
expect 3 "a weight under which an entry of main is invalid is refused" as sec-1 sync
says "$p" "with that entry"
git -C sec-1 reset -q --soft refs/cib/central/main 2>/dev/null
git -C sec-1 update-ref refs/heads/main refs/cib/central/main
git -C sec-1 show main:network.json >sec-1/network.json

# What keeps the network whole cannot be weighed; what is not known is refused.
settings() { # SENTENCE TEXT EXPRESSION: a draft here, and refused there
	json sec-1/network.json "$3"
	expect 1 "$1 stays a draft" as sec-1 sync
	says "$2" "and says why"
	(
		cd sec-1 || exit 1
		tree=$(git ls-tree main | sed "s/ [0-9a-f]* *network.json/ /; s/[0-9a-f]\{40\}\tnetwork.json/$("$CIB" fmt network.json | git hash-object -w --stdin)\tnetwork.json/" | git mktree)
		c=$(GIT_AUTHOR_NAME=s GIT_AUTHOR_EMAIL=sec-1@secretariat.cib.invalid GIT_COMMITTER_NAME=s GIT_COMMITTER_EMAIL=sec-1@secretariat.cib.invalid git commit-tree -p main -m settings "$tree")
		CIB_USER=sec-1 git push "$tmp/central.git" "$c:refs/heads/main"
	) >"$tmp/out" 2>"$tmp/err"
	expect 1 "$1 is refused by the guard" grep -q "main -> main" "$tmp/err"
	git -C sec-1 show main:network.json >sec-1/network.json
}
settings "a weight for a rule that keeps the network whole" "cannot be weighed" 'd["rules"] = {"guard.mode": "warning"}'
settings "a weight for a rule that does not exist" "no rule rule.odrer" 'd["rules"] = {"rule.odrer": "warning"}'
settings "a weight that is none" "an error, a warning or advice" 'd["rules"] = {"rule.order": "fatal"}'
settings "a limit that does not exist" "no limit jsonbytes" 'd["limits"] = {"jsonbytes": 5}'
settings "a review policy that does not exist" "required" 'd["review"] = "maybe"'
expect 0 "after all this the secretariat works on" as sec-1 sync

# Every code in the sources of the guard and of the checks is in the book.
missing=0
src=$here/../../lib
for code in $(grep -rhoE '"(guard|network|rule|settings|privacy|code)\.[a-z][a-zA-Z-]*"' "$src/guard" "$src/network" | tr -d '"' | sort -u); do
	case $code in network.json | network.none | network.no-access | guard.stopped | code.near | code.find | code.successor) continue ;; esac # names of files, faults of a repository, hints
	if ! "$CIB" explain "$code" >/dev/null 2>&1; then
		echo "# no rule $code"
		missing=1
	fi
done
if [ $missing = 0 ]; then echo "ok - explain knows every rule that is used"; else not_ok "explain knows every rule that is used"; fi
expect 0 "explain lists all rules" "$CIB" explain
says "guard.mode" "with theirs"
expect 2 "a rule that does not exist is a usage error" "$CIB" explain guard.mod
says "guard.mode" "that names the nearest"
exit $failed
