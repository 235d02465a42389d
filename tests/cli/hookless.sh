#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154 # ../support/people.sh
# A server whose hook is missing takes whatever anybody pushes. The secretariat's sync judges the members' branches all the
# same: a bad one is named and stays as it was seen last, and the work of the others goes on.
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title "Example network" --language en --secretariat sec-1 --member m-a:a-1 --member m-b:b-1
joins a-1 b-1 sec-1
a=$(project a-1 "Water for six towns") b=$(project b-1 "Waste sorting")
rounds a-1 b-1 sec-1
rm central.git/hooks/pre-receive
good=$(git -C central.git rev-parse members/m-b)

admin() { # EMAIL ARGUMENT...: as somebody who can write to the server
	GIT_AUTHOR_NAME=x GIT_COMMITTER_NAME=x GIT_AUTHOR_EMAIL=$1 GIT_COMMITTER_EMAIL=$1 git -C central.git "${@:2}"
}
commit() { # PARENT PATH FILE [EMAIL]: the parent's tree with that file at that path; prints the commit
	(
		export GIT_INDEX_FILE=$tmp/index
		rm -f "$GIT_INDEX_FILE"
		git -C central.git read-tree "$1" && git -C central.git update-index --add --cacheinfo "100644,$(git -C central.git hash-object -w --stdin <"$3"),$2" &&
			admin "${4:-b-1@m-b.cib.invalid}" commit-tree -p "$1" -m work "$(git -C central.git write-tree)"
	)
}
n=0
withheld() { # SENTENCE TEXT COMMIT: m-b's branch is that commit; a-1 goes on working
	n=$((n + 1))
	git -C central.git update-ref refs/heads/members/m-b "$3"
	as a-1 set "$a" "/title/en=Water, edit $n" 2>/dev/null && as a-1 sync 2>/dev/null
	expect 0 "$1" as sec-1 sync
	says "m-b: the server has something" "is named"
	says "$2" "with what is wrong"
	is "$(git -C sec-1 rev-parse refs/cib/central/members/m-b)" "$good" "the branch stays as it was seen last"
	expect 0 "the queue" as sec-1 review
	says "Water, edit $n" "has what the others sent"
	says "Waste sorting" "and what was sent before"
}

git -C central.git show "$good:members/m-b/projects/$b.json" >entry
sed 's/Waste sorting/Not so/' entry >other
withheld "an entry of another member" "may only change what lies in members/m-b/" "$(commit "$good" "members/m-a/projects/$a.json" other)"
first=$(commit "$good" members/m-b/run.sh other)
withheld "a bad commit that the next one undoes" "members/m-b/run.sh" "$(admin b-1@m-b.cib.invalid commit-tree -p "$first" -m undone "$good^{tree}")"
withheld "a commit in another member's name" "the branch of m-b" "$(commit "$good" "members/m-b/projects/$b.json" other a-1@m-a.cib.invalid)"
sed 's/"status": "2"/"status": "99"/' entry >invalid
withheld "an entry that is not valid" '"99" is not one of' "$(commit "$good" "members/m-b/projects/$b.json" invalid)"
echo '{"a": 1, "a": 2}' >strict
withheld "an entry that is not strict JSON" "twice" "$(commit "$good" "members/m-b/projects/$b.json" strict)"
withheld "a history that begins anew" "take back" "$(admin b-1@m-b.cib.invalid commit-tree -m other "$good^{tree}")"
withheld "rules in a member's branch" "only the secretariat changes" "$(commit "$good" network.json other)"
is "$(git -C sec-1 ls-tree main members/m-b)" "" "nothing of it is on main"

# A history that was rewritten cannot be told from that of a server that was set back and sent to: both sides of it are looked at.
git -C central.git update-ref refs/heads/members/m-b "$good"
as b-1 set "$b" /status=3 2>/dev/null
rounds b-1
as sec-1 sync 2>/dev/null
seen=$(git -C central.git rev-parse members/m-b)
sed 's/2024-01/2025-01/' entry >other
git -C central.git update-ref refs/heads/members/m-b "$(commit "$good" "members/m-b/projects/$b.json" other)"
for round in first second; do
	expect 0 "a history that was rewritten, $round sync" as sec-1 sync
	expect 0 "the queue" as sec-1 review show m-b "$b"
	says "+ 3 Finalisation" "has what it took away"
	says "January 2025" "and what it brought"
	says "by b-1" "with who wrote it"
	is "$(git -C sec-1 cat-file -t "$seen")" commit "which is kept"
done
git -C sec-1 fsck --connectivity-only --no-dangling 2>/dev/null >out
is "$(cat out)" "" "and the copy is whole"

as b-1 set "$b" "/title/en=Waste sorting, again" 2>/dev/null
rounds b-1
expect 0 "when the branch is mended" as sec-1 sync
says_not "the server has something" "nothing is told any more"
is "$(git -C sec-1 rev-parse refs/cib/central/members/m-b)" "$(git -C central.git rev-parse members/m-b)" "and it is taken"

# ---- rules that became stricter after it was sent ----
as b-1 set "$b" "/title/en=Waste sorting, by the old rules" 2>/dev/null
rounds b-1
python3 - <<'P'
import json
path = "sec-1/schema/project.schema.json"
d = json.load(open(path))
d["required"] = sorted(d["required"] + ["budget"])
open(path, "w").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
P
expect 0 "stricter rules" as sec-1 save
expect 0 "do not hold back what was sent before" as sec-1 sync
says_not "the server has something" "and nobody is blamed"
is "$(git -C sec-1 rev-parse refs/cib/central/members/m-b)" "$(git -C central.git rev-parse members/m-b)" "it is there for review"
exit "$failed"
