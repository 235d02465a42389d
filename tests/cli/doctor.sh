#!/usr/bin/env bash
# cib doctor: each thing is broken on purpose, reported with a fix, and well again when it is mended.
# shellcheck disable=SC2154
. "$(dirname "$0")/../support/people.sh"

state() { # CHECK [ARG...]: what doctor says of it
	local check=$1
	shift
	as andal-1 doctor --json "$@" >"$tmp/out" 2>"$tmp/err"
	python3 -c 'import json,sys
for c in json.load(open(sys.argv[1]))["checks"]:
    if c["name"] == sys.argv[2]: print(c["state"] + ("" if c["state"] in ("ok", "skipped") or c.get("fix") else " WITHOUT FIX"))' "$tmp/out" "$check"
}
reports() { # CHECK STATE SENTENCE [ARG...]
	local check=$1 want=$2 sentence=$3
	shift 3
	is "$(state "$check" "$@")" "$want" "$sentence"
}
config() { # KEY VALUE: of the copy
	python3 - "$tmp/andal-1/.git/cib/config.json" "$1" "$2" <<'PY'
import json, sys
doc = json.load(open(sys.argv[1])); doc[sys.argv[2]] = sys.argv[3]
json.dump(doc, open(sys.argv[1], "w"))
PY
}

expect 0 "init makes a network" "$CIB" init central.git --title "Example network" --language en,fr \
	--secretariat sec-1 --member m-andal:andal-1,andal-2
joins andal-1 sec-1
a=$(project andal-1 "Water for six towns")
expect 0 "with work that is not sent there is advice, and all is well" as andal-1 doctor
says "All is well" "as is said"
expect 0 "the work is sent" as andal-1 sync
expect 0 "a copy in order" as andal-1 doctor --json
n=$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["checks"]))' "$tmp/out")
is "$((n >= 20))" 1 "passes at least 20 checks ($n)"
is "$(python3 -c 'import json,sys; print(sorted({c["state"] for c in json.load(open(sys.argv[1]))["checks"]}))' "$tmp/out")" "['ok']" "all of them"
expect 2 "outside a copy there is nothing to look at" env CIB_DIR=/ "$CIB" doctor

# A network that an older program made.
reports resume ok "a server that lets a fetch go on after a cut"
git -C central.git config --unset-all uploadpack.allowFilter
reports resume advice "one that was made before it could is found"
expect 0 "its hook is put in again" "$CIB" init central.git --hook
reports resume ok "and it can"

# Left behind.
touch -d '1 minute ago' andal-1/.git/refs/heads/members/m-andal.lock
touch -d '1 hour ago' andal-1/.git/objects/tmp_obj_x andal-1/.git/cib/x.cib-tmp-99999999
expect 1 "a lock that was left behind is found" as andal-1 doctor
says "m-andal.lock" "by name"
reports leftovers advice "temporary files, too"
expect 0 "--fix clears" as andal-1 doctor --fix
reports locks ok "the lock"
reports leftovers ok "and the files"
is "$(find andal-1 -name 'tmp_obj_*' -o -name '*cib-tmp*' -o -path '*refs*' -name '*.lock' | wc -l)" 0 "for real"

# The folder, the entries.
ln -s /etc/passwd andal-1/members/m-andal/projects/p-0000000000.json
reports folder warning "a link in the folder is found"
rm andal-1/members/m-andal/projects/p-0000000000.json
draft=$(as andal-1 new project /title/en="Only a title" 2>/dev/null)
reports entries warning "an entry with errors is found"
reports work advice "work that is only here is counted"
rm "andal-1/members/m-andal/projects/$draft.json"
reports entries ok "and when it is gone all is valid"
if [ "$(id -u)" = 0 ]; then
	chown 12345 "andal-1/members/m-andal/projects/$a.json"
	reports ownership warning "a file of another user is found"
	chown 0 "andal-1/members/m-andal/projects/$a.json"
	reports ownership ok "given back"
	mkdir small
	if mount -t tmpfs -o size=2m tmpfs small 2>/dev/null; then
		cp -a andal-1 small/copy
		head -c 3000000 /dev/zero >small/fill 2>/dev/null
		CIB_DIR=small/copy "$CIB" doctor --json >"$tmp/out" 2>/dev/null
		says '"name":"disk","state":"error"' "a full disk is found"
		rm small/fill
		mount -o remount,ro small
		CIB_DIR=small/copy "$CIB" doctor --json >"$tmp/out" 2>/dev/null
		says "the disk is read-only" "and one that is read-only"
		umount small
	else
		echo "SKIP: no disk of our own can be mounted here"
	fi
else
	echo "SKIP: only root can give files away and mount disks"
fi

# Identity, clock, rules.
config user andal-2
reports identity ok "a colleague is known, too"
config user stranger
reports identity error "somebody without access is found"
config user sec-1
reports identity error "and somebody of another role"
config user andal-1
if command -v faketime >/dev/null; then
	expect 1 "a clock that lags" faketime -f '-100d' env CIB_DIR=andal-1 "$CIB" doctor
else # the same from the other side: a commit of the future
	git -C andal-1 update-ref refs/cib/central/main "$(GIT_COMMITTER_DATE='2099-01-01T00:00:00Z' git -C andal-1 -c user.name=x -c user.email=x@secretariat.cib.invalid commit-tree 'refs/cib/central/main^{tree}' -p refs/cib/central/main -m x)"
	reports clock error "a clock that lags behind the network is found" --offline
	git -C andal-1 update-ref refs/cib/central/main "$(git -C central.git rev-parse main)"
