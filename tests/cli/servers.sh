#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086,SC2317,SC2016,SC2015 # ../support/people.sh, ../support/servers.sh
# The recipes of docs/servers, followed: each server serves the same network to cib and to plain git, names the user to the hook, and
# lets nobody else in. Takes the program from $CIB; prints a line for each statement.
# builds: both
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/servers.sh"
trap 'stop_servers; rm -rf "$tmp"' EXIT
unset CIB_USER

fresh() { # DIR: a network with four users
	mkdir -p "$(dirname "$1")"
	"$CIB" init "$1" --title T --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1 2>err || { echo "not ok - init"; cat err; exit 1; }
}
of() { # USER COMMAND...: in the user's copy, with what the user has to show to this server
	local user=$1
	shift
	(cd "$tmp/$server/$user" 2>/dev/null || cd "$tmp/$server" || exit 9
	CIB_HTTP_USER=$user CIB_HTTP_PASSWORD=pw-$user CIB_TEST_KEY=$tmp/keys/$user CIB_SSH=${ssh:-} GIT_SSH_COMMAND=${ssh:-} "$@")
}
address() { # USER: for plain git
	case $url in http*) echo "${url/:\/\//://$1:pw-$1@}/network.git" ;; *) echo "$url/$path" ;; esac
}
commit_as() { # USER DOMAIN: all that is in the clone
	git add -A && git -c user.name="$1" -c user.email="$1@$2.cib.invalid" commit -qm x
}

# What every server must do. $url and $path say where it is, $central which folder that is.
exercise() {
	local id big
	mkdir -p "$server"
	expect 0 "$server: cib join" of a-1 "$CIB" join "$url/$path" a-1 --user a-1
	expect 0 "$server: another joins" of b-1 "$CIB" join "$url/$path" b-1 --user b-1
	expect 0 "$server: an entry is made" of a-1 "$CIB" new project "/title/en=A pump" "/description/general/en=About a pump" \
		/status=2 '/partners:=[{"id":"o-1","name":{"en":"City"},"role":"4"}]' /dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]'
	id=$(grep -o 'p-[0-9a-z]*' out | head -1)
	expect 0 "$server: cib sync sends it" of a-1 "$CIB" sync
	says "Sent 1 entry" "$server: and says so"
	is "$(git -C "$central" cat-file -t "members/m-a:members/m-a/projects/$id.json" 2>&1)" blob "$server: the central repository has it"

	expect 0 "$server: git clone" of a-1 git clone -q -b members/m-a "$(address a-1)" "$tmp/$server/plain"
	cd "$server/plain" || exit 1
	git config http.postBuffer 65536
	big=$(head -c 200000 /dev/urandom | base64 -w0)
	for i in 0 1 2 3 4 5 6 7; do
		sed "s/\"id\": \"$id\"/\"id\": \"p-aaaaaaaaa$i\"/; s|About a pump|${big:i*18000:18000}|" "members/m-a/projects/$id.json" >"members/m-a/projects/p-aaaaaaaaa$i.json"
	done
	expect 0 "$server: plain git commits" commit_as a-1 m-a
	expect 0 "$server: plain git pushes more than fits into one request" of a-1 git -C "$PWD" push -q origin HEAD
	mkdir -p members/m-b/projects && cp "members/m-a/projects/$id.json" members/m-b/projects/
	commit_as a-1 m-a
	expect 1 "$server: plain git is refused in another's folder" of a-1 git -C "$PWD" push -q origin HEAD
	says "$(git rev-parse --short=12 HEAD):members/m-b/projects/$id.json: the staff of m-a may only change" "$server: with commit, path and reason"
	git reset -q --hard HEAD~1
	echo >>"members/m-a/projects/$id.json" && commit_as b-1 m-b
	expect 1 "$server: who pushes is who the server says" of b-1 git -C "$PWD" push -q "$(address b-1)" HEAD:members/m-a
	says "you may not change this reference" "$server: and has an own branch"
	git reset -q --hard HEAD~1
	cd "$tmp" || exit 1
	expect 3 "$server: a wrong key or password lets nobody in" env CIB_HTTP_PASSWORD=wrong CIB_HTTP_USER=a-1 CIB_TEST_KEY="$tmp/keys/stranger" CIB_SSH="${ssh:-}" \
		"$CIB" join "$url/$path" stranger --user a-1
	expect 128 "$server: nor to plain git" env CIB_TEST_KEY="$tmp/keys/stranger" GIT_SSH_COMMAND="${ssh:-}" git ls-remote "$(address stranger)"

	expect 0 "$server: the secretariat joins" of sec-1 "$CIB" join "$url/$path" sec-1 --user sec-1
	expect 0 "$server: and takes a user out" of sec-1 "$CIB" access remove b-1
	expect 0 "$server: which it sends" of sec-1 "$CIB" sync
	git clone -q "$central" "$server/b" && mkdir -p "$server/b/members/m-b/projects" && echo x >"$server/b/members/m-b/projects/x.json" && (cd "$server/b" && commit_as b-1 m-b)
	expect $gone "$server: who was taken out cannot push any more" of b-1 git -C "$tmp/$server/b" push -q "$(address b-1)" HEAD:members/m-b
	says "b-1 has no access" "$server: and is told"
	expect 0 "$server: the repository is sound" git -C "$central" fsck --strict --no-dangling
}

