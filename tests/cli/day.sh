#!/usr/bin/env bash
# The network's day, end to end over a local central repository: join, write, save, sync, merge,
# conflict, refusal, review. Takes the program from $CIB; prints a line for each statement.
# builds: both
set -u
CIB=${CIB:?path of the cib program}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
export CIB_LANG=en
failed=0

# expect STATUS SENTENCE COMMAND...: the command ends with that exit code; its output is in $tmp/out and $tmp/err.
expect() {
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

# says TEXT SENTENCE: the last command printed it.
says() {
	if grep -qF -- "$1" "$tmp/out" "$tmp/err"; then
		echo "ok - $2"
	else
		echo "not ok - $2 (no '$1')"
		sed 's/^/    /' "$tmp/out" "$tmp/err"
		failed=1
	fi
}

# as USER DIR COMMAND...: run in a person's folder.
as() {
	local user=$1 dir=$2
	shift 2
	(cd "$tmp/$dir" && CIB_USER=$user "$CIB" "$@")
}

project() { # user dir title: makes a valid project, prints its id
	as "$1" "$2" new project "/title/en=$3" "/description/general/en=About $3." /status=2 \
		'/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]' \
		/dates/plannedStart=2024-01 '/sectors:=[{"code":"15128"}]' 2>"$tmp/err"
}

expect 0 "init makes a network" "$CIB" init central.git --title "Example network" --language en,fr \
	--secretariat sec-1 --member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1
for user in andal-1 andal-2 voorbeeld-1 sec-1; do
	expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/central.git" $user --user $user
done
expect 2 "a stranger cannot join" "$CIB" join "$tmp/central.git" stranger --user stranger
expect 2 "an unknown verb is a usage error" "$CIB" stauts
says "status" "and the verb that was meant is named"
expect 2 "outside a network the way in is shown" "$CIB" status
says "cib join" "by naming cib join"

a=$(project andal-1 andal-1 "Water for six towns")
b=$(project andal-1 andal-1 "Waste sorting")
case $a in p-??????????) echo "ok - a new project has a random id" ;; *) echo "not ok - a new project has a random id ($a)"; cat "$tmp/err"; failed=1 ;; esac
expect 0 "an entry is an ordinary file" test -f "andal-1/members/m-andal/projects/$a.json"
expect 1 "an entry that is not valid is kept as a draft" as andal-1 andal-1 new project /title/en="Only a title"
draft=$(cat "$tmp/out")
expect 0 "status tells what is changed" as andal-1 andal-1 status
says "draft" "and which are drafts"
expect 1 "sync sends the valid entries and says what stays" as andal-1 andal-1 sync
says "Sent 2 entries" "with their count"
expect 0 "a draft is taken back" rm "andal-1/members/m-andal/projects/$draft.json"
expect 0 "a colleague receives them" as andal-2 andal-2 sync
expect 0 "and sees the title" as andal-2 andal-2 show "$a"
says "Water for six towns" "as it was written"

# Two people, one entry, different fields.
expect 0 "one changes the title" as andal-1 andal-1 set "$a" "/title/en=Water for seven towns"
expect 0 "the other changes the status" as andal-2 andal-2 set "$a" /status=3
expect 0 "the first sync sends" as andal-1 andal-1 sync
expect 0 "the second joins both edits" as andal-2 andal-2 sync
expect 0 "and has both" as andal-2 andal-2 show "$a" --json
says "seven towns" "the title of the one"
says '"status": "3"' "and the status of the other"

# Two people, one field.
expect 0 "the first receives the joined entry" as andal-1 andal-1 sync
expect 0 "one writes one status" as andal-1 andal-1 set "$a" /status=4
expect 0 "the other another" as andal-2 andal-2 set "$a" /status=5
expect 0 "the first sends" as andal-1 andal-1 sync
expect 1 "the second has a conflict, and the sync is done all the same" as andal-2 andal-2 sync
expect 1 "resolve lists it" as andal-2 andal-2 resolve
says "/status" "with its field"
expect 0 "the central value stands in the entry" as andal-2 andal-2 show "$a" --json
says '"status": "4"' "until a person decides"
expect 0 "the person decides" as andal-2 andal-2 resolve "$a" --ours
expect 0 "and syncs" as andal-2 andal-2 sync
expect 0 "the colleague receives the decision" as andal-1 andal-1 sync
expect 0 "and has it" as andal-1 andal-1 show "$a" --json
says '"status": "5"' "the value that was chosen"
expect 0 "no conflict is left" as andal-1 andal-1 resolve

