#!/usr/bin/env bash
# Entries out and in again: IATI, sheets that people edit, GeoJSON, JSON lines. Takes the program from $CIB.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=tests/support/people.sh
. "$here/support/people.sh"
shared=$here/../../shared/domain

"$CIB" init n.git --title N --secretariat sec --member m-andal:ana --member m-berg:bob --member m-cerro:eva >/dev/null 2>&1
for user in ana bob eva; do "$CIB" join "$tmp/n.git" $user --user $user >/dev/null 2>&1; done
expect 0 "a sheet of a network without entries" as ana export csv --kind project --output "$tmp/first.csv"
is "$(head -1 first.csv | tr -d '\r' | grep -o '\[title/[a-z]*\]' | tr -d '\n')" "[title/en][title/fr][title/es]" "has texts in the network's languages"
mine() { # USER: its only, or first, entry of a project
	as "$1" list --kind project --mine --json 2>/dev/null | sed -n 's/.*"id":"\([^"]*\)".*/\1/p' | head -1
}
sheet() { # FILE COMMAND...: a spreadsheet program: python's csv module; COMMAND edits `rows` and `at(name)`
	python3 - "$@" <<'PY'
import csv, sys
path, program = sys.argv[1], sys.argv[2]
text = open(path, newline='', encoding='utf-8-sig').read()
separator = next(c for c in text if c in ',;\t')
rows = list(csv.reader(text.splitlines(True), delimiter=separator))
def at(name): return next(i for i, cell in enumerate(rows[0]) if cell == name or cell.endswith('[' + name + ']') or cell.startswith('[' + name))
exec(program)
with open(path, 'w', newline='', encoding='utf-8') as f: csv.writer(f, delimiter=separator).writerows(rows)
PY
}
fields() { # USER FILE: every project as JSON lines, without what differs between two owners
	as "$1" export json --kind project --mine 2>/dev/null | python3 -c '
import json, sys
out = []
for line in sys.stdin:
    entry = json.loads(line)
    for name in ("id", "owner"): entry.pop(name)
    out.append(json.dumps(entry, sort_keys=True, ensure_ascii=False))
print("\n".join(sorted(out)))' >"$2"
}

# ---- IATI ----
expect 1 "an import keeps what is not valid as a draft" as ana import iati "$here/data/iati-sample.xml" --quiet
says "3 activities read: 3 new, 0 changed, 0 as they were; 1 of them drafts" "and counts"
expect 1 "the same file again changes nothing" as ana import iati "$here/data/iati-sample.xml" --quiet
says "0 new, 0 changed, 3 as they were; 1 of them drafts" "and still counts its drafts"
expect 1 "an export says that a draft is left out" as ana export iati --reporting-org XX-EXAMPLE-0001 --output "$tmp/out.xml"
says "2 activities written; 0 fields have no place in IATI" "and counts what is written"
says "1 entry left out, because it has errors" "and what is not"
expect 0 "another member imports what was exported" as bob import iati "$tmp/out.xml" --quiet
fields ana ana.txt
fields bob bob.txt
is "$(grep -cvxFf bob.txt ana.txt)" 1 "all fields of the valid activities came back, only the draft is missing"
expect 1 "without an identifier of the organisation nothing can be published" as bob export iati
says "the member has no organisation identifier (orgIds)" "and that is said"
water=$(as ana list --kind project --where /status=2 --json 2>/dev/null | sed -n 's/.*"id":"\([^"]*\)".*Drinking.*/\1/p')
as ana set "$water" /modality=city-to-city /visibility=network '/title/en=Water <&> "3" districts' >/dev/null 2>&1
as ana import iati "$here/data/iati-sample.xml" --quiet >/dev/null 2>&1
expect 0 "what IATI does not say" as ana show "$water" --json
says '"modality": "city-to-city"' "a later import leaves alone"
as ana set "$water" '/title/en=Water <&> "3" districts' '/partners/o-1/country=GH' '/dates/plannedStart=2023-03' >/dev/null 2>&1
expect 1 "what is not meant for the public stays at home" as ana export iati --reporting-org XX-EXAMPLE-0001
says "1 entry left out, not meant for the public" "and that is said"
expect 1 "unless it is asked for" as ana export iati --reporting-org XX-EXAMPLE-0001 --all
says 'Water &lt;&amp;&gt; &quot;3&quot; districts' "a text is escaped"
says "/modality: this field has no place in IATI" "each field without a place has a line"
says "/partners/o-1/country: this field has no place in IATI" "also one of an item"
says "2023-03 is written as 2023-03-01" "and a month that becomes a day"

