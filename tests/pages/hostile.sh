#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # ../support/people.sh, ../support/browser.sh
# What others wrote cannot do anything: 200 strings that become a script wherever text is taken for HTML, in every text of entries of every
# kind, in drafts, remarks, conflicts, names, rules and addresses, on every page of the app. A long run tries each string in each address.
set -u
. "$(dirname "$0")/../support/people.sh"
. "$support/browser.sh"
"$CIB" init central.git --example >/dev/null 2>&1
joins sec-1 voorbeeld-1
expect 0 "a second copy of the member's" env CIB_USER=voorbeeld-1 "$CIB" join "$tmp/central.git" second --user voorbeeld-1
node -e 'import(process.argv[1]).then(m => console.log(JSON.stringify(m.strings)))' "$tools/xss.mjs" >strings.json
string() { python3 -c 'import json, sys; print(json.load(open(sys.argv[2]))[int(sys.argv[1])])' "$1" "$tmp/strings.json"; }
write() { # USER WHAT NUMBER
	PYTHONPATH=$support python3 "$support/hostile_entries.py" "$CIB" "$tmp/$1" "$1" strings.json "$2" "$3" >"$1.json" || failed=1
}
some() { # N: the id of an entry that was written last
	python3 -c 'import json, sys; print(json.load(open(sys.argv[2]))["ids"][int(sys.argv[1])])' "$1" "$tmp/changed.json"
}

write voorbeeld-1 valid 0
write sec-1 valid 40
python3 - <<'PY'
import json
strings = json.load(open("strings.json"))
doc = json.load(open("sec-1/network.json"))
doc["title"] = {lang: strings[i] for i, lang in enumerate(("en", "fr", "es"))}
json.dump(doc, open("sec-1/network.json", "w"), indent=2, sort_keys=True, ensure_ascii=False)
PY
rounds voorbeeld-1 sec-1
expect 0 "the secretariat accepts all of it" as sec-1 review accept m-voorbeeld
rounds sec-1 voorbeeld-1
write voorbeeld-1 valid 100
cp voorbeeld-1.json changed.json
for i in 0 1 2 3; do
	expect 0 "the member says something" as voorbeeld-1 comment "$(some "$i")" -m "$(string $((i * 7)))"
done
rounds voorbeeld-1 sec-1
for i in 1 3; do
	expect 0 "the secretariat sends one back" as sec-1 review return m-voorbeeld "$(some "$i")" -m "$(string $((i * 11)))"
done
expect 0 "and says something, too" as sec-1 comment "$(some 2)" -m "$(string 21)"
rounds sec-1 voorbeeld-1
(cd second && CIB_USER=voorbeeld-1 "$CIB" sync && for i in 0 2 4; do CIB_USER=voorbeeld-1 "$CIB" set "$(some $i)" "/title/en=$(string $((50 + i)))" "/x-note=$(string $((60 + i)))"; done && CIB_USER=voorbeeld-1 "$CIB" sync) >/dev/null 2>&1
for i in 0 2 4; do as voorbeeld-1 set "$(some $i)" "/title/en=$(string $((150 + i)))" "/x-note=$(string $((160 + i)))" >/dev/null 2>&1; done
expect 1 "two of its staff wrote in the same fields" as voorbeeld-1 sync
write voorbeeld-1 drafts "${CIB_TEST_LONG:+2}1"
write sec-1 drafts 1
timeout 3000 node "$tools/hostile.mjs" "$tmp" "${CIB_TEST_LONG:+1}" || failed=1
exit $failed
