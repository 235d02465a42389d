#!/usr/bin/env bash
# Who may come into cib app (R11 of docs/reliability.md): each way in that is none, over a real socket.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"
export support

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1
joins andal-1
PYTHONPATH=$support python3 "$support/app_door.py" "$CIB" "$tmp" || failed=1
exit $failed
