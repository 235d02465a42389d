# shellcheck shell=bash disable=SC2016,SC2034,SC2154
# A bad link between a copy and its server, for the tests that source crash.sh: real servers behind link.py.
#
#   open_links                a web server for $work and a link to it; sets $http, the address below which $work is
#   link_of http|ssh PLAN     what the link does from now on, see link.py ("" : it works)
#   use_link http|ssh DIR     the copy in $scene/DIR goes over it; ssh: git runs behind a pipe, in the place of ssh
#                             (CIB_LINK_OLD=1: it speaks the older version of the protocol)
#   link_counts               prints the bytes "UP DOWN" that passed since the last link_of
# A name of a plan is never used twice, so that counting begins anew.
here_support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
link_pids=()
link_number=0
export CIB_HTTP_PASSWORD=pw

open_links() {
	local lines target
	printf '%s:pw\n' a-1 a-2 sec-1 b-1 >"$tmp/users"
	mkdir -p "$work"
	lines=$(sh "$here_support/http_server.sh" start "$work" "$tmp/users") || return 1
	web_pid_file=$(sed -n 2p <<<"$lines")
	target=$(sed -n 1p <<<"$lines")
	echo open >"$tmp/control.http"
	python3 "$here_support/link.py" listen "$tmp/control.http" "$tmp/count.http" "${target#http://}" >"$tmp/port" 2>"$tmp/link.err" &
	link_pids+=($!)
	for _ in {1..100}; do
		[ -s "$tmp/port" ] && break
		sleep 0.05
	done
	http=http://127.0.0.1:$(cat "$tmp/port")
	printf '#!/bin/sh\nexport CIB_USER=${CIB_HTTP_USER:-}\n[ -z "${CIB_LINK_OLD:-}" ] || unset GIT_PROTOCOL\nexec python3 "%s/link.py" ssh "%s" "%s" "$@"\n' "$here_support" "$tmp/control.ssh" "$tmp/count.ssh" >"$tmp/link-ssh"
	chmod +x "$tmp/link-ssh"
	export CIB_SSH=$tmp/link-ssh
	link_of http ""
	link_of ssh ""
}

close_links() {
	local pid
	for pid in "${link_pids[@]}"; do kill "$pid" 2>/dev/null; done
	[ -z "${web_pid_file:-}" ] || sh "$here_support/http_server.sh" stop "$web_pid_file"
}

link_of() {
	link=$1
	link_number=$((link_number + 1))
	echo "plan-$link_number $2" >"$tmp/control.$link"
}

link_counts() { awk -v name="plan-$link_number" '$1 == name { print $2, $3 }' "$tmp/count.$link"; }

link_address() { # http|ssh: of central.git in $work
	case $1 in http) echo "$http/central.git" ;; ssh) echo "ssh://link$work/central.git" ;; esac
}

use_link() {
	local config=$scene/$2/.git/cib/config.json
	sed -i "s|\"url\": \"[^\"]*\"|\"url\": \"$(link_address "$1")\"|" "$config"
}