if [ -d "$shared/iati-activities" ]; then
	n=0
	for file in MAEC_IATI_INDONESIA.xml:83:74 DFID_AL_8_activities_2.01.xml:8:8; do
		IFS=: read -r name all valid <<<"$file"
		n=$((n + 1))
		"$CIB" init "r$n.git" --title N --secretariat sec --member m-one:u1 --member m-two:u2 >/dev/null 2>&1
		for user in u1 u2; do rm -rf $user; "$CIB" join "$tmp/r$n.git" $user --user $user >/dev/null 2>&1; done
		as u1 import iati "$shared/iati-activities/$name" --quiet >out 2>err
		is "$(grep -c "^$all activities read: $all new" err)" 1 "$name: $all activities come in"
		as u1 export iati --reporting-org XX-EXAMPLE-0001 --output "$tmp/real.xml" >out 2>err
		is "$(grep -c "^$valid activities written; 0 fields" err)" 1 "$name: $valid are valid and go out, with every field"
		as u2 import iati "$tmp/real.xml" --quiet >out 2>err
		fields u1 one.txt
		fields u2 two.txt
		is "$(grep -cxFf two.txt one.txt) $(wc -l <two.txt)" "$valid $valid" "$name: what comes back is what went in"
		if command -v xmllint >/dev/null && [ -d "$shared/iati-schemas" ]; then
			is "$(xmllint --nonet --noout --schema "$shared/iati-schemas/iati-activities-schema.xsd" real.xml 2>&1)" "real.xml validates" "$name: the export is valid by the published XSD"
		else
			echo "skip - $name: the export is valid by the published XSD (no xmllint)"
		fi
	done
else
	echo "skip - real IATI files go in and out (they are not here)"
fi

