#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086 # ../support/people.sh
# The definitions of docs/ci, and pre-commit's: their shell parts, as they stand there, in clones as CI makes them. Takes the
# program from $CIB; prints a line for each statement.
set -u
. "$(dirname "$0")/../support/people.sh"
docs=$support/../../docs/ci
mkdir bin && ln -s "$CIB" bin/cib
export PATH=$tmp/bin:$PATH

commit_as() { # USER DOMAIN MESSAGE: all that is in the clone
	git add -A && git -c user.name="$1" -c user.email="$1@$2.cib.invalid" commit -qm "$3"
}
for host in github gitlab gitea; do
	python3 "$support/ci_steps.py" "$docs/$host.yml" "$host" >"$host.steps"
	is "$(wc -l <"$host.steps")" 2 "$host.yml has a step that installs and one that judges"
	while read -r step; do
		expect 0 "$step is a shell script" sh -n "$step"
	done <"$host.steps"
done

# A central repository without the hook, as on a host that runs none.
"$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 --member m-b:b-1 2>err || { echo "not ok - init"; exit 1; }
expect 0 "the clone" git clone -q central.git work
cd work || exit 1
mkdir -p .github/workflows .gitea/workflows .forgejo/workflows
cp "$docs/github.yml" .github/workflows/cib.yml
cp "$docs/gitlab.yml" .gitlab-ci.yml
cp "$docs/gitea.yml" .gitea/workflows/cib.yml
cp "$docs/gitea.yml" .forgejo/workflows/cib.yml
expect 0 "the secretariat commits the definitions" commit_as sec-1 secretariat "Check in CI"
before=$(git rev-parse HEAD~1)
expect 0 "and the central repository takes them from it" env CIB_USER=sec-1 git push -q origin main
echo x >.github/workflows/other.yml && commit_as sec-1 secretariat "Another"
expect 1 "but no other names of that kind" env CIB_USER=sec-1 git push -q origin main
says ".github/workflows/other.yml: a name may hold" "and it says so"
git reset -q --hard HEAD~1
git checkout -q -b members/m-a && echo x >>.gitlab-ci.yml && commit_as a-1 m-a "Not mine"
expect 1 "and none of them from staff" env CIB_USER=a-1 git push -q origin members/m-a
says "may only change what lies in members/m-a/" "and it says so"
git reset -q --hard HEAD~1
rm "$tmp/central.git/hooks/pre-receive"

judge() { # CODE SENTENCE HOST BRANCH USER BEFORE: what the host would run for a push
	local code=$1 sentence=$2 host=$3 branch=$4 user=$5 old=$6
	rm -rf "$tmp/ci"
	git clone -q --no-local "$tmp/central.git" "$tmp/ci"
	git -C "$tmp/ci" checkout -q --detach "origin/$branch"
	cd "$tmp/ci" || exit 1
	expect "$code" "$host: $sentence" env PUSHER="$user" BRANCH="$branch" BEFORE="$old" \
		CI_COMMIT_BRANCH="$branch" CI_COMMIT_BEFORE_SHA="$old" GITLAB_USER_LOGIN="$user" sh -e "$tmp/$host-2.sh"
	cd "$tmp/work" || exit 1
}
zeros=0000000000000000000000000000000000000000
for host in github gitlab gitea; do
	user=Sec-1
	[ $host != gitlab ] || user=sec-1
	judge 0 "what the secretariat pushed to main is good" $host main $user "$before"
done
mkdir -p members/m-a/projects && echo '{"id":1,,}' >members/m-a/projects/p-aaaaaaaaaa.json && commit_as a-1 m-a "Broken"
git push -q origin members/m-a
for host in github gitlab gitea; do
	judge 1 "a branch with a broken entry is bad" $host members/m-a a-1 $zeros
	says "members/m-a/projects/p-aaaaaaaaaa.json" "$host: and it names the file"
	[ $host = gitlab ] || continue
	is "$(python3 -c 'import json; print(json.load(open("'"$tmp"'/ci/cib.gitlab"))[0]["location"]["lines"]["begin"])')" 1 "gitlab: the code quality report has its line"
	is "$(grep -c '<failure' "$tmp/ci/cib.junit")" 1 "gitlab: the JUnit report has the failure"
done
broken=$(git rev-parse HEAD)
git rm -q members/m-a/projects/p-aaaaaaaaaa.json && commit_as a-1 m-a "Taken back" && git push -q origin members/m-a
for host in github gitlab gitea; do
	judge 1 "and it stays bad when only the tip is mended" $host members/m-a a-1 "$broken"
	judge 1 "another user's push to it is bad" $host members/m-a b-1 "$broken"
done

# pre-commit's definition: each hook's command with the names of the files that it asks for
hooks=$support/../../.pre-commit-hooks.yaml
git checkout -q main && git checkout -q -b members/m-b && mkdir -p members/m-b/projects
echo '{"title": 1, "id": "p-bbbbbbbbbb"}' >members/m-b/projects/p-bbbbbbbbbb.json
while read -r entry; do
	case $entry in
	*fmt*) expect 0 "pre-commit: $entry rewrites" $entry members/m-b/projects/p-bbbbbbbbbb.json ;;
	*) expect 1 "pre-commit: $entry refuses" $entry members/m-b/projects/p-bbbbbbbbbb.json ;;
	esac
done < <(sed -n 's/^  entry: //p' "$hooks")
is "$(head -c 10 members/m-b/projects/p-bbbbbbbbbb.json | tr '\n' ' ')" '{   "id": ' "pre-commit: the file is canonical"
is "$(sed -n 's/^  files: //p' "$hooks" | while read -r pattern; do printf '%s\n' members/m-b/projects/p-b.json network/themes/t-1.json schema/x.json README.md | grep -cE -- "$pattern"; done | tr '\n' ' ')" "2 2 " \
	"pre-commit: the pattern takes entries and nothing else"
exit $failed
