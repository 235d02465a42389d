"""Entries that hold hostile strings wherever a text can stand, for the tests of the app's pages.

    hostile_entries.py CIB COPY USER STRINGS_JSON valid|drafts NUMBER

valid: each entry of the user's own has one of the strings in each text that may be free, from the NUMBERth string on. drafts: NUMBER new
ones of every kind have one in each field of whatever type. Prints {"ids": [...], "used": [string...]}."""
import itertools
import json
import os
import sys

from app import App

cib, folder, user, strings, what, number = sys.argv[1], sys.argv[2], sys.argv[3], json.load(open(sys.argv[4], encoding="utf-8")), sys.argv[5], int(sys.argv[6])
turn = itertools.count(number if what == "valid" else 0)
used = set()


def string():
    s = strings[next(turn) % len(strings)]
    used.add(s)
    return s


def everything(field):
    """A value for the field that has strings at every end."""
    widget = field["widget"]
    if widget == "texts":
        return {lang: string() for lang in ("en", "fr", "ar")}
    if widget == "object":
        return {f["name"]: everything(f) for f in field["fields"]}
    if widget == "list":
        return [everything(field["item"]) for _ in range(2)]
    if widget == "map":
        return {key: everything(field["item"]) for key in ("2024", string())}
    return string()


def places_of(field, value, path):
    """Where a text may stand: (path, the value that is there, else None)."""
    if field["widget"] == "texts":
        yield from ((path + [lang], (value or {}).get(lang)) for lang in ("en", "fr", *(value or {})))
    elif field["widget"] == "text":
        yield path, value
    elif field["widget"] == "object" and isinstance(value, dict):
        for f in field["fields"]:
            yield from places_of(f, value.get(f["name"]), path + [f["name"]])
    elif field["widget"] == "list" and isinstance(value, list):
        for i, v in enumerate(value):
            yield from places_of(field["item"], v, path + [i])
    elif field["widget"] == "map" and isinstance(value, dict):
        for k, v in value.items():
            yield from places_of(field["item"], v, path + [k])


def with_value(doc, path, value):
    doc = json.loads(json.dumps(doc))
    at = doc
    for step in path[:-1]:
        at = at[step] if isinstance(at, list) else at.setdefault(step, {})
    at[path[-1]] = value
    return doc


def keep(id, doc):
    found = [os.path.join(d, f) for d, _, files in os.walk(folder) for f in files if f == id + ".json" and "/.git/" not in d and "/conflicts" not in d]
    with open(found[0], "w", encoding="utf-8") as f:
        json.dump(doc, f, indent=2, sort_keys=True, ensure_ascii=False)
        f.write("\n")
    return id


def serious(id, doc):
    status, _, body = app.post("/api/check", {"id": id, "doc": doc})
    if status != 200:
        raise SystemExit(f"{id}: {status} {body[:300]}")
    return {(f["pointer"], f["code"]) for f in json.loads(body)["findings"] if f["severity"] == "error"}


def make_valid(id):
    draft = app.json(f"/api/drafts/{id}")
    doc = draft["doc"]
    before = serious(id, doc)
    for f in draft["form"]["fields"]:
        if f.get("readOnly") or f["name"] in ("id", "kind", "schema", "owner", "sourceLanguage"):
            continue
        for path, _ in list(places_of(f, doc.get(f["name"]), [f["name"]])):
            tried = with_value(doc, path, string())
            if serious(id, tried) <= before:
                doc = tried
    return keep(id, doc)


def make_drafts(kind):
    for _ in range(number):
        new = app.json(f"/api/new/{kind}")
        if not new.get("fresh"):
            return # of a profile there is one
        doc = {**{f["name"]: everything(f) for f in new["form"]["fields"] if not f.get("readOnly")},
               **{k: new["doc"][k] for k in ("id", "kind", "owner", "schema") if k in new["doc"]}, "x-note": {string(): string()}}
        status, _, body = app.post(f"/api/drafts/{new['id']}", {"kind": kind, "version": new["version"], "changes": [{"path": "/x-note", "value": "x"}]})
        if status != 200:
            raise SystemExit(f"{kind}: {status} {body[:300]}")
        yield keep(new["id"], doc)


with App(cib, folder, user) as app:
    app.enter()
    me = app.json("/api/me")
    if what == "valid":
        rows = []
        while (page := app.json(f"/api/entries?member={me['member']}&count=200")).get("job"):
            pass
        ids = [make_valid(r["id"]) for r in page["rows"] if r["member"] == me["member"]]
    else:
        ids = [id for k in me["kinds"] if k["writable"] for id in make_drafts(k["name"])]
print(json.dumps({"ids": ids, "used": sorted(used)}))