# No network.
mv central.git away.git
expect 0 "offline: an edit" as andal-1 andal-1 set "$b" "/title/en=Waste sorting at school"
expect 4 "offline: sync says that everything is saved and waits" as andal-1 andal-1 sync
mv away.git central.git
expect 0 "online again, it is sent" as andal-1 andal-1 sync
says "Sent 1 entry" "with its count"

# A push by plain git into another member's folder.
git clone -q central.git plain 2>/dev/null
(
	cd plain && git checkout -q -b members/m-voorbeeld && mkdir -p members/m-andal/projects &&
		echo '{}' >members/m-andal/projects/p-0000000000.json && git add -A &&
		git -c user.name=v -c user.email=v@m-voorbeeld.cib.invalid commit -qm bad
)
expect 1 "a plain git push into another's folder is refused" env CIB_USER=voorbeeld-1 git -C plain push origin members/m-voorbeeld
says "members/m-andal/projects/p-0000000000.json" "and the path is named"

# Review.
expect 0 "the secretariat syncs" as sec-1 sec-1 sync
expect 0 "and sees the queue" as sec-1 sec-1 review --json
says "$a" "with the one entry"
says "$b" "and the other"
expect 0 "field by field" as sec-1 sec-1 review show m-andal "$a"
says "Water for seven towns" "with the new text"
expect 0 "one is accepted" as sec-1 sec-1 review accept m-andal "$a"
expect 0 "one is returned with a comment on a field" as sec-1 sec-1 review return m-andal "$b" --field /title/en -m "Which school?"
expect 0 "both decisions are sent" as sec-1 sec-1 sync
expect 0 "the member syncs" as andal-1 andal-1 sync
expect 0 "and its status" as andal-1 andal-1 status
says "Which school?" "shows the comment"
expect 0 "another member syncs" as voorbeeld-1 voorbeeld-1 sync
expect 0 "and sees what was accepted" as voorbeeld-1 voorbeeld-1 show "$a"
expect 2 "but not what was not" as voorbeeld-1 voorbeeld-1 show "$b"
expect 0 "the member answers the comment" as andal-1 andal-1 set "$b" "/title/en=Waste sorting at the school of Exempleville"
expect 0 "and sends it" as andal-1 andal-1 sync
expect 0 "the secretariat receives it" as sec-1 sec-1 sync
expect 0 "it is pending again" as sec-1 sec-1 review --json
says '"state":"pending"' "in the queue"
expect 0 "everything that is left is accepted at once" as sec-1 sec-1 review accept m-andal
expect 0 "and sent" as sec-1 sec-1 sync
expect 0 "the member receives it" as andal-1 andal-1 sync
expect 0 "and has nothing to do" as andal-1 andal-1 status
says "nothing to do" "as status says"
expect 0 "advice on many files" as andal-1 andal-1 check
says "advice: see them with --advice" "is counted, so that errors stand out"
expect 0 "and shown" as andal-1 andal-1 check --advice
says "it is not required, but reports use it" "when asked for"
expect 0 "over a folder that both can reach, one's name needs no variable" env -u CIB_USER -C "$tmp/andal-2" "$CIB" sync
expect 0 "an entry is changed" env -u CIB_USER -C "$tmp/andal-2" "$CIB" set "$a" /status=4
expect 0 "and sent" env -u CIB_USER -C "$tmp/andal-2" "$CIB" sync
says "Sent 1 entry" "by the name one joined with"
expect 3 "another name is not believed" env -C "$tmp/andal-2" CIB_USER=voorbeeld-1 bash -c '"$1" set "$2" /status=3 2>/dev/null && "$1" sync' _ "$CIB" "$a"
expect 0 "a reader that has seen enough, as head(1) has, is no error" env -C "$tmp/andal-1" bash -o pipefail -c '{ sleep 0.2; "$1" list --json; } | true' _ "$CIB"
expect 0 "the central repository is sound" git -C central.git fsck --strict
exit $failed