ssh_keys keys sec-1 a-1 a-2 b-1 stranger admin || { echo "not ok - keys"; exit 1; }
web_users users sec-1 a-1 a-2 b-1 || { echo "not ok - htpasswd"; exit 1; }

for server in lighttpd nginx; do
	command -v $server >/dev/null || { echo "SKIP: $server is not installed"; continue; }
	central=$tmp/$server.srv/network.git path=network.git gone=1
	fresh "$central"
	start_$server "$tmp/$server.srv" "$tmp/users" || { echo "not ok - $server starts"; cat $server/log $server/start; failed=1; continue; }
	exercise
done

if command -v sshd >/dev/null; then
	# serve-ssh: the path is below its root
	server=serve-ssh central=$tmp/ssh.srv/network.git path=network.git gone=128
	fresh "$central"
	git init -q --bare outside.git && git init -q --bare ssh.srv/plain.git && ln -s ../outside.git ssh.srv/link.git
	mkdir -p sshd && authorize serve "$tmp/ssh.srv" keys sec-1 a-1 a-2 b-1 >sshd/authorized_keys
	start_ssh "$tmp/sshd" || { echo "not ok - sshd starts"; exit 1; }
	exercise
	host=${url#ssh://} port=${url##*:}
	host=${host%:*}
	expect 0 "serve-ssh: the name without .git is the same" of a-1 git ls-remote "$url/network"
	expect 0 "serve-ssh: so is the whole path" of a-1 git ls-remote "$url$central"
	for bad in ../outside.git "$tmp/outside.git" link.git plain.git nothing.git /etc "~root/x.git"; do
		expect 128 "serve-ssh: $bad is not served" of a-1 git ls-remote "$url/$bad"
	done
	for bad in 'ls' "git-upload-pack 'network.git'; id" "git-upload-archive 'network.git'" "git-upload-pack --strict 'x'" "git-receive-pack 'network.git" 'git-upload-pack $(id)' "git-shell" ""; do
		expect 3 "serve-ssh: '$bad' is not run" of a-1 "$ssh" -p "$port" "$host" "$bad"
	done
	says "this server knows you as a-1" "serve-ssh: who comes with a shell in mind is told"
	expect 3 "serve-ssh: who has no access does not read either" of b-1 "$ssh" -p "$port" "$host" "git-upload-pack '/network.git'"
	says "b-1 has no access" "serve-ssh: and is told"
	expect 0 "serve-ssh: names from outside do not reach the hook" of a-1 env GL_USER=sec-1 CIB_USER=sec-1 git -C "$tmp/serve-ssh/plain" push -q origin HEAD

	# a new key for a person: the line is replaced
	ssh_keys new a-2
	grep -v '"cib serve-ssh.* a-2"\|a-2" ' sshd/authorized_keys >sshd/rest
	authorize serve "$tmp/ssh.srv" new a-2 >>sshd/rest && mv sshd/rest sshd/authorized_keys
	expect 128 "serve-ssh: a key that was replaced lets nobody in" of a-2 git ls-remote "$url/network.git"
	expect 0 "serve-ssh: the new one does" of a-2 env CIB_TEST_KEY="$tmp/new/a-2" git ls-remote "$url/network.git"

	# stock git-shell, with the environment
	stop_servers
	server=git-shell central=$tmp/shell.srv/network.git path=${tmp#/}/shell.srv/network.git gone=1
	fresh "$central"
	rm -rf sshd && mkdir sshd && authorize shell "$tmp/shell.srv" keys sec-1 a-1 a-2 b-1 >sshd/authorized_keys
	start_ssh "$tmp/sshd" || { echo "not ok - sshd starts"; exit 1; }
	exercise

	# gitolite3: its own keys, its own configuration; its home is set by sshd, so no user of the system is made
	stop_servers
	if command -v gitolite >/dev/null; then
		server=gitolite central=$tmp/gl/repositories/network.git path=network gone=1
		mkdir gl $server && rm -rf sshd
		cp keys/admin.pub admin.pub
		expect 0 "gitolite: setup" env HOME="$tmp/gl" gitolite setup -pk "$tmp/admin.pub"
		fresh "$central"
		mkdir sshd && start_ssh "$tmp/sshd" "$(home_of "$tmp/gl")" || { echo "not ok - sshd starts"; exit 1; }
		expect 0 "gitolite: its admin repository" of admin git clone -q "$url/gitolite-admin" "$tmp/gl-admin"
		cp keys/{sec-1,a-1,a-2,b-1}.pub gl-admin/keydir/
		sed 's/^@network = .*/@network = sec-1 a-1 a-2 b-1/' "$recipes/gitolite.conf" >>gl-admin/conf/gitolite.conf
		(cd gl-admin && git add -A && git -c user.name=x -c user.email=x@x commit -qm x)
		expect 0 "gitolite: takes the keys and the recipe" of admin git -C "$tmp/gl-admin" push -q
		exercise
	else
		echo "SKIP: gitolite3 is not installed"
	fi
else
	echo "SKIP: sshd is not installed"
fi
exit $failed
