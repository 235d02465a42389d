#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154 # ../support/people.sh
# Personal data at the gate: the same finding in the editor's check, cib check, save, the hook, a range, a bundle and review;
# an exception with its reason, and how a network weighs it. Addresses and numbers are made up.
set -u
. "$(dirname "$0")/../support/people.sh"
expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-andal:andal-1,andal-2
[ "$failed" = 0 ] || exit 1
joins sec-1 andal-1
json() { # FILE STATEMENT: change a JSON file; d is the document
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
exec(sys.argv[2])
open(sys.argv[1], "w", encoding="utf-8").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n")' "$@"
}
found='"code":"privacy.email"'

echo "# What is found, and where"
p=$(project andal-1 "Water for six towns")
expect 0 "a project of nobody's data is saved" as andal-1 save
file=andal-1/members/m-andal/projects/$p.json
expect 1 "an address of a person in a text is found as it is written" as andal-1 set "$p" "/description/general/en=Ask jo.doe@andal.example about the niñ@s of FR76 3000 6000 0112 3456 7890 189."
says "an e-mail address that is no mailbox of the organisation" "in words"
hides_value() { if grep -q "jo.doe" out err; then echo "not ok - $1"; failed=1; else echo "ok - $1"; fi; }
hides_value "that do not repeat it"
expect 1 "by check" as andal-1 check --format json
says "$found" "as the same rule"
says '"pointer":"/description/general/en"' "in that field"
expect 1 "save keeps it back as a draft" as andal-1 save
expect 1 "so that it comes into no commit" git -C andal-1 grep -q jo.doe refs/heads/members/m-andal
expect 1 "and a sync sends the rest" as andal-1 sync
expect 0 "a role's mailbox passes" as andal-1 set "$p" "/description/general/en=Ask projects@andal.example about the niñ@s." /contact/mailbox=cooperation@andal.example
expect 1 "a telephone number does not" as andal-1 set "$p" "/description/general/en=Call +31 20 555 0147."
says "a telephone number" "and is called what it is"
expect 0 "without it the project is well" as andal-1 set "$p" "/description/general/en=About six towns."
expect 1 "a point finer than a city is found" as andal-1 set "$p" '/locations:=[{"id":"l-1","lat":"36.123456","lon":"10.2","precision":"city","name":{"en":"Exempleville"}}]'
says "round both coordinates to 2 decimals" "with what to do"
expect 0 "as exact it may stand" as andal-1 set "$p" /locations/l-1/precision=exact
expect 1 "a message with an address is refused" as andal-1 save -m "As jo.doe@andal.example asked"
says "nothing was saved" "before anything is saved"
expect 0 "the project is saved and sent" as andal-1 sync

echo "# A server asks the same of everybody"
plain() { # a commit of what lies in andal-1's folder, by plain git
	(cd andal-1 && blob=$(git hash-object -w "members/m-andal/projects/$p.json") && tree=$(GIT_INDEX_FILE=$tmp/index sh -c "git read-tree HEAD && git update-index --cacheinfo 100644,$blob,members/m-andal/projects/$p.json && git write-tree") &&
		git -c user.name=andal-1 -c user.email=andal-1@m-andal.cib.invalid commit-tree -p HEAD -m change "$tree")
}
cp "$file" good
sed -i 's/About six towns/Ask jo.doe@andal.example/' "$file"
bad=$(plain)
expect 1 "plain git cannot send it" env CIB_USER=andal-1 git -C andal-1 push "$tmp/central.git" "$bad:refs/heads/members/m-andal"
says "refused: ${bad:0:12}:members/m-andal/projects/$p.json" "the commit and the file are named"
hides_value "and the value is in nobody's log"
cp good "$file"
undone=$(cd andal-1 && git -c user.name=andal-1 -c user.email=andal-1@m-andal.cib.invalid commit-tree -p "$bad" -m undone "HEAD^{tree}")
expect 1 "nor undo it in a later commit: the history would keep it" env CIB_USER=andal-1 git -C andal-1 push "$tmp/central.git" "$undone:refs/heads/members/m-andal"
says "${bad:0:12}" "the commit is named"
message=$(cd andal-1 && git -c user.name=andal-1 -c user.email=andal-1@m-andal.cib.invalid commit-tree -p HEAD -m "Signed-off-by: Jo <jo.doe@andal.example>" "HEAD^{tree}")
expect 1 "nor put it into a message" env CIB_USER=andal-1 git -C andal-1 push "$tmp/central.git" "$message:refs/heads/members/m-andal"
says "${message:0:12}" "the commit is named"
git -C andal-1 update-ref refs/heads/try "$undone"
expect 1 "a required job finds it in the range" bash -c 'cd andal-1 && "$CIB" check --range HEAD..try --main refs/cib/central/main --format json'
says "$found" "as the same rule"
(cd andal-1 && git update-ref refs/heads/members/m-andal-x try && git bundle create -q "$tmp/bad.bundle" HEAD..try) 2>err
python3 - bad.bundle <<'P'
import sys
b = open(sys.argv[1], "rb").read()
open(sys.argv[1], "wb").write(b.replace(b" refs/heads/try\n", b" refs/heads/members/m-andal\n", 1))
P
expect 0 "the secretariat syncs" as sec-1 sync
expect 3 "a stick that brings it is refused" as sec-1 bundle apply ../bad.bundle
git -C andal-1 update-ref -d refs/heads/try
git -C andal-1 update-ref -d refs/heads/members/m-andal-x

