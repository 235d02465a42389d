#!/usr/bin/env bash
# A network's day, with real programs: a bare Git repository behind lighttpd on loopback, two members with three
# staff, the secretariat. Prints each command and what the person sees. Exits non-zero when something is not as it should be.
#
#   CIB=/path/of/cib tests/demo/demo.sh      (./dev demo builds and runs it)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
CIB=$(realpath "${CIB:?path of the cib program}")
top=$(mktemp -d "${TMPDIR:-/tmp}/cib-demo-XXXXXX")
pidfile=
server=$here/../support/http_server.sh
finish() {
	[ -z "$pidfile" ] || sh "$server" stop "$pidfile" >/dev/null 2>&1 || true
	rm -rf "$top"
}
trap finish EXIT

# Nothing of the person who runs this comes in.
export HOME=$top/home LC_ALL=C.UTF-8 CIB_LANG=en GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 NO_COLOR=1 PATH=$PATH:/usr/sbin
unset CIB_USER CIB_DIR GIT_DIR GIT_WORK_TREE http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
mkdir -p "$HOME" "$top/people" "$top/server"
git config --global init.defaultBranch main
commands=0 begin=$SECONDS

heading() { printf '\n== %s\n' "$*"; }
wrong() {
	printf '\nThe demo is not as it should be: %s\n' "$*"
	exit 1
}
shown() { # standard input, indented, long ones cut
	awk -v max="${LINES_SHOWN:-40}" '
		NR <= max { print "    " $0 }
		END { if (NR > max) printf "    ... %d more lines\n", NR - max }'
}

# as USER STATUS ARGUMENT...: run cib in that person's copy, show it, expect the exit code.
as() {
	local user=$1 want=$2 got=0 word line
	shift 2
	line="cib"
	for word in "$@"; do
		case $word in *[!A-Za-z0-9_./:=,@-]*) line+=" '$word'" ;; *) line+=" $word" ;; esac
	done
	printf '\n%s $ %s\n' "$user" "$line"
	(cd "$top/people/$user" 2>/dev/null || cd "$top/people" && CIB_HTTP_USER=$user CIB_HTTP_PASSWORD=secret-of-$user "$CIB" "$@") \
		>"$top/out" 2>"$top/err" </dev/null || got=$?
	cat "$top/out" "$top/err" | sed "s|$top|/tmp/demo|g" | shown
	commands=$((commands + 1))
	[ "$got" = "$want" ] || wrong "exit code $got instead of $want"
	[ "$want" = 0 ] || printf '    (exit code %s)\n' "$got"
}
says() { grep -qF -- "$1" "$top/out" "$top/err" || wrong "'$1' was expected"; }

heading "A network: one bare Git repository, guarded by cib's hook, behind an ordinary web server"
for user in secretariat-1 andal-1 andal-2 voorbeeld-1; do
	echo "$user:secret-of-$user"
done >"$top/server/users"
printf '\nserver $ cib init network.git ...\n'
"$CIB" init "$top/server/network.git" --title "Exchange network of local governments" --language en,fr,es --secretariat secretariat-1 \
	--member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1 2>&1 | sed "s|$top|/tmp/demo|g" | shown
{
	read -r url
	read -r pidfile
} < <(sh "$server" start "$top/server" "$top/server/users")
[ -n "$url" ] || wrong "the web server does not start"
conf=$(dirname "$pidfile")/lighttpd.conf
printf '    lighttpd and git http-backend serve it at %s/network.git\n' "$url"

server_down() {
	kill "$(cat "$pidfile")"
	while kill -0 "$(cat "$pidfile" 2>/dev/null || echo 999999999)" 2>/dev/null; do sleep 0.05; done
}
server_up() {
	lighttpd -f "$conf" >/dev/null 2>&1 || wrong "the web server does not start again"
	for _ in $(seq 100); do
		[ ! -s "$pidfile" ] || return 0
		sleep 0.05
	done
}

heading "Everyone gets a copy"
for user in andal-1 andal-2 voorbeeld-1 secretariat-1; do
	as "$user" 0 join "$url/network.git" "$user" --user "$user"
done

heading "A member takes in the IATI file that it publishes already"
iati=$here/../../../shared/domain/iati-activities/MAEC_IATI_INDONESIA.xml
[ -r "$iati" ] || iati=$here/../data/iati-sample.xml
cp "$iati" "$top/people/voorbeeld-1/activities.xml"
got=0
(cd "$top/people/voorbeeld-1" && "$CIB" import iati activities.xml --quiet) >"$top/out" 2>"$top/err" </dev/null || got=$?
printf '\nvoorbeeld-1 $ cib import iati activities.xml --quiet\n'
tail -n 1 "$top/err" | shown
commands=$((commands + 1))
[ "$got" -le 1 ] || wrong "exit code $got of the import: $(cat "$top/err")"
rm "$top/people/voorbeeld-1/activities.xml"
imported=$(cd "$top/people/voorbeeld-1" && "$CIB" list --json 2>/dev/null | wc -l)
[ "$imported" -gt 0 ] || wrong "nothing was imported"
drafts=$got # 1 when the file holds activities that are no valid entries: they stay behind as drafts
LINES_SHOWN=3 as voorbeeld-1 "$drafts" sync