# ---- sheets ----
"$CIB" init s.git --title N --secretariat sec --member m-andal:ana2,ina --member m-berg:bob2 >/dev/null 2>&1
for user in ana2 ina bob2; do "$CIB" join "$tmp/s.git" $user --user $user >/dev/null 2>&1; done
as ana2 import iati "$here/data/iati-sample.xml" --quiet >/dev/null 2>&1
as ana2 sync >/dev/null 2>&1
as ina sync >/dev/null 2>&1
expect 0 "a sheet is written" as ana2 export csv --kind project --output "$tmp/s.csv"
says "3 rows of 3 entries" "and counted"
says "budget documents identifiers locations partners" "the lists with a sheet of their own are named"
expect 0 "it comes back as it was" as ana2 import csv "$tmp/s.csv"
says "0 entries new, 0 changed (0 of them merged with newer versions), 3 as they were" "and nothing changed"
water=$(as ana2 list --kind project --json 2>/dev/null | sed -n 's/.*"id":"\([^"]*\)".*Drinking.*/\1/p')
row='next(r for r in rows if r[0] == "'$water'")'
sheet s.csv "r=$row; r[at('title/fr')]='De l’eau, potable; \"pure\"'; r[at('themes')]='waste; water'; r[at('sectors')]='14030=60; 15112=40'; r[at('dates/plannedEnd')]=''"
as ina set "$water" /status=3 '/title/en=Drinking water for four districts' >/dev/null 2>&1
as ina sync >/dev/null 2>&1
as ana2 sync >/dev/null 2>&1
expect 0 "a dry run tells" as ana2 import csv "$tmp/s.csv" --dry-run
says "1 changed (1 of them merged with newer versions), 2 as they were" "what would change"
expect 0 "an edited sheet merges with what a colleague did since" as ana2 import csv "$tmp/s.csv"
as ana2 show "$water" --json >entry.json 2>/dev/null
value() { python3 -c 'import json,sys; d=json.load(open("'"$tmp"'/entry.json")); print(eval(sys.argv[1]))' "$1"; }
# shellcheck disable=SC1112 # the text has one
is "$(value 'd["title"]["fr"]')" 'De l’eau, potable; "pure"' "a text with separators and quotation marks came in"
is "$(value 'd["title"]["en"]')" "Drinking water for four districts" "the colleague's text stayed"
is "$(value 'd["status"]')" 3 "and his code"
is "$(value '[(s["code"], s["percentage"]) for s in d["sectors"]]')" "[('14030', '60'), ('15112', '40')]" "the shares changed"
is "$(value 'd["themes"]')" "['waste', 'water']" "a set came in"
is "$(value '"plannedEnd" in d["dates"]')" False "an emptied cell removed its field"
expect 0 "the same sheet once more" as ana2 import csv "$tmp/s.csv"
says "0 changed (0 of them merged" "changes nothing more"
as ana2 export csv --kind project --output "$tmp/c.csv" >/dev/null 2>&1
sheet c.csv "r=$row; r[at('title/en')]='Water from the sheet'"
as ana2 set "$water" '/title/en=Water by hand' >/dev/null 2>&1
expect 1 "a field that both changed is a conflict" as ana2 import csv "$tmp/c.csv"
says "the sheet has Water from the sheet, the entry has by now Water by hand" "both values are shown"
expect 0 "the entry's" as ana2 show "$water" --json
says "Water by hand" "stays"
expect 1 "--ours" as ana2 import csv "$tmp/c.csv" --ours
expect 0 "takes" as ana2 show "$water" --json
says "Water from the sheet" "the sheet's"

expect 0 "a sheet in the manner of the continent" as ana2 export csv --kind project --list budget --separator ';' --decimal , --dates dmy --bom --output "$tmp/b.csv"
is "$(head -c 3 b.csv | od -An -tx1 | tr -d ' ')" efbbbf "begins with a byte order mark"
is "$(grep -c '125000,50;.*01.01.2024' b.csv)" 1 "has decimal commas and days first"
sheet b.csv "r=rows[1]; r[at('amount')]='1250,75'; r[at('periodEnd')]='30.6.2024'"
expect 1 "without being told" as ana2 import csv "$tmp/b.csv"
says "'1250,75' is no number with a decimal point" "a comma is not guessed at"
says "'30.6.2024' is no date of the form 2024-12-31" "nor is a date"
says "--dates dmy" "the way out is named"
expect 0 "told, it comes in" as ana2 import csv "$tmp/b.csv" --decimal , --dates dmy
as ana2 show "$water" --json >entry.json 2>/dev/null
is "$(value '[(b["amount"], b["periodEnd"]) for b in d["budget"]]')" "[('1250.75', '2024-06-30')]" "as the number and the day that it is"
as ana2 export csv --kind project --list partners --output "$tmp/p.csv" >/dev/null 2>&1
sheet p.csv "r=list($row); r[at('item')]=''; r[at('name/en')]='A town that joined'; r[at('role')]='4'; rows.append(r)"
expect 0 "a row without a key is a new item" as ana2 import csv "$tmp/p.csv"
as ana2 show "$water" --json >entry.json 2>/dev/null
is "$(value '[p["id"] for p in d["partners"]]')" "['o-1', 'o-2', 'p-3']" "of its list, with a key of its own"
as ana2 export csv --kind project --output "$tmp/n.csv" >/dev/null 2>&1
sheet n.csv "r=list($row); r[0]=''; r[at('version')]=''; r[at('title/en')]='An entry from a sheet'; rows.append(r)"
expect 0 "a row without an id is a new entry, a draft as long as its partners are missing" as ana2 import csv "$tmp/n.csv"
says "1 entry new" "counted as such"
says "is kept as a draft" "and called one"

