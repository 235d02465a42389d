#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2015,SC2016,SC2086,SC2154,SC2317 # ../support/people.sh, ../support/servers.sh
# The ways to a server, with real ones: https with certificates, proxies, passwords from the environment, from git's credential
# helpers and from a terminal; ssh with an agent, a configuration and a jump host. Takes the program from $CIB.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/servers.sh"
more_pids=()
trap 'kill "${more_pids[@]}" 2>/dev/null; stop_servers; rm -rf "$tmp"' EXIT
unset CIB_USER CIB_HTTP_USER CIB_HTTP_PASSWORD http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY \
	GIT_SSL_CAINFO SSL_CERT_FILE CIB_CA_FILE CIB_SSH GIT_SSH GIT_SSH_COMMAND SSH_AUTH_SOCK GIT_ASKPASS SSH_ASKPASS
export HOME=$tmp/home GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME" srv

n=0
joins_by() { # STATUS SENTENCE ADDRESS [NAME=VALUE...]: cib join, with that environment
	local want=$1 sentence=$2 address=$3
	shift 3
	n=$((n + 1))
	expect "$want" "$sentence" env "$@" "$CIB" join "$address" "$tmp/copy-$n" --user a-1
}
serves() { # VARIABLE [CERTIFICATE]: a web server; the variable gets its address
	local lines into=$1
	shift
	lines=$(sh "$support/http_server.sh" start "$tmp/srv" "$tmp/users" "$@") || return 1
	server_pid_files+=("$(sed -n 2p <<<"$lines")")
	printf -v "$into" %s "$(sed -n 1p <<<"$lines")"
}
with_output() { # FILE COMMAND...: starts it, waits until it has printed its first line
	local file=$1
	shift
	"$@" >"$file" 2>"$file.err" &
	more_pids+=($!)
	await test -s "$file"
}

expect 0 "init makes a network" "$CIB" init srv/network.git --title T --language en --secretariat sec-1 --member m-a:a-1
printf 'a-1:pw a-1\n' >users
plain='' secure='' elsewhere=''
serves plain || { echo "SKIP: no web server here"; exit 0; }
path=/network.git
named=${plain/127.0.0.1/network.invalid}

# ---- https: an authority of one's own ----
certificate() { # NAME FILE: signed by the authority
	openssl req -new -newkey rsa:2048 -nodes -keyout "$2.key" -out "$2.csr" -subj "/CN=$1" 2>/dev/null
	openssl x509 -req -in "$2.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out "$2.crt" -extfile <(echo "subjectAltName=DNS:$1$3") 2>/dev/null
	cat "$2.key" "$2.crt" >"$2.pem"
}
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj "/CN=Authority" 2>/dev/null
certificate network.invalid right ",IP:127.0.0.1,DNS:127.0.0.1"
certificate other.invalid wrong ""
serves secure "$tmp/right.pem" && serves elsewhere "$tmp/wrong.pem" || { echo "not ok - https servers start"; exit 1; }
who=(CIB_HTTP_USER=a-1 "CIB_HTTP_PASSWORD=pw a-1")
joins_by 3 "https with a certificate of nobody known is refused" "$secure$path" "${who[@]}"
says "certificate" "with the reason"
says "CIB_CA_FILE" "and what to do"
for variable in CIB_CA_FILE GIT_SSL_CAINFO SSL_CERT_FILE; do
	joins_by 0 "$variable names the authority" "$secure$path" "${who[@]}" $variable="$tmp/ca.pem"
done
joins_by 3 "a certificate of another host is refused" "$elsewhere$path" "${who[@]}" CIB_CA_FILE="$tmp/ca.pem"
says "certificate" "with the reason"
joins_by 3 "and GIT_SSL_NO_VERIFY opens nothing" "$elsewhere$path" "${who[@]}" CIB_CA_FILE="$tmp/ca.pem" GIT_SSL_NO_VERIFY=1
joins_by 2 "a file without certificates is a mistake" "$secure$path" "${who[@]}" CIB_CA_FILE="$tmp/users"

