#!/usr/bin/env bash
# The forms of cib app, as its pages ask for them: what a form is made of, changes that are kept at once, clashes, checks, codes,
# conflicts.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1
joins andal-1 andal-2 voorbeeld-1 sec-1
id=$(project andal-1 "Water for schools" "/title/fr=De l'eau")
other=$(project voorbeeld-1 "A market hall")
rounds andal-1 andal-2 voorbeeld-1 sec-1
expect 0 "the secretariat accepts the market hall" as sec-1 review accept m-voorbeeld
rounds sec-1
# one change by two, for the conflicts
expect 0 "a colleague renames the project" as andal-2 set "$id" "/title/en=Water for all schools"
expect 0 "the other, too" as andal-1 set "$id" "/title/en=Clean water for schools"
rounds andal-2
expect 1 "the other has a conflict" as andal-1 sync

PYTHONPATH=$support python3 - "$CIB" "$tmp" "$id" "$other" <<'PY' || failed=1
import json, os, subprocess, sys, time
from app import App

cib, tmp, entry, market = sys.argv[1:]
bad = 0
def ok(sentence, holds, why=""):
    global bad
    print(f"{'ok' if holds else 'not ok'} - {sentence}{'' if holds else f' ({why})'}")
    bad |= not holds
def by(fields, name): return next(f for f in fields if f["name"] == name)
def file_of(kind, id, user="andal-1", member="m-andal"): return f"{tmp}/{user}/members/{member}/{kind}/{id}.json"

