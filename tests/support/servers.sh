# shellcheck shell=bash disable=SC2034,SC2154
# Real servers on loopback by the recipes of docs/servers, with the paths of a test in place of /srv/git and the like.
# Sourced by tests that stand in $tmp; every server that was started is stopped by stop_servers (in the test's trap).
#
#   web_users FILE USER...        htpasswd file; the password is pw-USER
#   start_lighttpd ROOT USERS     sets $url, below which the repositories of ROOT are
#   start_nginx ROOT USERS        the same, with fcgiwrap
#   ssh_keys DIR USER...          a key for each: DIR/USER
#   start_ssh DIR [EXTRA]         sshd for DIR/authorized_keys, EXTRA lines of its configuration, which win; sets $url and $ssh, the client
#   home_of DIR                   EXTRA lines for sessions whose home is DIR, with the keys that it holds
recipes=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../docs/servers" && pwd)
servers_support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
server_pids=()
server_pid_files=()
PATH=$PATH:/usr/sbin:/usr/local/sbin

stop_servers() {
	local file pid
	for file in "${server_pid_files[@]}"; do
		pid=$(cat "$file" 2>/dev/null) && server_pids+=("$pid")
	done
	for pid in "${server_pids[@]}"; do kill "$pid" 2>/dev/null; done
	for pid in "${server_pids[@]}"; do
		for _ in {1..50}; do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.05
		done
	done
	server_pids=() server_pid_files=()
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
await() { # COMMAND...: true within 5 s
	for _ in {1..100}; do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

web_users() {
	local file=$1 user
	shift
	: >"$file"
	for user; do htpasswd -b -B -C 4 "$file" "$user" "pw-$user" 2>/dev/null || return 1; done
}

start_lighttpd() {
	local dir=$tmp/lighttpd port
	mkdir -p "$dir"
	port=$(free_port)
	{
		printf 'server.document-root = "%s"\nserver.bind = "127.0.0.1"\nserver.port = %s\nserver.pid-file = "%s/pid"\n' "$dir" "$port" "$dir"
		printf 'server.errorlog = "%s/log"\nserver.upload-dirs = ("%s")\n' "$dir" "$dir"
		sed -e "s|/srv/git|$1|; s|/etc/lighttpd/network.users|$2|" "$recipes/lighttpd.conf"
	} >"$dir/conf"
	server_pid_files+=("$dir/pid")
	lighttpd -f "$dir/conf" && await listens "$port" && url=http://127.0.0.1:$port/git
}

start_nginx() {
	local dir=$tmp/nginx port
	mkdir -p "$dir"
	port=$(free_port)
	fcgiwrap -s "unix:$dir/socket" >"$dir/fcgiwrap.log" 2>&1 </dev/null &
	server_pids+=($!)
	await test -S "$dir/socket" || return 1
	{
		[ "$(id -u)" != 0 ] || echo "user root;"
		printf 'pid %s/pid;\nerror_log %s/log;\nevents {}\nhttp {\naccess_log off;\n' "$dir" "$dir"
		for kind in client_body proxy fastcgi uwsgi scgi; do echo "${kind}_temp_path $dir/$kind;"; done
		printf 'server {\nlisten 127.0.0.1:%s;\n' "$port"
		sed -e "s|/srv/git|$1|; s|/etc/nginx/network.users|$2|; s|/run/fcgiwrap.socket|$dir/socket|; s|include fastcgi_params|include /etc/nginx/fastcgi_params|" \
			"$recipes/nginx.conf"
		printf '}\n}\n'
	} >"$dir/conf"
	server_pid_files+=("$dir/pid")
	nginx -p "$dir" -c "$dir/conf" 2>"$dir/start" && await listens "$port" && url=http://127.0.0.1:$port/git
}

ssh_keys() {
	local dir=$1 user
	shift
	mkdir -p "$dir"
	for user; do [ -e "$dir/$user" ] || ssh-keygen -q -t ed25519 -N '' -C "$user" -f "$dir/$user" || return 1; done
}

start_ssh() { # the client takes its key from $CIB_TEST_KEY
	local dir=$1 lines
	mkdir -p "$dir"
	[ ! -e "$dir/authorized_keys" ] || cp "$dir/authorized_keys" "$dir/given"
	lines=$(SSHD_EXTRA=${2:-} sh "$servers_support/ssh_server.sh" start "$dir") || return 1
	server_pid_files+=("$(sed -n 2p <<<"$lines")")
	[ ! -e "$dir/given" ] || cp "$dir/given" "$dir/authorized_keys"
	url=ssh://$(sed -n 1p <<<"$lines")
	ssh=$dir/ssh
}

home_of() { printf 'SetEnv HOME=%s\nAuthorizedKeysFile %s/.ssh/authorized_keys\n' "$1" "$1"; }

# The lines of the recipe for a form: `serve` or `shell`, for each user with a key in DIR.
authorize() { # FORM ROOT DIR USER...
	local form=$1 root=$2 dir=$3 user pattern='^restrict.*git-shell'
	shift 3
	[ "$form" != serve ] || pattern='^restrict.*serve-ssh'
	for user; do
		sed -n "/$pattern/p" "$recipes/authorized_keys" | sed -e "s|cib serve-ssh|$CIB serve-ssh|; s|/srv/git|$root|; s|andal-1|$user|; s|KEY\$|$(cat "$dir/$user.pub")|"
	done
}
