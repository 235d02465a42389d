#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# States of the pages that are met seldom, in a real browser: a report that a job makes, over 8,000 entries; a sync that another window began;
# the colours of the system; an old version and a report's filters by the keyboard alone.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en --secretariat sec-1 --member m-0:user-0
python3 - <<'PY' | git -C central.git fast-import --quiet
import json, sys, time
out = sys.stdout.write
out(f"commit refs/heads/main\ncommitter sec-1 <sec-1@secretariat.cib.invalid> {int(time.time())} +0000\ndata 5\nmany\n\nfrom refs/heads/main^0\n")
for i in range(8000):
    doc = {"dates": {"plannedStart": "2024-01"}, "description": {"general": {"en": "Support to the finance services of the municipality. " * 12 + str(i)}}, "id": f"p-{i:010d}", "kind": "project",
           "owner": f"m-{i % 50}", "partners": [{"id": "o-1", "name": {"en": "City of Exempleville"}, "role": "4"}], "schema": "project/1", "sectors": [{"code": "15128"}], "sourceLanguage": "en",
           "status": "2", "title": {"en": f"Project {i} for {i % 977} towns"}}
    text = json.dumps(doc, indent=2, sort_keys=True) + "\n"
    out(f"M 100644 inline members/m-{i % 50}/projects/p-{i:010d}.json\ndata {len(text)}\n{text}\n")
PY
joins user-0
id=$(project user-0 "Water for six towns" 2>/dev/null)
rounds user-0
expect 0 "it is changed" as user-0 set "$id" "/title/en=Water for seven towns"
rounds user-0
timeout 300 node "$tools/states.mjs" "$tmp/user-0" user-0 "$id" || failed=1
exit $failed