# ---- what a sheet can do to people ----
as bob2 new project --set '/title/en==HYPERLINK("http://x.invalid","y")' --set '/description/general/en=@SUM(1)' >/dev/null 2>&1
bobs=$(mine bob2)
expect 0 "formulas in texts" as bob2 export csv --kind project --mine --output "$tmp/f.csv"
is "$(grep -c "'=HYPERLINK" f.csv) $(grep -c "'@SUM" f.csv)" "1 1" "leave with an apostrophe in front"
expect 0 "and come back without" as bob2 import csv "$tmp/f.csv"
says "0 changed" "unchanged"
sheet f.csv "r=next(r for r in rows if r[0] == '$bobs'); r[at('title/en')]='\'-still a text'"
expect 0 "also when they are edited" as bob2 import csv "$tmp/f.csv"
expect 0 "the apostrophe" as bob2 show "$bobs" --json
says '"en": "-still a text"' "is not part of the text"
printf 'id,title/en,titel/en,[version project]\n' >bad.csv
expect 1 "a column that there is not" as bob2 import csv "$tmp/bad.csv"
says "there is no field 'titel/en'" "is an error"
says "did you mean title/en?" "with what may be meant"
printf 'no sheet\n' >bad.csv
expect 1 "a file that is no sheet" as bob2 import csv "$tmp/bad.csv"
says "bad.csv: the first line names no columns" "is named, with what is wrong"
says "make one: cib export csv" "and with what to do"
printf 'id,title/en\n' >bad.csv
expect 1 "a sheet without its mark" as bob2 import csv "$tmp/bad.csv"
says "this is no sheet that cib exported" "is none"
printf 'id,title/en,[version project]\n%s,x,0123456789012345678901234567890123456789\n' "$bobs" >bad.csv
expect 1 "a version that nobody knows" as bob2 import csv "$tmp/bad.csv"
says "the version that this row was made from is not known here" "is no basis for an edit"
printf 'id,title/en,[version project]\n%s,"x' "$bobs" >bad.csv
expect 1 "an open quotation mark" as bob2 import csv "$tmp/bad.csv"
says "bad.csv:2" "is named with its line"
printf 'id,title/en,[version project]\np-1,\xe9,\n' >bad.csv
expect 1 "another encoding" as bob2 import csv "$tmp/bad.csv"
says "save it again as 'CSV UTF-8'" "is named, with the way out"
as bob2 sync >/dev/null 2>&1
printf 'id,title/en,[version project]\n%s,mine now,\n' "$water" >bad.csv
as ana2 save >/dev/null 2>&1
as ana2 sync >/dev/null 2>&1
expect 1 "an entry of somebody else" as bob2 import csv "$tmp/bad.csv"
says "$water" "cannot be changed by a sheet"

# ---- GeoJSON, JSON lines ----
as ana2 set "$water" '/locations:=[{"id":"l-1","lat":"-6.80","lon":"039.28","name":{"en":"Harbour"},"precision":"city"},{"id":"l-2"}]' >/dev/null 2>&1
expect 0 "places" as ana2 export geojson --kind project --output "$tmp/g.json"
says "1 points of 4 entries; 3 without coordinates" "are counted"
is "$(python3 -c 'import json; f=json.load(open("g.json"))["features"]; print(f[0]["geometry"]["coordinates"], f[0]["properties"]["name"])')" "[39.28, -6.8] Harbour" "longitude first, as numbers"
expect 0 "JSON lines" as ana2 export json --where /status=3
is "$(python3 -c 'import json,sys; print(len([json.loads(l) for l in open("out")]))')" "$(wc -l <out)" "are JSON, one entry a line"
expect 2 "a format that there is not" as ana2 export geojsn
says "Did you mean geojson?" "is named with what may be meant"
exit $failed
