#!/usr/bin/env bash
# cib check --schema: any JSON by any schema, without a network. Takes the program from $CIB; prints a line for each statement.
# shellcheck disable=SC2016 # $ref stands in single quotes
set -u
CIB=${CIB:?path of the cib program}
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
failed=0

is() { # SENTENCE WANTED GOT
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '    %s\n' "expected: $2" "got: $3"
		failed=1
	fi
}
# check STATUS SENTENCE ARGUMENT...: the exit code of cib check; its output is in out and err.
check() {
	local want=$1 sentence=$2
	shift 2
	"$CIB" check "$@" >out 2>err </dev/null
	is "$sentence" "$want" "$?"
}
field() { # NAME: of each finding in out
	python3 -c 'import json,sys
for line in open("out"): print(json.loads(line)[sys.argv[1]])' "$1"
}

cat >person.json <<'E2'
{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["name"], "additionalProperties": false,
 "properties": {"name": {"type": "string", "minLength": 1, "title": "Name"}, "born": {"type": "string", "format": "date"}, "langs": {"type": "array", "items": {"enum": ["en", "fr", "es"]}}}}
E2
echo '{"name": "Ada", "born": "1815-12-10", "langs": ["en"]}' >good.json
printf '{\n  "name": "Åse",\n  "langs": ["en", "fre"],\n  "born": "10.12.1815"\n}\n' >bad.json

check 0 "a valid file ends with 0" --schema person.json good.json
is "and says nothing on stdout" "" "$(cat out)"
check 1 "one that is not ends with 1" --schema person.json good.json bad.json
is "text says file, line, column, pointer, what was found, what is allowed and what to do" \
	'bad.json:3:19: error: /langs/1: "fre" is not one of "en", "fr", "es"
    did you mean "fr"?
bad.json:4:11: error: /born: "10.12.1815" is not valid for the format date
    a date is written 2026-04-30' "$(cat out)"
is "the sum is told on stderr" "2 files checked, 1 with errors" "$(cat err)"

check 1 "JSON Lines end with 1 too" --schema person.json --format json bad.json
is "a line a finding, with its fields" \
	'{"v": 1, "file": "bad.json", "line": 3, "column": 19, "pointer": "/langs/1", "keyword": "enum", "code": "schema.enum", "severity": "error", "message": "\"fre\" is not one of \"en\", \"fr\", \"es\"", "hint": "did you mean \"fr\"?", "schemaPointer": "/properties/langs/items/enum"}' \
	"$(python3 -c 'import json; print(json.dumps(json.loads(open("out").readline()), ensure_ascii=False))')"
is "and nothing on stderr" "" "$(cat err)"
is "columns count code points" "19 11" "$(field column | xargs)"

echo '{"nam": "x", "name": "y", "a": 1}' >names.json
check 1 "unknown names" --schema person.json --format json names.json
is "the pointer is of the object that holds the name" $'""\n""' "$(field pointer | sed 's/.*/"&"/')"
is "line and column are of the name itself" "2 27" "$(field column | xargs)"
echo '{}' >empty.json
check 1 "a missing name" --schema person.json --format json empty.json
is "the pointer is of the object, the keyword is required" ' required "name" (Name) is missing' "$(field pointer) $(field keyword) $(field message)"
echo '["a"]' >list.json
check 1 "the wrong type" --schema person.json --format json list.json
is "the wrong type is the one thing that is said" "type" "$(field keyword)"

printf '{"name": "x",\n "name": "y"}' >twice.json
check 1 "text that is not strict JSON ends with 1" --schema person.json --format json twice.json
is "its keyword is json, with the place" "json json.duplicate-key 2 2" "$(field keyword) $(field code) $(field line) $(field column)"
printf '{"name": "x",}' >comma.json
check 1 "a comma too many" --schema person.json --format json comma.json
is "is told where it is" "json 1 14" "$(field keyword) $(field line) $(field column)"

CIB_LANG=fr check 1 "in French" --schema person.json --format json empty.json
is "messages are in the user's language" "« name » (Name) manque" "$(field message)"
CIB_LANG=es_ES.UTF-8 check 1 "in Spanish" --schema person.json --format json empty.json
is "by the locale's name too" "falta «name» (Name)" "$(field message)"

# folders
mkdir -p tree/b tree/.hidden tree/c
cp good.json tree/a.json
cp bad.json tree/b/x.json
cp bad.json tree/.hidden/x.json
cp empty.json tree/c/z.json
cp bad.json tree/notes.txt
ln -s ../bad.json tree/link.json
check 1 "a folder: every *.json below it" --schema person.json --format json tree
is "in the order of names; what is hidden is passed over" "tree/b/x.json tree/c/z.json tree/link.json" "$(field file | uniq | xargs)"
check 1 "files named on the command line are taken whatever their name" --schema person.json --format json tree/notes.txt tree/link.json
is "both are judged" "tree/notes.txt tree/link.json" "$(field file | uniq | xargs)"
mkdir nothing
check 0 "an empty folder has no faults" --schema person.json nothing
for i in $(seq 300); do cp empty.json "tree/c/$i.json"; done
check 1 "many files by several threads" --schema person.json --format json -j 4 tree
cp out four
check 1 "and by one" --schema person.json --format json -j 1 tree
is "say the same in the same order" "" "$(cmp out four)"

