#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# The first page of cib app, and a form of some 200 fields, in a real browser: bytes on the wire, first paint, time until the form is
# there. $CIB is the program; what the figures are: tests/app/speed.mjs.
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"

joined() {
	"$CIB" init central.git --example && CIB_USER=andal-1 "$CIB" join "$tmp/central.git" andal-1 --user andal-1
}
joined >log 2>&1 || { cat log >&2; exit 1; }
id=$(python3 - <<'PY'
import json
items = lambda n, make: [make(i) for i in range(1, n + 1)]
print(json.dumps({
    "partners": items(15, lambda i: {"id": f"o-{i}", "name": {"en": f"Town {i}", "fr": f"Ville {i}"}, "role": "4", "country": "KE", "orgType": "10", "support": ["administrative"]}),
    "locations": items(6, lambda i: {"id": f"l-{i}", "name": {"en": f"Place {i}"}, "country": "TN", "lat": "36.81", "lon": "10.18", "precision": "city"}),
    "budget": items(5, lambda i: {"id": f"b-{i}", "amount": "1000.00", "currency": "EUR", "periodStart": "2024-01-01", "periodEnd": "2024-12-31", "status": "2"}),
    "sectors": [{"code": "15170", "percentage": "60"}, {"code": "15150", "percentage": "40"}],
    "title": {"en": "A form of many fields", "fr": "Une fiche de bien des champs"}, "status": "2", "dates": {"plannedStart": "2024-01"},
    "description": {"general": {"en": "About towns. " * 60}}}))
PY
)
args=()
while IFS= read -r line; do args+=("$line"); done < <(python3 -c 'import json, sys
for k, v in json.loads(sys.argv[1]).items(): print(f"/{k}:={json.dumps(v, ensure_ascii=False)}")' "$id")
id=$(as andal-1 new project "${args[@]}" 2>log) || { cat log >&2; exit 1; }
node "$tools/speed.mjs" "$tmp/andal-1" andal-1 "$id" "${ROUNDS:-9}"