with App(cib, f"{tmp}/andal-1", "andal-1") as app:
    app.enter()
    def change(id, changes, **more):
        status, _, body = app.post(f"/api/drafts/{id}", {"changes": changes, **more})
        return status, json.loads(body)

    # ---- forms
    for kind in [k["name"] for k in app.json("/api/me")["kinds"] if k["writable"]]:
        new = app.json(f"/api/new/{kind}")
        fields = new["form"]["fields"]
        ok(f"a form of {kind}: all required fields come first, each with a title",
           fields and all(f.get("title") for f in fields) and [f["level"] for f in fields] == sorted((f["level"] for f in fields), key=["required", "proposed", "more"].index), fields)
    ok("what the secretariat writes has no form for a member", app.get("/api/new/plan")[0] == 400)
    ok("nor has what is no kind", app.get("/api/new/nothing")[0] == 404)
    new = app.json("/api/new/project")
    fields = new["form"]["fields"]
    partners, sectors, dates, budget = (by(fields, n) for n in ("partners", "sectors", "dates", "budget"))
    ok("a list of objects says what tells its items apart", (partners["widget"], partners["key"]) == ("list", "id"), partners)
    ok("a member is a reference", by(partners["item"]["fields"], "member")["kind"] == "member")
    ok("a short list of codes is a choice with names", by(fields, "status")["options"][1] == {"value": "2", "name": "Implementation"}, by(fields, "status"))
    ok("a long one is searched", by(sectors["item"]["fields"], "code")["lists"] == ["Sector", "SectorCategory"], sectors)
    ok("a date is as exact as its pattern lets it be", by(dates["fields"], "plannedStart")["precision"] == ["year", "month", "day"], dates)
    ok("a day is a day", by(budget["item"]["fields"], "periodStart")["precision"] == ["day"])
    ok("a start comes before its end", [f["name"] for f in dates["fields"]][:2] == ["plannedStart", "plannedEnd"], dates)
    ok("an amount is a decimal number", by(budget["item"]["fields"], "amount").get("decimal") is True)
    ok("a text in languages is one", by(fields, "title")["widget"] == "texts")
    ok("the shares that must make a whole are named", {"of": ["/sectors"], "field": "percentage", "equals": "100", "byLength": "code"} in new["form"]["sums"], new["form"]["sums"])
    practice = app.json("/api/new/practice")["form"]["fields"]
    ok("a limit of words is named", by(practice, "summary")["words"] == {"max": 250, "severity": "error"}, by(practice, "summary"))
    fr = json.loads(app.get("/api/new/project", headers={"X-Cib-Lang": "fr"})[2])["form"]
    ok("titles are in the reader's language", by(fr["fields"], "budget")["item"]["fields"][0]["title"] in ("Montant", "Identifiant de l’élément"), by(fr["fields"], "budget")["item"]["fields"][0])

    # ---- a new one
    fresh = new["id"]
    ok("nothing is written before the first change", not os.path.exists(file_of("projects", fresh)))
    status, answer = change(fresh, [{"path": "/title", "value": {"en": "Trees"}}], kind="project", version=new["version"])
    doc = json.load(open(file_of("projects", fresh)))
    ok("the first change writes it, with what the kind proposes", status == 200 and doc["title"] == {"en": "Trees"} and doc["status"] == "2" and doc["owner"] == "m-andal", doc)
    ok("what is missing is told", any(f["keyword"] == "required" for f in answer["findings"]), answer)
    ok("the document is not sent back when nobody else changed it", "doc" not in answer)
    ok("an id that the program would not make is refused", change("p-1", [], kind="project")[0] == 404)
    ok("nor does a path lead out of the folder", change("..", [], kind="project")[0] == 404)

    # ---- changes of fields
    draft = app.json(f"/api/drafts/{fresh}")
    status, answer = change(fresh, [{"path": "/title/en", "value": "Trees in towns", "was": "Trees"}, {"path": "/partners/o-1/role", "value": "1", "was": "4"}], version=draft["version"])
    doc = json.load(open(file_of("projects", fresh)))
    ok("a change is of one field, items are called by what identifies them", (doc["title"]["en"], doc["partners"][0]["role"]) == ("Trees in towns", "1"), doc)
    status, answer = change(fresh, [{"path": "/title/en", "was": "Trees in towns"}], version=answer["version"])
    ok("a change without a value removes", "en" not in json.load(open(file_of("projects", fresh))).get("title", {}), answer)
    change(fresh, [{"path": "/x-note", "value": {"kept": [1.50, "2"]}}])
    status, answer = change(fresh, [{"path": "/title/en", "value": "Trees"}])
    text = open(file_of("projects", fresh)).read()
    ok("what the form does not know stays", json.loads(text)["x-note"] == {"kept": [1.5, "2"]}, text)
    ok("what is kept is canonical", text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n", text)

    # ---- somebody else edits
    subprocess.run([cib, "set", fresh, "/description/general/en=Written elsewhere."], cwd=f"{tmp}/andal-1", env={**os.environ, "CIB_USER": "andal-1"}, capture_output=True)
    status, answer = change(fresh, [{"path": "/title/en", "value": "Trees!", "was": "Trees"}], version=answer["version"])
    ok("an edit elsewhere is not overwritten, and comes back", answer["doc"]["description"]["general"]["en"] == "Written elsewhere." and answer["doc"]["title"]["en"] == "Trees!", answer)
    status, answer = change(fresh, [{"path": "/title/en", "value": "Hedges", "was": "Trees"}], version=answer["version"])
    ok("two changes of one value clash: what stands stays, the other is kept beside it", answer["doc"]["title"]["en"] == "Trees!" and answer["clashes"] == [{"path": "/title/en", "was": "Trees", "yours": "Hedges"}], answer)
    ok("also for who comes back later", app.json(f"/api/drafts/{fresh}")["clashes"][0]["yours"] == "Hedges")
    answer = json.loads(app.post(f"/api/drafts/{fresh}/settle", {"path": "/title/en", "yours": True})[2])
    ok("until one is chosen", answer["doc"]["title"]["en"] == "Hedges" and answer["clashes"] == [], answer)
    ok("what is settled is settled", app.post(f"/api/drafts/{fresh}/settle", {"path": "/title/en", "yours": True})[0] == 404)
    status, answer = change(fresh, [{"path": "/themes", "value": ["waste"]}], version=answer["version"])
    status, answer = change(fresh, [{"path": "/themes", "value": ["youth"]}], version="")
    ok("lists are merged", sorted(answer["doc"]["themes"]) == ["waste", "youth"], answer)

    # ---- whose it is
    ok("another member's entry has no form", change(market, [{"path": "/status", "value": "3"}])[0] == 403)
    ok("a change has a path", change(fresh, [{"value": 1}])[0] == 400 and change(fresh, {})[0] == 400)

    # ---- checks
    doc = json.load(open(file_of("projects", fresh)))
    doc["status"] = "9"
    times = []
    for _ in range(7):
        began = time.perf_counter()
        checked = json.loads(app.post("/api/check", {"id": fresh, "doc": doc})[2])
        times.append(time.perf_counter() - began)
    ok("a document is checked without being kept", any(f["pointer"] == "/status" and f["title"] == "Status" for f in checked["findings"]) and json.load(open(file_of("projects", fresh)))["status"] != "9", checked)
    ok(f"within 10 ms (median {sorted(times)[3] * 1000:.1f} ms)", sorted(times)[3] < 0.05, times)
    wrong = json.loads(app.post("/api/check", {"text": '{"a": 1,\n}'})[2])
    ok("JSON is strict, and the fault has a line", wrong["wrong"]["line"] == 2, wrong)
    ok("what is right comes back as its value", json.loads(app.post("/api/check", {"text": "[1, 2]"})[2])["value"] == [1, 2])

    # ---- a file that is no JSON
    with open(file_of("projects", fresh), "w") as f:
        f.write("{ this is no JSON")
    broken = app.json(f"/api/drafts/{fresh}")
    ok("a file that is no JSON is shown as it is", broken["text"] == "{ this is no JSON" and broken["error"]["line"] == 1, broken)
    ok("and only JSON takes its place", app.post(f"/api/drafts/{fresh}/text", {"text": "{ still none"})[0] >= 400 and open(file_of("projects", fresh)).read() == "{ this is no JSON")
    ok("then it is an entry again", app.post(f"/api/drafts/{fresh}/text", {"text": json.dumps(doc)})[0] == 200 and app.json(f"/api/drafts/{fresh}")["doc"] == doc)
    status, _, late = app.post(f"/api/drafts/{fresh}/text", {"text": "{}"})
    ok("who was slower with a text of his own is told, and overwrites nothing", status == 409 and json.loads(late)["error"]["code"] == "draft.mended" and app.json(f"/api/drafts/{fresh}")["doc"] == doc, late)
    ok("a draft can be thrown away", app.post(f"/api/drafts/{fresh}/discard")[0] == 200 and not os.path.exists(file_of("projects", fresh)))

    # ---- codes
    found = app.json("/api/codes/Country?q=tuni")["codes"]
    ok("a code is found by its name", found == [{"code": "TN", "name": "Tunisia", "category": "015"}], found)
    found = app.json("/api/codes/UNSDG-Targets?q=6.1")["codes"]
    ok("and by itself", found and found[0]["code"] == "6.1", found[:2])
    ok("in the reader's language", any(c["name"] == "Tunisie" for c in json.loads(app.get("/api/codes/Country?q=TN", headers={"X-Cib-Lang": "fr"})[2])["codes"]))
    ok("an unknown list is no list", app.get("/api/codes/nothing")[0] == 404)

    # ---- conflicts
    open_now = app.json("/api/conflicts")["conflicts"]
    c = open_now[0]
    ok("a conflict has both values, who, when, and the words that differ", len(open_now) == 1 and c["id"] == entry and c["path"] == "/title/en" and {c["ours"]["value"], c["theirs"]["value"]} == {"Water for all schools", "Clean water for schools"}
       and c["ours"]["by"] == "m-andal" and c["ours"]["on"] and [p for p in c["theirs"]["pieces"] if p[1]] , open_now)
    ok("its field has its title", c["field"].startswith("Title"), c["field"])
    ok("a third value needs one", app.post("/api/conflicts", {"id": entry, "item": c["item"], "take": "value"})[0] == 400)
    left = json.loads(app.post("/api/conflicts", {"id": entry, "item": c["item"], "take": "value", "value": "Clean water for all schools"})[2])["conflicts"]
    ok("a third value settles it", left == [] and json.load(open(file_of("projects", entry)))["title"]["en"] == "Clean water for all schools", left)
    ok("once", app.post("/api/conflicts", {"id": entry, "item": c["item"], "take": "ours"})[0] == 404)

with App(cib, f"{tmp}/sec-1", "sec-1") as app:
    app.enter()
    head = lambda: subprocess.run(["git", "rev-parse", "HEAD"], cwd=f"{tmp}/sec-1", capture_output=True, text=True).stdout
    before = head()
    draft = app.json(f"/api/drafts/{market}")
    status, _, body = app.post(f"/api/drafts/{market}", {"version": draft["version"], "changes": [{"path": "/title/en", "value": "A covered market", "was": "A market hall"}]})
    ok("the secretariat's edit of a member's entry is held, not committed with each key", draft["held"] and status == 200 and head() == before, body)
    ok("and is there for who comes back", app.json(f"/api/drafts/{market}")["doc"]["title"]["en"] == "A covered market")
    ok("until it is put into the network", app.post(f"/api/drafts/{market}/publish")[0] == 200 and head() != before)
    shown = json.loads(subprocess.run([cib, "show", market, "--json"], cwd=f"{tmp}/sec-1", env={**os.environ, "CIB_USER": "sec-1"}, capture_output=True, text=True).stdout)
    ok("as the entry", shown["title"]["en"] == "A covered market", shown)
    draft = app.json(f"/api/drafts/{market}")
    app.post(f"/api/drafts/{market}", {"version": draft["version"], "changes": [{"path": "/status", "value": "9", "was": "2"}]})
    before = head()
    ok("what is not valid is not put there", app.post(f"/api/drafts/{market}/publish")[0] == 422 and head() == before)
    for kind in ("plan", "instrument", "event", "resource"):
        ok(f"the secretariat has a form of {kind}", app.json(f"/api/new/{kind}")["form"]["fields"])
sys.exit(bad)
PY

# ---- the page's own half of keeping: random changes, the program killed, others at the same entry
if command -v node >/dev/null && [ "$(node -p 'parseInt(process.versions.node)')" -ge 20 ]; then # as of which a file says by itself that it is a module
	timeout 300 node "$support/../app/draft.mjs" "$tmp/andal-1" "$id" "$([ "${CIB_TEST_LONG:-0}" = 0 ] && echo 150 || echo 1000)" || failed=1
else
	echo "SKIP: what the page does to keep is run by node 20 or later"
fi
exit $failed