# ---- proxies ----
with_output port python3 "$support/http_proxy.py" "$tmp/proxy.log"
with_output port2 python3 "$support/http_proxy.py" "$tmp/proxy2.log" me:secret
proxy=http://127.0.0.1:$(cat port) asking=127.0.0.1:$(cat port2)
joins_by 4 "without the proxy the name leads nowhere" "$named$path" "${who[@]}"
joins_by 0 "http through http_proxy" "$named$path" "${who[@]}" http_proxy="$proxy"
is "$(grep -c "^GET $named" proxy.log)" "$(grep -c ^GET proxy.log)" "which is asked for the whole address"
joins_by 0 "http through all_proxy, without its scheme" "$named$path" "${who[@]}" ALL_PROXY="${proxy#http://}"
joins_by 0 "http through a proxy with a password" "$named$path" "${who[@]}" http_proxy="http://me:secret@$asking"
joins_by 3 "without it the proxy says no" "$named$path" "${who[@]}" http_proxy="http://$asking"
says "proxy" "and it is the proxy who does"
secure_name=${secure/127.0.0.1/network.invalid} ca=CIB_CA_FILE=$tmp/ca.pem
joins_by 0 "https through https_proxy" "$secure_name$path" "${who[@]}" "$ca" https_proxy="$proxy"
is "$(grep -c "^CONNECT network.invalid:" proxy.log)" "$(grep -c ^CONNECT proxy.log)" "by CONNECT"
joins_by 0 "https through a proxy with a password" "$secure_name$path" "${who[@]}" "$ca" HTTPS_PROXY="http://me:secret@$asking"
joins_by 3 "without it the proxy says no" "$secure_name$path" "${who[@]}" "$ca" HTTPS_PROXY="http://$asking"
says "proxy" "and it is the proxy who does"
: >proxy.log
joins_by 0 "no_proxy names what is near" "$plain$path" "${who[@]}" http_proxy="$proxy" no_proxy=example.org,127.0.0.1
joins_by 4 "with its subdomains" "$named$path" "${who[@]}" http_proxy="$proxy" NO_PROXY=.invalid
is "$(wc -l <proxy.log)" 0 "and the proxy is not asked"
joins_by 2 "a proxy that is none is a mistake" "$plain$path" "${who[@]}" http_proxy=socks5://127.0.0.1:1
says "http_proxy" "and the variable is named"
as_member() { (cd "$work_copy" && env "$@"); }
work_copy=$tmp/copy-$((n + 1))
joins_by 0 "a copy behind the proxy" "$secure_name$path" "${who[@]}" "$ca" https_proxy="$proxy"
id=$(as_member CIB_LANG=en "$CIB" new project "/title/en=A pump" "/description/general/en=About it." /status=2 \
	'/partners:=[{"id":"o-1","name":{"en":"City"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' 2>"$tmp/err")
expect 0 "sends through it" as_member "${who[@]}" "$ca" https_proxy="$proxy" "$CIB" sync
is "$(git -C srv/network.git cat-file -t "members/m-a:members/m-a/projects/$id.json" 2>&1)" blob "and it is there"

# ---- user and password ----
joins_by 3 "nobody to ask" "$plain$path"
says "asks for a user and a password" "is said"
joins_by 3 "a wrong password" "$plain$path" CIB_HTTP_USER=a-1 CIB_HTTP_PASSWORD=wrong
says "refuses what it was given" "is told apart"
joins_by 0 "the user is the one of --user where nothing else says it" "$plain$path" "CIB_HTTP_PASSWORD=pw a-1"
git config --global credential.helper "store --file=$tmp/store"
joins_by 3 "a helper that knows nothing" "$plain$path"
printf '%s\n' "${plain/:\/\//:\/\/a-1:pw%20a-1@}" >store
joins_by 0 "git's credential helper knows user and password" "$plain$path"
work_copy=$tmp/copy-$n
expect 0 "for a sync as well" as_member "$CIB" sync
printf '%s\n' "${plain/:\/\//:\/\/a-1:old@}" >store
joins_by 3 "one that the server does not take any more" "$plain$path"
is "$(wc -c <store)" 0 "is taken out of the helper"
typed() { # KEYS ARGUMENT...: cib on a terminal
	local keys=$1
	shift
	python3 "$support/terminal.py" "$keys" "$CIB" "$@"
}
expect 3 "a person mistypes" typed 'oops\n' join "$plain$path" "$tmp/typed" --user a-1
says "Password or token of a-1:" "having been asked"
expect 0 "a person types the password" typed 'pw a-1\n' join "$plain$path" "$tmp/typed" --user a-1
says_not "pw a-1" "which is not shown"
is "$(sed 's/%3a/:/' store)" "${plain/:\/\//:\/\/a-1:pw%20a-1@}" "and git's helper keeps it"
expect 0 "so that nobody is asked again" env CIB_DIR="$tmp/typed" "$CIB" sync

