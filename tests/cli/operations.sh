#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086,SC2016 # ../support/people.sh
# What docs/operations.md tells the person who runs a server, followed: backup and restore, upgrade, a member that leaves,
# and the hook on servers that made the repository. Takes the program from $CIB; prints a line for each statement.
# builds: both
set -u
. "$(dirname "$0")/../support/people.sh"
unset CIB_USER

sound() { expect 0 "$1" git -C "$tmp/central.git" fsck --strict --no-dangling; }
tips() { git -C "$1" for-each-ref --format='%(refname) %(objectname)' refs/heads; }

expect 0 "init makes the network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
for setting in receive.fsckObjects=true receive.denyDeletes=true receive.denyNonFastForwards=true receive.maxInputSize=33554432 core.fsync=all core.hooksPath=hooks \
	transfer.fsckObjects=true receive.advertisePushOptions=false; do
	is "$(git -C central.git config "${setting%=*}")" "${setting#*=}" "init sets $setting"
done
joins sec-1 a-1 a-2 b-1
one=$(project a-1 "The first")
rounds a-1
two=$(project b-1 "Of the other")
rounds b-1

# ---- backup and restore ----
expect 0 "the backup begins" git clone -q --mirror central.git backup.git
project a-1 "The second" >id
rounds a-1
expect 0 "each night it is brought up to date" git -C backup.git remote update
expect 0 "and proved" git -C backup.git fsck --strict
is "$(tips backup.git)" "$(tips central.git)" "it has what the central repository has"
kept=$(tips central.git)
rm -rf central.git
expect 4 "without a central repository work is saved and waits" as a-1 sync
expect 0 "the restore is a clone of the backup" git clone -q --bare backup.git central.git
expect 0 "with the hook and the configuration" "$CIB" init central.git --hook
says "Every push to central.git is judged from now on" "and it says so"
is "$(tips central.git)" "$kept" "it has what the old one had"
is "$(git -C central.git config receive.denyDeletes)" true "it has the configuration"
project a-1 "The third" >id
rounds a-1
is "$(git -C central.git cat-file -t "members/m-a:members/m-a/projects/$(cat id).json")" blob "sync goes on as if nothing had been"
expect 1 "and the guard judges" env CIB_USER=b-1 git -C "$tmp/b-1" push -q "$tmp/central.git" +HEAD:refs/heads/members/m-a
sound "the restored repository is sound"

# ---- a backup that is older than what everybody has ----
as sec-1 sync >out 2>&1
as sec-1 review accept m-a "$one" >out 2>&1
as sec-1 sync >out 2>&1
rounds a-1 a-2 b-1
newest=$(tips central.git)
rm -rf central.git && git clone -q --bare backup.git central.git && "$CIB" init central.git --hook 2>err
expect 3 "everybody's cib sees that main was set back" as a-1 sync
says "its history was rewritten" "and says so"
expect 0 "the secretariat's copy has main as it was last, and the branches that it saw" \
	git -C sec-1 bundle create -q "$tmp/last.bundle" --glob='refs/cib/central/*'
expect 0 "on the server it is taken back" git -C central.git fetch -q "$tmp/last.bundle" refs/cib/central/main:refs/heads/main 'refs/cib/central/members/*:refs/heads/members/*'
for user in a-1 b-1; do
	expect 0 "what the secretariat had not seen the next sync of $user sends again" as $user sync
done
is "$(tips central.git)" "$newest" "and all is there again"
rounds sec-1 a-1 a-2 b-1
sound "the repository is sound"

git init -q --bare -b main anew.git
expect 0 "the same fills an empty repository" git -C anew.git fetch -q "$tmp/last.bundle" refs/cib/central/main:refs/heads/main 'refs/cib/central/members/*:refs/heads/members/*'
expect 0 "which becomes a central one" "$CIB" init anew.git --hook
is "$(git -C anew.git rev-parse main)" "$(git -C sec-1 rev-parse refs/cib/central/main)" "with the main that was"
expect 0 "the tar file for GitLab's server hooks is made" tar -C central.git --transform 's,^hooks,custom_hooks,' -cf hooks.tar hooks/pre-receive
is "$(tar -tf hooks.tar)" custom_hooks/pre-receive "and holds what they ask for"

# ---- a new program, in its place and in another ----
mkdir bin && cp "$CIB" bin/cib
expect 0 "a hook is put in again" bin/cib init central.git --hook
says "by $tmp/bin/cib" "which runs the program that put it in"
rm bin/cib
ln -s /usr/bin/false bin/cib # found first, as a broken program is
project a-1 "The fourth" >id
expect 3 "without a program that works every push is refused" env PATH="$tmp/bin:$PATH" CIB_USER=a-1 CIB_DIR="$tmp/a-1" "$CIB" sync
rm bin/cib && cp "$CIB" bin/cib
rounds a-1
is "$(git -C central.git cat-file -t "members/m-a:members/m-a/projects/$(cat id).json")" blob "with the new program in its place pushes go on"
expect 2 "there is no hook for a folder that holds no network" bash -c 'git init -q --bare empty.git && "$CIB" init empty.git --hook'
says "cib init DIR --title" "and it says how one is made"
expect 2 "nor for a copy" "$CIB" init a-1 --hook

# ---- a member leaves ----
expect 0 "the secretariat takes its users out" as sec-1 access remove b-1
rounds sec-1
as b-1 set "$two" /title/en="Too late" >out 2>&1
expect 3 "its users cannot push" as b-1 sync
says "b-1 has no access" "and are told"
expect 0 "its branch is taken off by the server's administrator" git -C central.git update-ref -d refs/heads/members/m-b
expect 0 "its entries, where they are not to stay, by the secretariat with git" bash -ec '
	git clone -q central.git out-of && cd out-of && git rm -qr members/m-a && git -c user.name=sec-1 -c user.email=sec-1@secretariat.cib.invalid commit -qm "m-a has left"
	cib() { "$CIB" "$@"; } && cib check --range origin/main..HEAD --user sec-1 && CIB_USER=sec-1 git push -q origin main'
rounds sec-1
expect 1 "and they are gone" bash -c 'cd sec-1 && git ls-tree -r main | grep members/m-a/projects'
is "$(git -C central.git rev-parse -q --verify members/m-b)" "" "and the branch stays away"

# ---- servers that made the repository themselves: their hooks, and the user as they name it ----
for name in GL_USERNAME GITEA_PUSHER_NAME GL_USER; do
	rm -rf hosted.git && git init -q --bare -b main hosted.git
	expect 0 "$name: the first main is pushed before the hook is there" git -C central.git push -q "$tmp/hosted.git" main
	tar -xf hooks.tar && cp custom_hooks/pre-receive hosted.git/hooks/
	rm -rf hosted && git clone -q hosted.git hosted && mkdir -p hosted/members/m-a && echo x >hosted/members/m-a/x && git -C hosted add -A
	git -C hosted -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit -qm x
	expect 1 "$name: nobody is refused" git -C hosted push -q origin HEAD:members/m-a
	says "nobody is known to be pushing" "$name: and is told"
	expect 1 "$name: who is known is judged" env $name=a-1 git -C hosted push -q origin HEAD:members/m-a
	says "a member's folder holds entries only" "$name: by the rules"
	git -C hosted -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit -q --amend --allow-empty -m x && git -C hosted reset -q --hard HEAD~1
	git -C hosted -c user.name=a-1 -c user.email=a-1@m-a.cib.invalid commit -q --allow-empty -m x
	expect 0 "$name: and let in" env $name=a-1 git -C hosted push -q origin HEAD:members/m-a
done
exit $failed
