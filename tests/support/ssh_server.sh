#!/bin/sh
# A real sshd on loopback for tests, with keys of its own.
#
#   ssh_server.sh start DIR     makes keys, known_hosts and an ssh client script in DIR (DIR/ssh: give
#                               it to CIB_SSH); prints USER@127.0.0.1:PORT and the pid file. Sessions have DIR as
#                               their home: what the account's own shell start-up does is no part of a test
#   ssh_server.sh stop PID_FILE
set -eu

stop() {
	pid=$(cat "$1")
	kill "$pid" 2>/dev/null || true
	rm -f "$1"
}

start() {
	dir=$(cd "$1" && pwd)
	sshd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd) || { echo "sshd is not installed" >&2; exit 77; }
	if [ "$(id -u)" = 0 ]; then
		mkdir -p /run/sshd
	fi
	for key in host user; do
		[ -f "$dir/$key" ] || ssh-keygen -q -t ed25519 -N '' -f "$dir/$key"
	done
	cp "$dir/user.pub" "$dir/authorized_keys"
	chmod 600 "$dir/authorized_keys" "$dir/user"
	tries=0
	while [ $tries -lt 20 ]; do
		port=$(od -An -N2 -tu2 /dev/urandom | awk '{print 20000 + $1 % 30000}')
		cat >"$dir/sshd_config" <<CONF
${SSHD_EXTRA:-SetEnv HOME=$dir}
ListenAddress 127.0.0.1
Port $port
HostKey $dir/host
AuthorizedKeysFile $dir/authorized_keys
PidFile $dir/sshd.pid
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
CONF
		rm -f "$dir/sshd.pid"
		"$sshd" -f "$dir/sshd_config" -E "$dir/sshd.log" || true
		n=0
		while [ ! -s "$dir/sshd.pid" ] && [ $n -lt 30 ]; do
			sleep 0.05
			n=$((n + 1))
		done
		if [ -s "$dir/sshd.pid" ]; then
			echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$dir/host.pub")" >"$dir/known_hosts"
			cat >"$dir/ssh" <<CLIENT
#!/bin/sh
exec ssh -F none -o BatchMode=yes -o UserKnownHostsFile="\${CIB_TEST_KNOWN_HOSTS:-$dir/known_hosts}" -o GlobalKnownHostsFile=/dev/null -o IdentitiesOnly=yes -i "\${CIB_TEST_KEY:-$dir/user}" "\$@"
CLIENT
			chmod +x "$dir/ssh"
			echo "$(id -un)@127.0.0.1:$port"
			echo "$dir/sshd.pid"
			return 0
		fi
		tries=$((tries + 1))
	done
	cat "$dir/sshd.log" >&2
	return 1
}

case ${1:-} in
start) shift && start "$@" ;;
stop) shift && stop "$@" ;;
*) sed -n '2,7p' "$0" >&2 && exit 2 ;;
esac