heading "A colleague writes two projects"
project() { # USER TITLE: prints the id
	as "$1" 0 new project "/title/en=$2" "/description/general/en=$2, with the municipalities of the region." /status=2 \
		/modality=city-to-city /dates/plannedStart=2024-03 '/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' \
		'/sectors:=[{"code":"15128"}]' \
		'/sdg:=[{"code":"6.2","relevance":"primary"}]' '/themes:=["water-sanitation"]'
	id=$(head -n 1 "$top/out")
}
project andal-1 "Water for six towns"
water=$id
project andal-1 "Waste sorting at school"
waste=$id
as andal-1 0 sync
as andal-2 0 sync
as andal-2 0 list --kind project

heading "The link is gone: work goes on, nothing is lost"
server_down
as andal-1 0 set "$water" "/title/en=Water for seven towns"
as andal-1 4 sync
as andal-2 0 set "$water" /status=3 /dates/plannedEnd=2026-12
as andal-2 4 sync

heading "The link is back: two edits of one entry are joined field by field"
server_up
as andal-1 0 sync
as andal-2 0 sync
as andal-2 0 show "$water"
says "Water for seven towns"

heading "Both change the same field: nobody loses, a person decides"
as andal-1 0 sync
as andal-1 0 set "$water" /dates/plannedEnd=2027-06
as andal-1 0 sync
as andal-2 0 set "$water" /dates/plannedEnd=2028-01
as andal-2 1 sync
as andal-2 1 resolve
says plannedEnd
as andal-2 0 resolve "$water" --value 2027-12
as andal-2 0 sync
as andal-1 0 sync

heading "A push by plain git into another member's folder is refused by the server"
git_as() { # USER ARGUMENT...
	local user=$1
	shift
	git -c credential.helper= -c "credential.helper=!f() { echo username=$user; echo password=secret-of-$user; }; f" \
		-c user.name="$user" -c user.email="$user@m-voorbeeld.cib.invalid" "$@"
}
plain=$top/people/plain
git_as voorbeeld-1 clone -q "$url/network.git" "$plain" 2>&1 | shown
git_as voorbeeld-1 -C "$plain" fetch -q origin members/m-andal
git_as voorbeeld-1 -C "$plain" checkout -q -b members/m-voorbeeld origin/members/m-voorbeeld 2>/dev/null ||
	git_as voorbeeld-1 -C "$plain" checkout -q -b members/m-voorbeeld
mkdir -p "$plain/members/m-andal/projects"
git -C "$plain" show "FETCH_HEAD:members/m-andal/projects/$water.json" | sed 's/seven towns/no town/' >"$plain/members/m-andal/projects/$water.json"
git -C "$plain" add -A
git_as voorbeeld-1 -C "$plain" commit -q -m "Change what is not ours"
printf '\nvoorbeeld-1 $ git push origin members/m-voorbeeld\n'
got=0
git_as voorbeeld-1 -C "$plain" push origin members/m-voorbeeld >"$top/out" 2>&1 || got=$?
shown <"$top/out"
commands=$((commands + 1))
[ "$got" != 0 ] || wrong "the push was taken"
says "members/m-andal/projects/$water.json"

heading "The secretariat reviews: one accepted, one returned with a comment"
as secretariat-1 0 sync
as secretariat-1 0 review m-andal
as secretariat-1 0 review show m-andal "$water"
as secretariat-1 0 review accept m-andal "$water"
as secretariat-1 0 review return m-andal "$waste" --field /title/en -m "Which school, and where?"
as secretariat-1 0 sync

heading "The comment arrives; what was accepted is there for everybody"
as andal-1 0 sync
as andal-1 0 status
says "Which school, and where?"
LINES_SHOWN=2 as voorbeeld-1 "$drafts" sync
as voorbeeld-1 0 show "$water"
says "Water for seven towns"

heading "The day in figures"
central=$top/server/network.git
git -C "$central" fsck --strict --no-dangling >"$top/out" 2>&1 || wrong "git fsck finds faults: $(cat "$top/out")"
count() { git -C "$central" ls-tree -r --name-only "$1" -- members 2>/dev/null | wc -l; }
printf '    %-36s %s\n' "commands" "$commands" \
	"entries taken in from IATI" "$imported" \
	"entries of m-andal on the server" "$(count members/m-andal)" \
	"entries of m-voorbeeld there" "$(git -C "$central" ls-tree -r --name-only members/m-voorbeeld -- members/m-voorbeeld | wc -l)" \
	"entries accepted (main)" "$(count main)" \
	"commits on the server" "$(git -C "$central" rev-list --all --count)" \
	"open conflicts" "$(git -C "$central" ls-tree -r --name-only members/m-andal -- members | grep -c /conflicts/ || true)" \
	"size of the server's repository" "$(du -sh "$central" | cut -f1)" \
	"faults that git fsck --strict finds" 0 \
	"seconds" "$((SECONDS - begin))"
