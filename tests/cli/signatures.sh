#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154,SC2317 # ../support/people.sh
# Signed commits: keys of users on main with their days, made by save, sync and review, asked for by the network, judged by the hook and in
# bundles, told by log --verify. A key that is locked or gone loses no edit.
set -u
. "$(dirname "$0")/../support/people.sh"
command -v ssh-keygen >/dev/null || { echo "SKIP there is no ssh-keygen"; exit 0; }
unset SSH_AUTH_SOCK SSH_ASKPASS DISPLAY
agents=()
trap 'for a in "${agents[@]}"; do kill "$a" 2>/dev/null; done; rm -rf "$tmp"' EXIT
for k in sec old new other; do ssh-keygen -q -t ed25519 -N '' -C "$k" -f "key-$k" || exit 1; done
ssh-keygen -q -t ed25519 -N 'open sesame' -C locked -f key-locked
print() { ssh-keygen -l -f "$1.pub" | cut -d' ' -f2; }
set_policy() {
	python3 - "$1" <<'P'
import json, sys
d = json.load(open("sec-1/network.json"))
d["signatures"] = sys.argv[1]
open("sec-1/network.json", "w").write(json.dumps(d, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
P
}

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
[ "$failed" = 0 ] || exit 1
joins sec-1 a-1 b-1

echo "# Keys on main"
expect 2 "staff add no keys" as a-1 key add a-1 "$tmp/key-old.pub"
expect 0 "the secretariat adds its own" as sec-1 key add sec-1 "$tmp/key-sec.pub"
expect 0 "and a member's" as sec-1 key add a-1 "$tmp/key-old"
keys=$(grep -c '"key":' sec-1/access.json)
expect 0 "who gives one twice" as sec-1 key add a-1 "$tmp/key-old"
is "$(grep -c '"key":' sec-1/access.json)" "$keys" "gives it once"
expect 2 "nothing that is no key" as sec-1 key add a-1 /etc/hostname
expect 2 "for nobody who does not exist" as sec-1 key add a-9 "$tmp/key-old.pub"
expect 1 "the comment of the key, which names a person or a computer, stays out" grep -q '" *ssh-ed25519 [^ "]* ' sec-1/access.json
expect 0 "the keys are listed" as sec-1 key
says "$(print key-old)" "by their fingerprints"
set_policy required
expect 0 "the secretariat signs from now on" as sec-1 key use ../key-sec
expect 0 "and asks everybody for signatures" as sec-1 sync
expect 0 "its own commit is signed" bash -c 'git -C central.git cat-file commit main | grep -q "^gpgsig -----BEGIN SSH SIGNATURE"'
expect 0 "git itself verifies it" bash -c 'echo "sec-1@secretariat.cib.invalid $(cat key-sec.pub)" >allowed && git -C central.git -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$PWD/allowed" verify-commit main'
rounds a-1

echo "# A network that asks for signatures"
p=$(project a-1 "Water for six towns")
expect 3 "without a key nothing is sent" as a-1 sync
says "no key is set here" "and it says why"
says "cib key use FILE" "and what to do"
expect 0 "the edit is kept" git -C a-1 cat-file -e "refs/heads/members/m-a:members/m-a/projects/$p.json"
expect 1 "plain git cannot send it either" env CIB_USER=a-1 git -C a-1 push "$tmp/central.git" HEAD:refs/heads/members/m-a
says "the commit is not signed" "by the guard's own words"
expect 0 "a key is set" as a-1 key use ../key-old
expect 0 "what was saved before is signed and sent" as a-1 sync
says "What was saved without a signature was signed." "and that is said"
expect 0 "an edit" as a-1 set "$p" /status=3
expect 0 "is signed as it is saved" as a-1 save -m "The work is done"
saved=$(git -C a-1 rev-parse HEAD)
expect 0 "and sent" as a-1 sync
is "$(git -C central.git rev-parse members/m-a)" "$saved" "as it is"

echo "# By whom"
sign() { # KEY USER: a commit on a-1's branch, by plain git
	(cd a-1 && git -c user.name="$2" -c user.email="$2@m-a.cib.invalid" -c gpg.format=ssh -c user.signingkey="$tmp/$1" commit-tree -S -p HEAD -m "By $2" "HEAD^{tree}")
}
send() { env CIB_USER=a-1 git -C a-1 push "$tmp/central.git" "$1:refs/heads/members/m-a"; }
c=$(sign key-other a-1)
expect 1 "another key is refused" send "$c"
says "refused: ${c:0:12}: the signature is not by a key that a-1 had" "with the commit"
c=$(sign key-old a-2)
expect 1 "so is a colleague's commit by one's own key" send "$c"
says "a-2 had no key" "with the reason"
c=$(sign key-sec a-1)
expect 1 "so is the secretariat's key on a member's commit" send "$c"
c=$(git -C a-1 cat-file commit HEAD | sed 's/The work is done/The work is not done/' | git -C a-1 hash-object -t commit -w --stdin)
expect 1 "so is a signature on changed words" send "$c"
c=$(GIT_COMMITTER_DATE="2020-01-01T00:00:00Z" GIT_AUTHOR_DATE="2020-01-01T00:00:00Z" sign key-old a-1)
expect 0 "a key without days is good for every day" send "$c"
rounds a-1

echo "# What people see"
expect 0 "log says who signed" as a-1 log "$p" --verify
says "    signed" "for each event"
expect 0 "for programs, too" as a-1 log "$p" --verify --json
says '"signature":"good"' "as a word"
rounds sec-1
expect 0 "the secretariat accepts" as sec-1 review accept m-a "$p"
rounds sec-1 a-1 b-1
expect 0 "its decision is signed, too" as b-1 log "$p" --verify
says "accepted" "for everybody"

echo "# A key is replaced"
expect 0 "the old one gets its last day" as sec-1 key end a-1 "$(print key-old)" --until 2026-01-01
expect 0 "the new one its first" as sec-1 key add a-1 "$tmp/key-new.pub" --from 2026-01-01
rounds sec-1
expect 0 "an edit under the old key" as a-1 set "$p" /status=4
expect 0 "is saved" as a-1 save
expect 3 "and not sent" as a-1 sync
expect 0 "with the new key" as a-1 key use ../key-new
expect 0 "it goes out" as a-1 sync
expect 1 "what the old one signed after its day is told" as a-1 log "$p" --verify
says "did not have on that day" "in words"
expect 2 "the secretariat cannot take its own last key out" as sec-1 key remove sec-1 "$(print key-sec)"
says "nobody of the secretariat could sign" "as the network would be locked"
python3 - <<'P'
import json
d = json.load(open("sec-1/access.json"))
d["users"]["sec-1"].pop("keys")
open("sec-1/access.json", "w").write(json.dumps(d, indent=2, sort_keys=True) + "\n")
P
expect 3 "nor by hand" as sec-1 sync
says "the network would be locked" "says the guard"
git -C sec-1 update-ref refs/heads/main refs/cib/central/main && git -C sec-1 show main:access.json >sec-1/access.json
expect 0 "it rotates its own in one push" as sec-1 key add sec-1 "$tmp/key-other.pub"
expect 0 "adding the new one" as sec-1 save
expect 0 "using it" as sec-1 key use ../key-other
expect 0 "and ending the old one" as sec-1 key end sec-1 "$(print key-sec)" --until 2026-01-01
expect 0 "all at once" as sec-1 sync
rounds a-1

echo "# A key with a passphrase, and an agent"
expect 0 "the member's key with a passphrase is known" as sec-1 key add a-1 "$tmp/key-locked.pub"
rounds sec-1
expect 0 "it can be chosen while it is locked" as a-1 key use ../key-locked
says "when it can" "and that is said"
as a-1 set "$p" /status=3 >out 2>err
expect 0 "an edit is saved all the same, and nobody is asked" as a-1 save
says "Saved without a signature" "as it says"
expect 3 "it is not sent" as a-1 sync
says "ssh-add" "with what to do"
is "$(git -C a-1 show "HEAD:members/m-a/projects/$p.json" | grep -c '"status": "3"')" 1 "the edit is there"
at_terminal() { # KEYS ARGUMENT...: cib of a-1 where somebody sits
	(cd a-1 && CIB_USER=a-1 TERM=xterm TERMINAL_AFTER="Enter passphrase" python3 "$support/terminal.py" "$1" "$CIB" "${@:2}") >out 2>err
}
expect 3 "at a terminal a wrong passphrase sends nothing" at_terminal 'open\x20barley\n' sync
says "signed with the key $tmp/key-locked, which is locked" "and it is said whose is asked for"
expect 0 "the right one signs and sends" at_terminal 'open\x20sesame\n' sync
says "was signed" "what waited"
expect 1 "what was typed is not shown" grep -q sesame out
expect 0 "the commit is signed" bash -c 'git -C central.git cat-file commit members/m-a | grep -q ^gpgsig'
as a-1 set "$p" /status=2 >out 2>err
expect 0 "another edit waits for its signature" as a-1 save
if eval "$(ssh-agent -s)" >/dev/null && agents+=("$SSH_AGENT_PID"); then
	printf '#!/bin/sh\necho open sesame\n' >askpass && chmod +x askpass
	expect 0 "the agent gets the key" env SSH_ASKPASS="$tmp/askpass" SSH_ASKPASS_REQUIRE=force ssh-add -q key-locked
	expect 0 "now it is signed and sent" as a-1 sync
	says "was signed" "in one step"
	mv key-locked key-away
	expect 0 "the public key alone does" as a-1 key use ../key-locked.pub
	expect 0 "an edit" as a-1 set "$p" /status=3
	expect 0 "signed by the agent" as a-1 sync
	expect 0 "and good" bash -c 'git -C central.git cat-file commit members/m-a | grep -q ^gpgsig'
	kill "$SSH_AGENT_PID" && unset SSH_AUTH_SOCK
	expect 0 "an edit without the agent" as a-1 set "$p" /status=2
	expect 0 "is saved" as a-1 save
fi
rm -f key-away key-locked*
expect 0 "an edit, though the key is gone" as a-1 set "$p" "/title/en=Water for seven towns"
expect 0 "is saved" as a-1 save
expect 0 "with another key" as a-1 key use ../key-new
expect 0 "all of it is sent" as a-1 sync

echo "# Bundles"
expect 0 "an edit" as a-1 set "$p" "/title/en=Water for eight towns"
expect 0 "goes out by stick" as a-1 bundle create ../good.bundle
rounds sec-1
expect 0 "the secretariat takes it" as sec-1 bundle apply ../good.bundle
as a-1 key use --none >out 2>err
as a-1 set "$p" "/title/en=Water for nine towns" >out 2>err
expect 0 "an unsigned one" as a-1 bundle create ../bad.bundle
expect 3 "is refused from a stick, too" as sec-1 bundle apply ../bad.bundle
says "not signed" "by the same rule"
expect 0 "the central repository is sound" git -C central.git fsck --strict

echo "# Optional, and none"
set_policy optional
rounds sec-1
expect 0 "where it is optional, unsigned work goes out" as a-1 sync
c=$(sign key-old a-2)
expect 1 "but a wrong signature does not" send "$c"
set_policy sometimes
expect 1 "another word stays a draft" as sec-1 sync
says "none, optional or required" "and is explained"
exit "$failed"
