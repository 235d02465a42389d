#!/usr/bin/env bash
# Every text of the app's pages is there in French and Spanish, and no translation is left over.
set -u
cd "$(dirname "$0")/../.." || exit 1
python3 - <<'PY'
import json, pathlib, re, sys

web = pathlib.Path("lib/app/web")
string = r"'((?:[^'\\]|\\.)*)'"
used = {}  # first text -> the second one of tn, or None
for file in sorted(web.rglob("*.js")):
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), file.read_text(encoding="utf-8"), flags=re.S)
    for match in re.finditer(r"(?<![\w.])tn\(\s*" + string + r",\s*" + string, text):
        used[match[1].replace("\\'", "'")] = match[2].replace("\\'", "'")
    for match in re.finditer(r"(?<![\w.])t\(\s*" + string, text):
        used.setdefault(match[1].replace("\\'", "'"), None)
    for match in re.finditer(r"(?<![\w.])tn?\(\s*[^'\s)]", text):
        line = text[: match.start()].count("\n") + 1
        if file.name != "words.js":
            print(f"not ok - {file}:{line}: the text does not stand literally in the call")
            sys.exit(1)
failed = False
def holes(text): return sorted(re.findall(r"\{\w+\}", text))
for lang in ("fr", "es"):
    words = json.loads((web / f"words.{lang}.json").read_text(encoding="utf-8"))
    wrong = [f"missing: {k}" for k in used if k not in words]
    wrong += [f"not used: {k}" for k in words if k not in used]
    for key, many in used.items():
        word = words.get(key)
        if word is None:
            continue
        if (many is None) != isinstance(word, str) or (many is not None and (not isinstance(word, list) or len(word) != 2)):
            wrong.append(f"wrong number of forms: {key}")
        elif many is None and holes(word) != holes(key) or many is not None and holes(word[1]) != holes(many):
            wrong.append(f"other {{places}}: {key}")
    print(f"{'not ok' if wrong else 'ok'} - all {len(used)} texts are there in {lang}, and no others")
    for w in wrong:
        print(f"    {w}")
    failed = failed or bool(wrong)
sys.exit(failed)
PY
