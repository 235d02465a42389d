#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# The list of 100,000 entries (or ENTRIES) in a real browser. What the figures are: tests/app/scroll.mjs.
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

make() {
	"$CIB" init central.git --title Bench --language en --secretariat sec-1 --member m-0:user-0 || return 1
	python3 - "${ENTRIES:-100000}" <<'PY' | git -C central.git fast-import --quiet || return 1
import json, sys, time
out = sys.stdout.write
out(f"commit refs/heads/main\ncommitter bench <sec-1@secretariat.cib.invalid> {int(time.time())} +0000\ndata 6\nbench\n\nfrom refs/heads/main^0\n")
for i in range(int(sys.argv[1])):
    doc = {"dates": {"plannedStart": "2024-01"}, "description": {"general": {"en": "Support to the finance services of the municipality. " * 12 + str(i)}}, "id": f"p-{i:010d}", "kind": "project",
           "owner": f"m-{i % 50}", "partners": [{"id": "o-1", "name": {"en": "City of Exempleville"}, "role": "4"}], "schema": "project/1", "sectors": [{"code": "15128"}], "sourceLanguage": "en",
           "status": "2", "title": {"en": f"Project {i} for {i % 977} towns"}}
    text = json.dumps(doc, indent=2, sort_keys=True) + "\n"
    out(f"M 100644 inline members/m-{i % 50}/projects/p-{i:010d}.json\ndata {len(text)}\n{text}\n")
PY
	CIB_USER=sec-1 "$CIB" join "$tmp/central.git" sec-1 --user sec-1
}
make >log 2>&1 || { cat log >&2; exit 1; }
timeout 600 node "$tools/scroll.mjs" "$tmp/sec-1" sec-1
