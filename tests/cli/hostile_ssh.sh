#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086,SC2016 # ../support/people.sh, ../support/servers.sh, ../support/hostile.sh
# The hostile pushes of hostile.sh over ssh, to a network as `cib init` makes it: by cib serve-ssh all of them, by git-shell and gitolite, which
# run the same programs, a share. Takes the program from $CIB; prints a line for each statement.
# builds: both
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/servers.sh"
. "$support/hostile.sh"
trap 'stop_servers; rm -rf "$tmp"' EXIT
command -v sshd >/dev/null || { echo "SKIP: sshd is not installed"; exit 0; }
users="sec-1 andal-1 voorbeeld-1 third-1 stranger"
hostile_build
ssh_keys keys $users admin || { echo "not ok - keys"; exit 1; }
export CIB_TEST_KEYS=$tmp/keys

serve() { # NAME EXTRA-OF-SSHD
	stop_servers
	start_ssh "$tmp/$1.sshd" "${2:-}" || { echo "not ok - sshd starts"; exit 1; }
	# One connection for each key: what is tested lies behind it.
	printf '#!/bin/sh\nexec "%s" -o ControlMaster=auto -o "ControlPath=%s/%%C-$(basename "$CIB_TEST_KEY")" -o ControlPersist=60 "$@"\n' "$ssh" "$tmp/$1.sshd" >"$tmp/$1.sshd/client"
	chmod +x "$tmp/$1.sshd/client"
	export GIT_SSH_COMMAND=$tmp/$1.sshd/client
}
for form in serve shell; do
	hostile_central $form.srv/network
	mkdir -p $form.sshd
	authorize $form "$tmp/$form.srv" keys $users >$form.sshd/authorized_keys
	serve $form
	case $form in
	serve) hostile run "serve-ssh" serve.srv/network.git ssh "$url/network.git" "$every" "$first_share" ;;
	shell) hostile run "git-shell" shell.srv/network.git ssh "$url$tmp/shell.srv/network.git" "$every" "$next_share" ;;
	esac
done
command -v gitolite >/dev/null || { echo "SKIP: gitolite3 is not installed"; exit $failed; }
mkdir gl && cp keys/admin.pub admin.pub
expect 0 "gitolite: setup" env HOME="$tmp/gl" gitolite setup -pk "$tmp/admin.pub"
hostile_central gl/repositories/network
serve gitolite "$(home_of "$tmp/gl")"
expect 0 "gitolite: its admin repository" env CIB_TEST_KEY="$tmp/keys/admin" git clone -q "$url/gitolite-admin" gl-admin
for user in $users; do cp "keys/$user.pub" gl-admin/keydir/; done
sed "s/^@network = .*/@network = $users/" "$recipes/gitolite.conf" >>gl-admin/conf/gitolite.conf
(cd gl-admin && git add -A && git -c user.name=x -c user.email=x@x commit -qm x)
expect 0 "gitolite: takes the keys and the recipe" env CIB_TEST_KEY="$tmp/keys/admin" git -C gl-admin push -q
hostile run gitolite gl/repositories/network.git ssh "$url/network" "$every" "$next_share"
exit $failed
