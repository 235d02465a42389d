#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/servers.sh, ../support/browser.sh
# The review in a real browser: two members and the secretariat, with a real web server between them. SHOTS=FOLDER keeps pictures.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/servers.sh"
trap 'stop_servers; rm -rf "$tmp"' EXIT
. "$support/browser.sh"
export HOME=$tmp/home GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME" srv
command -v lighttpd >/dev/null || { echo "SKIP: lighttpd is not installed"; exit 0; }

expect 0 "a network is made" "$CIB" init srv/network.git --title "Example network" --language en,fr,ar --secretariat sec-1 --member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
web_users users sec-1 andal-1 voorbeeld-1 || { echo "SKIP: htpasswd is not installed"; exit 0; }
start_lighttpd "$tmp/srv" "$tmp/users" || { echo "not ok - lighttpd starts"; cat lighttpd/log; exit 1; }
by() { # USER COMMAND...: with the user's password
	CIB_HTTP_USER=$1 CIB_HTTP_PASSWORD=pw-$1 as "$@"
}
for user in andal-1 voorbeeld-1 sec-1; do
	expect 0 "$user joins" env CIB_HTTP_USER=$user CIB_HTTP_PASSWORD=pw-$user "$CIB" join "$url/network.git" $user --user $user
done
changed=$(project andal-1 "Water for six towns" "/title/ar=المياه لست مدن" '/recipientCountries:=[{"code":"KE","percentage":"100"}]')
by andal-1 sync >/dev/null 2>&1
by sec-1 sync >/dev/null 2>&1
expect 0 "one is accepted" by sec-1 review accept m-andal "$changed"
by sec-1 sync >/dev/null 2>&1
by andal-1 sync >/dev/null 2>&1
expect 0 "it is changed" as andal-1 set "$changed" "/title/en=Clean water for seven towns" "/title/ar=المياه النظيفة لسبع مدن" '/recipientCountries:=[{"code":"KE","percentage":"60"},{"code":"TZ","percentage":"40"}]' '/sdg:=[{"code":"6.1"}]'
fresh=$(project andal-1 "Waste sorting at school" "/description/general/ar=فرز النفايات في المدرسة")
for title in "Street lights that last" "Budgets that everybody can read"; do project andal-1 "$title" >/dev/null; done
project voorbeeld-1 "Street lights that last" >/dev/null
project voorbeeld-1 "Trees along the river" >/dev/null
for user in andal-1 voorbeeld-1 sec-1; do expect 0 "$user syncs" by $user sync; done
CHANGED=$changed FRESH=$fresh timeout 600 node "$tools/review.mjs" || failed=1
expect 0 "what was accepted is there for everybody" by voorbeeld-1 sync
expect 0 "in its new version" as voorbeeld-1 show "$changed"
says "Clean water for seven towns" "as the page showed it"
exit $failed
