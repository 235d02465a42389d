#!/usr/bin/env bash
# The templates of cib new: of every kind one that is valid when its blanks are filled, in the reader's language, and from which
# what is left blank is dropped. Takes the program from $CIB.
# shellcheck disable=SC2317
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/support/people.sh
. "$here/../support/people.sh"

"$CIB" init central.git --title T --secretariat sec-1 --member m-andal:andal-1 >/dev/null 2>&1
joins andal-1 sec-1

# A person who fills every blank with what stands in the kind's own example, and nothing else; FILL=no: only the title.
cat >fill.py <<'PY'
import json, os, subprocess, sys
path = sys.argv[1]
text = open(path, encoding="utf-8").read()
open(os.environ["TEMPLATE"], "w", encoding="utf-8").write(text)
doc = json.loads("\n".join(l for l in text.split("\n") if not l.lstrip().startswith("//")))
schema = json.loads(subprocess.check_output(["git", "show", "HEAD:schema/%s.schema.json" % doc["kind"]]))
def fill(node, example, key):
    if node in ("", None):
        return "Text" if key in ("en", "fr", "es") else example if example is not None else node
    if isinstance(node, dict):
        return {k: fill(v, example.get(k) if isinstance(example, dict) else None, k) for k, v in node.items()}
    if isinstance(node, list):
        return [fill(v, example[i] if isinstance(example, list) and i < len(example) else None, key) for i, v in enumerate(node)]
    return node
if os.environ.get("FILL") == "no":
    doc["title"] = {"en": "Only a title"}
else:
    doc = fill(doc, schema["examples"][0], None)
    if not doc.get("answers", True):
        doc["answers"] = {"q1": {"score": 1}}
json.dump(doc, open(path, "w", encoding="utf-8"))
PY
export EDITOR="python3 $tmp/fill.py" TEMPLATE=$tmp/template
for kind in member project practice partnership assessment resource event response; do
	expect 0 "the template of a $kind is valid when it is filled" as andal-1 new $kind
	says "is written" "and written"
done
for kind in instrument plan resource event; do
	expect 0 "the secretariat's template of a $kind is, too" as sec-1 new $kind
done
kinds=$(git -C central.git ls-tree --name-only main schema/ | while read -r f; do git -C central.git show "main:$f" | grep -q '"x-cib-folder"' && echo "$f"; done | wc -l)
is "$kinds" 10 "these are all the kinds that there are"
expect 0 "all of it is sent" as andal-1 sync
says "Sent 8 entries" "and taken by the guard"

# What is said in it.
expect 0 "a project" as andal-1 new project
expect 0 "has its help" grep -q "// Title: A name that says what and where" template
expect 0 "the codes of short lists" grep -q "2: Implementation, 3: Finalisation" template
expect 0 "and where to find those of long ones" grep -q "cib codes Sector" template
expect 0 "names its own member" grep -q '"member": "m-andal"' template
expect 1 "and nothing that only the secretariat writes" grep -q reviewedThrough template
expect 0 "in French" env CIB_LANG=fr bash -c 'cd andal-1 && CIB_USER=andal-1 "$CIB" new project'
expect 0 "all of it is French" grep -q "Les lignes qui commencent par //" template
expect 0 "to the last heading" grep -q "D’autres champs" template
expect 0 "and French is what one writes in" grep -q '"sourceLanguage": "fr"' template

# Blanks.
FILL=no expect 1 "a template with nothing but a title is a draft" as andal-1 new project
id=$(cat out)
says "dates" "whose missing fields are named"
as andal-1 show "$id" --json >draft.json
expect 1 "what was proposed and left blank is not in it" grep -q '"sdg"\|"themes"\|"recipientCountries"\|"modality"' draft.json
EDITOR=true expect 0 "a template that is not touched makes nothing" as andal-1 new project
says "Nothing was changed" "as it says"

# The questions of another entry.
"$CIB" init example.git --example >/dev/null 2>&1
expect 0 "in a network with an instrument" env CIB_USER=andal-1 "$CIB" join example.git andal-2 --user andal-1
FILL=no as andal-2 new assessment /instrument=i-6vd1jffzbp --edit >/dev/null 2>&1
is "$(grep -c '"score": null' template)" 14 "its fourteen questions have their places"
expect 0 "with their words" grep -q "// Do both sides learn from each other" template
FILL=no as andal-2 new response /plan=n-pqjch3zysw /round=2023-12 --edit >/dev/null 2>&1
is "$(grep -c '"score": null' template)" 6 "and the priorities of a plan in an answer to it"
exit $failed
