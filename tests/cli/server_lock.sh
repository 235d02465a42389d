#!/usr/bin/env bash
# A process of Git that was killed at the server leaves a branch locked: what members are told, and that nothing is lost.
# builds: both
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/people.sh
. "$here/support/people.sh"

"$CIB" init n.git --title N --secretariat sec --member m-andal:ana >/dev/null 2>&1
"$CIB" join "$tmp/n.git" ana --user ana >/dev/null 2>&1
as ana import iati "$here/data/iati-sample.xml" --quiet >/dev/null 2>&1
as ana sync >/dev/null 2>&1
id=$(as ana list --kind project --where /status=2 --json 2>/dev/null | sed -n 's/.*"id":"\([^"]*\)".*Drinking.*/\1/p')
as ana set "$id" /title/en='Water for seven districts' >/dev/null 2>&1
: >n.git/refs/heads/members/m-andal.lock
expect 3 "a branch that stays locked refuses the sync" as ana sync
says "the server does not let the branch be changed, though nobody else changed it" "not as if a colleague had been faster"
says "m-andal.lock" "the server's own words name the lock"
says "all your work is saved here" "and the work is safe"
rm n.git/refs/heads/members/m-andal.lock
expect 1 "when the lock is gone the next sync goes on (a draft is left)" as ana sync
says "Sent 1 entry" "and sends it"
exit $failed
