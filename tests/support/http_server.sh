#!/bin/sh
# A real Git server over HTTP for tests and the demo: lighttpd with git http-backend on loopback.
#
#   http_server.sh start ROOT USERS_FILE [CERTIFICATE_PEM]
#       serves every repository below ROOT at URL/NAME.git; USERS_FILE holds lines USER:PASSWORD.
#       REMOTE_USER reaches the hooks. Prints two lines: the URL and the pid file.
#   http_server.sh stop PID_FILE
set -eu

stop() {
	pid=$(cat "$1")
	kill "$pid" 2>/dev/null || true
	n=0
	while kill -0 "$pid" 2>/dev/null && [ $n -lt 50 ]; do
		sleep 0.1
		n=$((n + 1))
	done
	rm -rf "$(dirname "$1")"
}

start() {
	root=$(cd "$1" && pwd)
	users=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
	certificate=${3:-}
	PATH=$PATH:/usr/sbin:/usr/local/sbin
	command -v lighttpd >/dev/null || { echo "lighttpd is not installed" >&2; exit 77; }
	backend=$(git --exec-path)/git-http-backend
	[ -x "$backend" ] || { echo "git http-backend is not installed" >&2; exit 77; }
	dir=$(mktemp -d "${TMPDIR:-/tmp}/cib-http-XXXXXX")
	tries=0
	while [ $tries -lt 20 ]; do
		port=$(od -An -N2 -tu2 /dev/urandom | awk '{print 20000 + $1 % 30000}')
		scheme=http
		cat >"$dir/lighttpd.conf" <<CONF
server.modules = ("mod_auth", "mod_authn_file", "mod_alias", "mod_setenv", "mod_cgi")
server.document-root = "$dir"
server.bind = "127.0.0.1"
server.port = $port
server.pid-file = "$dir/pid"
server.errorlog = "$dir/log"
server.upload-dirs = ("$dir")
server.max-request-size = 1048576
alias.url = ("" => "$backend")
cgi.assign = ("" => "")
setenv.set-environment = ("GIT_PROJECT_ROOT" => "$root", "GIT_HTTP_EXPORT_ALL" => "1", "PATH" => env.PATH)
auth.backend = "plain"
auth.backend.plain.userfile = "$users"
auth.require = ("" => ("method" => "basic", "realm" => "network", "require" => "valid-user"))
CONF
		if [ -n "$certificate" ]; then
			scheme=https
			cat >>"$dir/lighttpd.conf" <<CONF
server.modules += ("mod_openssl")
ssl.engine = "enable"
ssl.pemfile = "$certificate"
CONF
		fi
		if lighttpd -f "$dir/lighttpd.conf" >"$dir/start" 2>&1; then
			n=0
			while [ ! -s "$dir/pid" ] && [ $n -lt 50 ]; do
				sleep 0.05
				n=$((n + 1))
			done
			echo "$scheme://127.0.0.1:$port"
			echo "$dir/pid"
			return 0
		fi
		tries=$((tries + 1))
	done
	cat "$dir/start" >&2
	rm -rf "$dir"
	return 1
}

case ${1:-} in
start) shift && start "$@" ;;
stop) shift && stop "$@" ;;
*) sed -n '2,8p' "$0" >&2 && exit 2 ;;
esac
