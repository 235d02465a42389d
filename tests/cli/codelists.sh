#!/usr/bin/env bash
# The codelists that a new network begins with: made again from their published sources they are the same, and every one of
# them says where it is from. Needs a copy of the sources in ../shared, and is skipped without it.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
statement() { # SENTENCE OFFENDERS
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "$2" | sed 's/^/    /'
		failed=1
	fi
}

statement "every list has titles in three languages, a version and a source" "$(python3 - <<'PY'
import glob, json
for path in sorted(glob.glob("schema/codelists/*.json")):
    d = json.load(open(path, encoding="utf-8"))
    if not all(d["title"].get(l) for l in ("en", "fr", "es")) or not d.get("version") or not d.get("source", {}).get("publisher"):
        print(path)
PY
)"
statement "and NOTICE.md names every publisher" "$(python3 - <<'PY'
import glob, json
notice = open("NOTICE.md", encoding="utf-8").read()
for publisher, word in (("IATI", "International Aid Transparency Initiative"), ("ISO 3166", "ISO 3166"), ("ISO 4217", "ISO 4217"), ("Unicode", "Unicode CLDR"),
                        ("United Nations", "United Nations"), ("BCP 47", "BCP 47"), ("UCLG", "UCLG"), ("VVSG", "VVSG")):
    if word not in notice:
        print(word)
for path in sorted(glob.glob("schema/codelists/*.json")):
    source = json.load(open(path, encoding="utf-8")).get("source", {})
    if not any(p in source.get("publisher", "") for p in ("IATI", "ISO", "United Nations", "BCP 47", "UCLG", "the network")):
        print(path, source)
PY
)"
sources=../shared/domain/json
if [ ! -d $sources ]; then
	echo "SKIP: the lists are what their sources make of them (there is no $sources)"
	exit $failed
fi
version=$(python3 -c 'import json; print(json.load(open("schema/codelists/sector.json", encoding="utf-8"))["version"])')
statement "the tool reads the published sources" "$(python3 tools/codelists.py --iati $sources --version "$version" --out "$tmp" 2>&1 >"$tmp/report")"
statement "and makes all lists of IATI from them" "$([ "$(find "$tmp" -name '*.json' | wc -l)" -ge 34 ] || find "$tmp" -name '*.json')"
statement "to the byte as they are here" "$(for f in "$tmp"/*.json; do cmp "$f" "schema/codelists/$(basename "$f")" 2>&1; done)"
exit $failed
