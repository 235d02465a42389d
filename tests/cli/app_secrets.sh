#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh
# The password of a real http server stands in no answer of cib app, nor in what it prints or writes: by whatever way cib has it, and
# also when the server does not take it or is gone.
set -u
. "$(dirname "$0")/../support/people.sh"
PATH=$PATH:/usr/sbin:/usr/local/sbin
command -v lighttpd >/dev/null || { echo "SKIP: lighttpd is not installed"; exit 0; }
pid_files=()
trap 'for f in "${pid_files[@]}"; do [ ! -e "$f" ] || sh "$support/http_server.sh" stop "$f"; done; rm -rf "$tmp"' EXIT
export HOME=$tmp GIT_CONFIG_NOSYSTEM=1
password='Zq7+deep/well%wish'
encoded=Zq7%2Bdeep%2Fwell%25wish

expect 0 "a network is made" "$CIB" init srv/network.git --title "Example network" --language en --secretariat sec-1 --member m-andal:andal-1
printf '%s\n' "andal-1:$password" "sec-1:$password" >users
serve() { # sets $url and $pid
	local lines
	lines=$(sh "$support/http_server.sh" start "$tmp/srv" "$tmp/users") || return 1
	url=$(sed -n 1p <<<"$lines") pid=$(sed -n 2p <<<"$lines")
	pid_files+=("$pid")
}
look() { # USER FOLDER WAY [NAME=VALUE...]
	local user=$1 folder=$2 way=$3
	shift 3
	env "$@" PYTHONPATH="$support" python3 "$support/app_secrets.py" "$CIB" "$tmp/$folder" "$user" "$password" "$way" "$tmp/users" "$pid" || failed=1
}

serve || exit 1
expect 0 "joined with it in the environment" env CIB_HTTP_PASSWORD="$password" "$CIB" join "$url/network.git" by-environment --user andal-1
(cd by-environment && CIB_USER=andal-1 "$CIB" new project "/title/en=Water for six towns" >/dev/null 2>&1)
look andal-1 by-environment environment CIB_HTTP_PASSWORD="$password"

serve || exit 1
printf '[credential]\n\thelper = store --file %s/given\n' "$tmp" >.gitconfig
printf 'http://sec-1:%s@%s\n' "$encoded" "${url#http://}" >given
expect 0 "joined with one that git's helper has" "$CIB" join "$url/network.git" by-helper --user sec-1
look sec-1 by-helper helper

serve || exit 1
rm .gitconfig
expect 0 "joined with it in the address" "$CIB" join "http://andal-1:$encoded@${url#http://}/network.git" by-address --user andal-1
look andal-1 by-address address
exit $failed