# ---- ssh ----
command -v sshd >/dev/null || { echo "SKIP: sshd is not installed"; exit $failed; }
mkdir inner jump bin
ssh_keys keys a-1 stranger
authorize serve "$tmp/srv" keys a-1 >inner/authorized_keys
start_ssh "$tmp/inner" || { echo "not ok - sshd starts"; exit 1; }
inner_port=${url##*:}
cp keys/stranger.pub jump/authorized_keys # may go on, and nothing else
start_ssh "$tmp/jump" "AllowTcpForwarding yes" || { echo "not ok - the jump host starts"; exit 1; }
jump_port=${url##*:}
# ssh looks for its configuration in the home of the account, not in $HOME: it is named here.
printf '#!/bin/sh\nexec /usr/bin/ssh -F "%s/config" "$@"\n' "$tmp" >bin/ssh
chmod +x bin/ssh
cat >config <<CONF
Host *
  User $(id -un)
  UserKnownHostsFile $tmp/known
  GlobalKnownHostsFile /dev/null
  IdentityFile none
Host network-server
  HostName 127.0.0.1
  Port $inner_port
Host behind
  HostName 127.0.0.1
  Port $inner_port
  ProxyJump jumper
Host jumper
  HostName 127.0.0.1
  Port $jump_port
CONF
: >known
chmod 600 config keys/*
eval "$(ssh-agent -s)" >/dev/null
more_pids+=("$SSH_AGENT_PID")
in_path=PATH=$tmp/bin:$PATH
joins_by 3 "ssh: an unknown host is refused" "ssh://127.0.0.1:$inner_port/network.git" "$in_path"
says "ssh-keyscan -p $inner_port 127.0.0.1 >>" "with the command that adds it"
ssh-keyscan -p "$inner_port" 127.0.0.1 >known 2>/dev/null
joins_by 3 "ssh: without a key" "ssh://127.0.0.1:$inner_port/network.git" "$in_path"
says "key" "the reason is named"
ssh-add -q keys/a-1 2>/dev/null
joins_by 0 "ssh: the agent has the key" "ssh://127.0.0.1:$inner_port/network.git" "$in_path"
joins_by 0 "ssh: a name from the configuration" "network-server:network.git" "$in_path"
joins_by 0 "ssh: GIT_SSH names the program" "network-server:network.git" GIT_SSH="$tmp/bin/ssh"
joins_by 0 "ssh: GIT_SSH_COMMAND names it with options" "network-server:network.git" GIT_SSH_COMMAND="ssh -F '$tmp/config'"
joins_by 3 "ssh: an unknown jump host" "behind:network.git" "$in_path"
ssh-add -q keys/stranger 2>/dev/null
ssh-keyscan -p "$jump_port" 127.0.0.1 >>known 2>/dev/null
joins_by 0 "ssh: through a jump host" "behind:network.git" "$in_path"
work_copy=$tmp/copy-$n
expect 0 "ssh: and a sync" as_member "$in_path" "$CIB" sync
before=$(git -C "$work_copy" for-each-ref)
ssh_keys other host
sed -i "s|^\(\[127.0.0.1\]:$inner_port ssh-ed25519\) .*|\1 $(cut -d' ' -f2 other/host.pub)|; /^\[127.0.0.1\]:$inner_port \(ecdsa\|ssh-rsa\)/d" known
expect 3 "ssh: a host with another key than before is refused" as_member "$in_path" "$CIB" sync
says "another key than before" "as what it is"
says "ssh-keygen -f \"$tmp/known\" -R \"[127.0.0.1]:$inner_port\"" "with the command for when it is right"
is "$(git -C "$work_copy" for-each-ref)" "$before" "and nothing changes here"
exit $failed
