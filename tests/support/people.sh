# shellcheck shell=bash disable=SC2034
# What the end-to-end tests of people at work share: statements, and users each in a folder of their own.
# A test sources it first; it then stands in a temporary folder, $tmp, that goes with the test.
CIB=${CIB:?path of the cib program}
support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
export CIB_LANG=en
failed=0

expect() { # STATUS SENTENCE COMMAND...: the command ends with that exit code; its output is in $tmp/out and $tmp/err
	local want=$1 sentence=$2 got
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ "$got" = "$want" ]; then
		echo "ok - $sentence"
	else
		echo "not ok - $sentence (exit $got, expected $want)"
		sed 's/^/    /' "$tmp/out" "$tmp/err"
		failed=1
	fi
}

says() { # TEXT SENTENCE: the last command printed it
	if grep -qF -- "$1" "$tmp/out" "$tmp/err"; then
		echo "ok - $2"
	else
		echo "not ok - $2 (no '$1')"
		sed 's/^/    /' "$tmp/out" "$tmp/err"
		failed=1
	fi
}

says_not() { # TEXT SENTENCE
	if grep -qF -- "$1" "$tmp/out" "$tmp/err"; then
		echo "not ok - $2 (there is '$1')"
		sed 's/^/    /' "$tmp/out" "$tmp/err"
		failed=1
	else
		echo "ok - $2"
	fi
}

is() { # GOT WANTED SENTENCE
	if [ "$1" = "$2" ]; then
		echo "ok - $3"
	else
		echo "not ok - $3 ('$1' is not '$2')"
		failed=1
	fi
}

as() { # USER COMMAND...: in the user's folder
	local user=$1
	shift
	(cd "$tmp/$user" && CIB_USER=$user "$CIB" "$@")
}

at_terminal() { # USER KEYS COMMAND...: on a terminal, typing
	local user=$1 keys=$2
	shift 2
	(cd "$tmp/$user" && CIB_USER=$user TERM=xterm python3 "$support/terminal.py" "$keys" "$CIB" "$@")
}

joins() { # USER...: each gets a copy of central.git
	local user
	for user in "$@"; do
		expect 0 "$user joins" env CIB_USER="$user" "$CIB" join "$tmp/central.git" "$user" --user "$user"
	done
}

project() { # USER TITLE [ASSIGNMENT...]: makes a valid project, prints its id
	local user=$1 title=$2
	shift 2
	as "$user" new project "/title/en=$title" "/description/general/en=About $title." /status=2 \
		'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' \
		/dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' "$@" 2>"$tmp/err"
}

field() { # USER ID POINTER: prints the value
	as "$1" show "$2" --json | python3 -c 'import json,sys; d=json.load(sys.stdin)
for k in sys.argv[1].split("/")[1:]: d=d[int(k)] if isinstance(d,list) else d[k]
print(d)' "$3"
}

rounds() { # USER...: each syncs, in this order
	local user
	for user in "$@"; do
		expect 0 "$user syncs" as "$user" sync
	done
}
