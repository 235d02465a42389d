#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086,SC2016 # ../support/people.sh, ../support/servers.sh, ../support/hostile.sh
# The hostile pushes of hostile.sh over http, to a network as `cib init` makes it and web servers by the recipes of docs/servers serve it:
# all of them to the first, a share to the second, which runs the same programs. Takes the program from $CIB; prints a line for each statement.
# builds: both
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/servers.sh"
. "$support/hostile.sh"
trap 'stop_servers; rm -rf "$tmp"' EXIT
hostile_build
web_users users sec-1 andal-1 voorbeeld-1 third-1 stranger || { echo "not ok - htpasswd"; exit 1; }
share=$first_share
for server in lighttpd nginx; do
	command -v $server >/dev/null || { echo "SKIP: $server is not installed"; continue; }
	hostile_central $server.srv/network
	start_$server "$tmp/$server.srv" "$tmp/users" || { echo "not ok - $server starts"; cat $server/log $server/start; failed=1; continue; }
	hostile run $server $server.srv/network.git http "$url/network.git" "$every" "$share"
	share=$next_share
done
exit $failed