fi
reports clock ok "and one that does not"
git -C andal-1 symbolic-ref HEAD refs/heads/other
reports references warning "a branch that was switched with git is found"
git -C andal-1 symbolic-ref HEAD refs/heads/members/m-andal
touch andal-1/.git/MERGE_HEAD
reports git warning "and a merge of plain git that was not finished"
rm andal-1/.git/MERGE_HEAD

# What was displaced, conflicts, refusals.
old=$(($(date +%s) - 100 * 86400)) new=$(date +%s)
git -C andal-1 update-ref "refs/cib/rescue/$old" HEAD
git -C andal-1 update-ref "refs/cib/rescue/$new" HEAD
reports rescue advice "displaced states are listed"
says "refs/cib/rescue/$old" "by name"
expect 0 "--fix forgets the old ones" as andal-1 doctor --fix
is "$(git -C andal-1 for-each-ref --format='%(refname)' refs/cib/rescue/)" "refs/cib/rescue/$new" "and no other"
git -C andal-1 update-ref -d "refs/cib/rescue/$new"
expect 0 "access is taken away" as sec-1 access remove andal-1
expect 0 "and that is sent" as sec-1 sync
as andal-1 set "$a" /status=3 2>/dev/null
as andal-1 sync >/dev/null 2>&1
reports refused warning "a refused push is found"
expect 0 "access comes back" as sec-1 access add andal-1 --role staff --member m-andal
expect 0 "with the next sync" as sec-1 sync
expect 0 "of both" as andal-1 sync
reports refused ok "it is settled"

# The server.
mv central.git away.git
reports server warning "a server that cannot be reached is found"
reports server skipped "and not asked when that is not wanted" --offline
mv away.git central.git
good=$(git -C central.git rev-parse main)
git -C central.git update-ref refs/heads/main "$(git -C central.git rev-list --max-parents=0 main)"
reports main error "a main that went back is found"
git -C central.git update-ref refs/heads/main "$good"
url=$(python3 -c 'import json; print(json.load(open("andal-1/.git/cib/config.json"))["url"])')
config url "http://server.example/network.git"
reports tls warning "an address without encryption is found" --offline
config url "https://server.example/network.git"
reports tls ok "https is well" --offline
reports keys advice "a password that nobody could type is mentioned" --offline
config url "ssh://git@server.example/network.git"
reports known-hosts warning "a server that ssh does not know is found" --offline
reports keys warning "and that there is no key" --offline
mkdir -p "$HOME/.ssh" && ssh-keygen -q -t ed25519 -N '' -f "$HOME/.ssh/id_ed25519"
reports keys ok "a key is found" --offline
chmod 644 "$HOME/.ssh/id_ed25519"
reports keys error "and that others can read it" --offline
echo "server.example $(cut -d' ' -f1,2 "$HOME/.ssh/id_ed25519.pub")" >"$HOME/.ssh/known_hosts"
printf '#!/bin/sh\nexec ssh -o "UserKnownHostsFile=%s" "$@"\n' "$HOME/.ssh/known_hosts" >own-ssh && chmod +x own-ssh # ssh itself asks the system for the home folder
CIB_SSH=$tmp/own-ssh reports known-hosts ok "a known server is known" --offline
# As ssh itself sees it: an alias of its configuration, another port, other files, another name for the key.
printf 'Host network\n  HostName server.example\n  Port 2222\n  UserKnownHostsFile %s/hosts\n' "$tmp" >"$HOME/.ssh/config"
printf '#!/bin/sh\nexec ssh -F "%s" "$@"\n' "$HOME/.ssh/config" >own-ssh
export CIB_SSH=$tmp/own-ssh
config url "ssh://git@network/network.git"
reports known-hosts warning "an alias that leads to another port" --offline
says "[server.example]:2222" "is named as it is"
sed 's/^server.example/[server.example]:2222/' "$HOME/.ssh/known_hosts" >hosts
reports known-hosts ok "and found in the file that the configuration names" --offline
echo "  HostKeyAlias the-network" >>"$HOME/.ssh/config"
reports known-hosts warning "a name for the key alone" --offline
sed 's/^[^ ]*/the-network/' hosts >hosts.new && mv hosts.new hosts
reports known-hosts ok "is the one that counts" --offline
printf '#!/bin/sh\nexit 1\n' >own-ssh
reports known-hosts skipped "another program looks after it itself" --offline
unset CIB_SSH
rm -rf "$HOME/.ssh"
config url "ext::sh -c true"
reports address error "an address that is none is found" --offline
config url "$url"
reports address ok "and put right"

# Damage.
object=$(git -C andal-1 rev-parse "HEAD:members/m-andal/projects/$a.json")
file=andal-1/.git/objects/${object:0:2}/${object:2}
cp "$file" kept
chmod u+w "$file" && head -c 20 kept >"$file"
expect 6 "a damaged object is found" as andal-1 doctor
says "${object:0:12}" "by its name"
says "join anew" "with the way out"
rm -f "$file"
expect 6 "and a missing one" as andal-1 doctor
says "missing" "too"
cp kept "$file"
expect 0 "put back, all is well" as andal-1 doctor
echo "not an id" >andal-1/.git/refs/heads/members/m-andal
expect 6 "a damaged reference is found" as andal-1 doctor
exit $failed