# schemas that refer to others
mkdir -p schemas/deep
echo '{"$id": "https://cib.example/money", "type": "object", "required": ["amount"], "properties": {"amount": {"$ref": "deep/decimal.json"}}}' >schemas/money.json
echo '{"$id": "https://cib.example/deep/decimal.json", "type": "string", "pattern": "^[0-9]+$"}' >schemas/deep/decimal.json
echo '{"type": "null"}' >schemas/plain.json
echo '{"properties": {"sum": {"$ref": "https://cib.example/money"}, "none": {"$ref": "schemas/plain.json"}}}' >bill.json
echo '{"sum": {"amount": "x"}, "none": 1}' >a-bill.json
check 1 "references lead into the folder of --schemas, by \$id and by the place of the file" --schema bill.json --schemas schemas --format json a-bill.json
is "a fault is told where the data is" "/sum/amount /none" "$(field pointer | xargs)"
check 2 "without it the reference leads nowhere: no verdict" --schema bill.json a-bill.json
is "which is told with the place in the schema and what to do" \
	'cib: bill.json:1:33: the reference "https://cib.example/money" leads nowhere: no schema with that URI is known
  nothing is fetched from the network; give the schema along (cib check: --schemas DIR)' "$(sed '$d' err)"
check 1 "the folder may hold the schema itself" --schema schemas/money.json --schemas schemas --format json empty.json
is "which then is what it is" "amount" "$(field message | cut -d '"' -f 2)"

# the specification's output
check 1 "--output basic" --schema person.json --output basic good.json bad.json twice.json
is "is a line a file, as the specification has it" 'True []
False [("/properties/langs/items/enum", "/langs/1"), ("/properties/born/format", "/born")]
False []' "$(python3 -c 'import json
for line in open("out"):
    d = json.loads(line)
    print(d["valid"], [(e["keywordLocation"], e["instanceLocation"]) for e in d.get("errors", [])])' | tr "'" '"')"
echo '{"anyOf": [{"required": ["a"]}, {"type": "array"}], "$ref": "#/$defs/x", "$defs": {"x": {"required": ["b"]}}}' >any.json
check 1 "--output detailed" --schema any.json --output detailed empty.json
is "is the tree: what has one child is replaced by it" '[[""], ["/$ref/required"], ["/anyOf", ["/anyOf/0/required"], ["/anyOf/1/type"]]]' "$(python3 -c 'import json
def tree(d): return [[d["keywordLocation"]]] + [tree(e) if "errors" in e else [e["keywordLocation"]] for e in d["errors"]] if d["keywordLocation"] == "" else [d["keywordLocation"]] + [tree(e) if "errors" in e else [e["keywordLocation"]] for e in d["errors"]]
print(json.dumps(tree(json.loads(open("out").read()))))')"
check 0 "--output flag of a valid file" --schema person.json --output flag good.json
is "is yes" '{"file":"good.json","valid":true}' "$(cat out)"

# what cannot be
check 2 "no such file" --schema person.json missing.json
check 2 "no such schema" --schema missing.json good.json
check 2 "no such folder of schemas" --schema person.json --schemas missing good.json
check 2 "no files" --schema person.json
check 2 "an unknown format" --schema person.json --format yaml good.json
check 2 "an unknown form" --schema person.json --output verbose good.json
check 1 "a missing file does not hide the faults of the others" --schema person.json bad.json
echo '{"type": "strin"}' >wrong.json
check 2 "a schema that is none: no verdict" --schema wrong.json good.json
is "told with its place and the nearest word" 'cib: wrong.json:1:10: there is no type "strin"
  did you mean "string"?' "$(sed '$d' err)"
printf '{"type": ' >cut.json
check 2 "a schema that is no JSON" --schema cut.json good.json

corpus=${CIB_SHARED_DIR:-$here/../../../shared}/data/make_corpus.py
if [ -e "$corpus" ]; then
	python3 "$corpus" 400 corpus --bad 1000 --seed 11 >/dev/null
	check 1 "four hundred entries with a fault each" --schema corpus/schema.json --format json corpus/entries
	is "each gets one finding, with the right keyword and the right place" "400 of 400" "$(python3 - <<'E2'
import json, re
want = {"status": ("enum", "/status"), "typo-key": ("unevaluatedProperties", ""), "missing-title": ("required", ""), "date": ("format", "/dates/start"), "amount-string": ("type", "/budget/total/amount"), "sdg-18": ("maximum", "/targets/0/sdg"), "point-swapped": ("maximum", "/locations/0/point/1"), "partner-both": ("oneOf", "/partners/0"), "marker-3": ("maximum", "/markers/gender"), "code": ("pattern", "/code"), "cents": ("multipleOf", "/budget/total/amount"), "no-implementer": ("contains", "/partners"), "contact-bare": ("anyOf", "/contacts/N"), "email": ("format", "/contacts/0/email")}
found = {}
for line in open("out"):
    d = json.loads(line)
    found.setdefault(d["file"][-10:], []).append((d["keyword"], d["pointer"]))
right = 0
for line in open("corpus/bad.txt"):
    name, fault = line.split()
    got = [(k, re.sub("[0-9]+$", "N", p) if fault == "contact-bare" else p) for k, p in found.get(name, [])]
    right += got == [want[fault]]
    if got != [want[fault]]: print(name, fault, got)
print(right, "of", 400)
E2
	)"
else
	echo "SKIP: no make_corpus.py in ../shared/data"
fi
exit $failed
