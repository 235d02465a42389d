# shellcheck shell=bash disable=SC2034
# What end-to-end tests say with: statements about a command's exit code and its words, and persons with a copy each.
# To be sourced; needs $CIB. Sets $tmp, a folder that goes away, and $failed.
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
export CIB_LANG=en
failed=0

not_ok() {
	echo "not ok - $1"
	sed 's/^/    /' "$tmp/out" "$tmp/err"
	failed=1
}

# expect STATUS SENTENCE COMMAND...: the command ends with that exit code; its output is in $tmp/out and $tmp/err.
expect() {
	local want=$1 sentence=$2 got
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ "$got" = "$want" ]; then echo "ok - $sentence"; else not_ok "$sentence (exit $got, expected $want)"; fi
}

# says TEXT SENTENCE: the last command printed it; hides: it did not.
says() { if grep -qF -- "$1" "$tmp/out" "$tmp/err"; then echo "ok - $2"; else not_ok "$2 (no '$1')"; fi; }
hides() { if grep -qF -- "$1" "$tmp/out" "$tmp/err"; then not_ok "$2 ('$1' is there)"; else echo "ok - $2"; fi; }

# as USER COMMAND...: run cib in a person's copy, which is called as the person.
as() {
	local user=$1
	shift
	(cd "$tmp/$user" && CIB_USER=$user "$CIB" "$@")
}

project() { # USER TITLE [ASSIGNMENT...]: makes a valid project, prints its id
	local user=$1 title=$2
	shift 2
	as "$user" new project "/title/en=$title" "/description/general/en=About $title." /status=2 \
		'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' \
		/dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' "$@" 2>"$tmp/err"
}

# json FILE EXPRESSION...: change a JSON file by Python; d is the document.
json() {
	python3 -c 'import json, sys
f = sys.argv[1]
d = json.load(open(f, encoding="utf-8"))
for e in sys.argv[2:]: exec(e)
json.dump(d, open(f, "w", encoding="utf-8"), ensure_ascii=False, indent=1)' "$@"
}