echo "# An exception, with its reason"
expect 1 "a person's mailbox, where there is no other" as andal-1 set "$p" /contact/mailbox=jo.doe@andal.example
expect 2 "an exception has a reason" as andal-1 set "$p" --allow /contact/mailbox
expect 2 "that is a sentence" as andal-1 set "$p" --allow /contact/mailbox --reason "why"
expect 2 "for something that is there" as andal-1 set "$p" --allow /title --reason "There is no other mailbox."
expect 0 "then it is written" as andal-1 set "$p" --allow /contact/mailbox --reason "There is no other mailbox."
says "personal data by an exception: There is no other mailbox." "and shown"
is "$(grep -c 'jo.doe' "$file")" 1 "the exception holds no value"
expect 0 "it is sent" as andal-1 sync
expect 0 "the secretariat receives it" as sec-1 sync
expect 0 "and the reviewer opens it" as sec-1 review show m-andal "$p"
says "personal data by an exception: There is no other mailbox." "with the reason"
expect 1 "a second address in that field is found all the same" as andal-1 set "$p" '/contact/unit/en=Or ann.roe@andal.example'
expect 0 "which is taken out" as andal-1 set "$p" --unset /contact/unit

echo "# Two people change that field: the record of the conflict stands under the exception"
joins andal-2
expect 0 "one writes another" as andal-1 set "$p" /contact/mailbox=jane.roe@andal.example
expect 0 "and another one, too" as andal-2 set "$p" /contact/mailbox=ann.poe@andal.example
rounds andal-1
expect 1 "the second to sync has a conflict" as andal-2 sync
expect 0 "which has travelled" git -C central.git cat-file -e "members/m-andal:members/m-andal/conflicts/$p.json"
expect 0 "it is settled" as andal-2 resolve "$p" --value office@andal.example
expect 0 "with the office's mailbox nothing needs the exception" as andal-2 check "members/m-andal/projects/$p.json"
says "nothing needs the exception" "and that is said"
rounds andal-2

echo "# As a network weighs it"
json sec-1/network.json 'd["privacy"] = {"mailboxes": ["jo.doe@andal.example", "*@friends.example"]}; d["rules"] = {"privacy.phone": "warning", "privacy.exception": "error"}'
rounds sec-1 andal-1
expect 0 "a mailbox that the network allows passes" as andal-1 set "$p" "/contact/mailbox=jo.doe@andal.example" "/description/general/en=Ask ann@friends.example."
expect 0 "a number is a warning" as andal-1 set "$p" "/description/general/en=Call +31 20 555 0147."
says "warning" "as the network wants"
expect 0 "the branch of members takes it" as andal-1 sync
expect 0 "a number that was saved" as andal-1 set "$p" "/description/general/en=Or call +31 20 555 0148."
as andal-1 save >out 2>err
json sec-1/network.json 'd["rules"]["privacy.phone"] = "error"'
rounds sec-1
expect 0 "and taken out again" as andal-1 set "$p" "/description/general/en=Do not call."
expect 0 "does not hold up the sync, now that the network forbids it" as andal-1 sync
says "An earlier version would have been refused" "as the newest version goes without it"
expect 1 "so that it never came to the server" git -C central.git grep -q "555 0148" refs/heads/members/m-andal --
json sec-1/network.json 'd["rules"]["privacy.phone"] = "warning"'
rounds sec-1 andal-1
as andal-1 set "$p" /contact/mailbox=ann.poe@andal.example >out 2>err
expect 1 "and no exceptions, where it wants none" as andal-1 set "$p" --allow /contact/mailbox --reason "There is no other mailbox."
says "error" "an exception is an error then"
json sec-1/network.json 'd["privacy"] = {"mailboxes": ["everybody"]}'
expect 1 "a pattern that is none stays a draft" as sec-1 sync
says "privacy is" "and is explained"
json sec-1/network.json 'd["privacy"] = {"mailboxes": ["*@friends.example"]}; d["title"]["en"] = "T, by jo.doe@andal.example"'
expect 1 "a person's address in the network's own words stays a draft" as sec-1 sync
says "network.json" "in its file"
hides_value "without the value"
json sec-1/network.json 'd["title"]["en"] = "T, by ann@friends.example"'
expect 0 "a mailbox that the same file allows may stand there" as sec-1 sync

echo "# The files beside the entries, which only plain git writes"
secretariat() { # FILE TEXT: a commit of the secretariat's that gives the file these words
	(cd sec-1 && blob=$(printf '%s' "$2" | git hash-object -w --stdin) && tree=$(GIT_INDEX_FILE=$tmp/index sh -c "git read-tree refs/cib/central/main && git update-index --add --cacheinfo 100644,$blob,$1 && git write-tree") &&
		git -c user.name=sec-1 -c user.email=sec-1@secretariat.cib.invalid commit-tree -p refs/cib/central/main -m change "$tree")
}
pushes() { env CIB_USER=sec-1 git -C sec-1 push "$tmp/central.git" "$1:refs/heads/main"; }
expect 1 "a README with a person's number is refused" pushes "$(secretariat README.md "Ask us: tel. +31 20 555 0147, ann.poe@andal.example")"
says "README.md" "by its name"
says "e-mail address" "and what was found"
hides_value "without the value"
bad=$(python3 -c 'import json, sys; d = json.load(open("sec-1/network.json")); d["title"]["en"] = "By ann.poe@andal.example"; print(json.dumps(d))')
expect 1 "so are the network's own words" pushes "$(secretariat network.json "$bad")"
says "network.json" "by their file"
expect 0 "a README with the office's mailbox is taken" pushes "$(secretariat README.md "Write to office@andal.example.")"
expect 0 "explain tells the rule" as andal-1 explain privacy.phone
says "warning in this network, elsewhere error" "and its weight here"
exit "$failed"
