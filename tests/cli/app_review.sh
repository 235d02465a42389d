#!/usr/bin/env bash
# cib app, the review: the routes show what `cib review` shows and take the same steps, which outlive the process.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
joins andal-1 voorbeeld-1 sec-1
changed=$(project andal-1 "Water for six towns")
rounds andal-1 sec-1
expect 0 "one is accepted" as sec-1 review accept m-andal
rounds sec-1 andal-1
expect 0 "it is changed" as andal-1 set "$changed" "/title/en=Water for seven towns" '/sdg:=[{"code":"6.1"}]'
fresh=$(project andal-1 "Waste sorting at school")
like=$(project andal-1 "Street lights that last")
project voorbeeld-1 "Street lights that last" >/dev/null
project voorbeeld-1 "Trees along the river" >/dev/null
rounds andal-1 voorbeeld-1 sec-1

PYTHONPATH=$support python3 - "$CIB" "$tmp" "$changed" "$fresh" "$like" <<'PY' || failed=1
import json, sys, time
from app import App

cib, tmp, changed, fresh, like = sys.argv[1:]
bad = 0
def ok(sentence, holds, why=""):
    global bad
    print(f"{'ok' if holds else 'not ok'} - {sentence}{'' if holds else f' ({why})'}")
    bad |= not holds
def post(app, path, doc=None):
    status, _, body = app.post(path, doc)
    return status, json.loads(body)
def item(id): return f"/api/review/items/m-andal/{id}"

with App(cib, f"{tmp}/andal-1", "andal-1") as app:
    app.enter()
    for path in ("/api/review", item(fresh), "/api/review/activity"):
        ok(f"a member gets nothing of {path.split('/m-')[0]}", app.get(path)[0] == 403)
    ok("and decides nothing", app.post("/api/review/finish")[0] == 403)

with App(cib, f"{tmp}/sec-1", "sec-1") as app:
    app.enter()
    q = app.json("/api/review")
    ok("the queue has all that waits", len(q["rows"]) == 5 and q["all"]["pending"] == 5, q)
    ok("by member", [(m["member"], m["pending"], m["clean"]) for m in q["members"]] == [("m-andal", 3, 2), ("m-voorbeeld", 2, 1)], q["members"])
    ok("a filter by member", len(app.json("/api/review?member=m-voorbeeld")["rows"]) == 2)
    ok("by what was found", {r["title"] for r in app.json("/api/review?with=duplicates")["rows"]} == {"Street lights that last"})
    ok("what is chosen from does not shrink with the filter", len(app.json("/api/review?member=m-voorbeeld")["choices"]["members"]) == 2)
    ok("a filter that is none is said", app.get("/api/review?state=odd")[0] == 400)
    x = app.json(item(changed))
    title = next(f for f in x["fields"] if f["pointer"] == "/title/en")
    ok("an item says which words went and came", title["before"] == [["Water for "], ["six", True], [" towns"]] and title["after"] == [["Water for "], ["seven", True], [" towns"]], title)
    ok("titles are in the reader's language", any(f["title"].startswith("Titre") for f in json.loads(app.get(item(changed), headers={"X-Cib-Lang": "fr"})[2])["fields"]))
    ok("codes have names", "6.1" in json.dumps(x["fields"]) and any("universal and equitable" in json.dumps(f["after"]) for f in x["fields"]), x["fields"])
    ok("duplicates stand beside the title", [n["kind"] for f in app.json(item(like))["fields"] if f["pointer"].startswith("/title") for n in f["notes"]] == ["duplicate"])
    ok("what does not wait is not there", app.get(item("prj-none"))[0] == 404)

    status, a = post(app, item(changed) + "/decide", {"version": x["version"], "what": "accept"})
    ok("a step is taken", status == 200 and a["sitting"] == {"accept": 1, "return": 0, "decline": 0} and a["open"]["id"] != changed, a)
    ok("of another version not", post(app, item(changed) + "/decide", {"version": "0" * 39 + "1", "what": "accept"})[0] == 409)
    y = app.json(item(fresh))
    ok("nothing goes back without a word", post(app, item(fresh) + "/decide", {"version": y["version"], "what": "return"})[1]["error"]["code"] == "review.no-comment")
    ok("a comment needs a field that is there", post(app, item(fresh) + "/decide", {"version": y["version"], "what": "return", "comment": "x", "pointer": "/nowhere"})[1]["error"]["code"] == "review.field")
    ok("what is odd is refused", post(app, item(fresh) + "/decide", {"version": y["version"], "what": "burn"})[0] == 400)
    post(app, item(fresh) + "/decide", {"version": y["version"], "what": "return", "comment": "Which <b>schools</b>?", "pointer": "/title/en"})
    post(app, item(fresh) + "/decide", {"version": y["version"], "what": "decline"})
    status, a = post(app, "/api/review/undo")
    ok("undo says what it was about", status == 200 and (a["id"], a["member"], a["sitting"]["return"]) == (fresh, "m-andal", 1), a)
    y = app.json(item(fresh))
    ok("a comment stands beside its field", y["decision"] == "return" and [(c["pointer"], c["text"]) for c in y["said"]] == [("/title/en", "Which <b>schools</b>?")], y)
    app.close(9)

with App(cib, f"{tmp}/sec-1", "sec-1") as app:
    app.enter()
    q = app.json("/api/review")
    ok("after a kill the steps stand", q["sitting"] == {"accept": 1, "return": 1, "decline": 0}, q["sitting"])
    status, a = post(app, "/api/review/accept-clean", {})
    ok("the clean ones are accepted at once, the others left", (a["taken"], a["left"]) == (1, 2), a)
    status, a = post(app, "/api/review/finish")
    job = a["job"]
    while job["state"] == "running":
        time.sleep(0.05)
        job = app.json(f"/api/jobs/{job['id']}")["job"]
    ok("to finish is a job", job["state"] == "done" and (job["result"]["accepted"], job["result"]["returned"], job["result"]["notes"]) == (2, 1, []), job)
    ok("then nothing stands in the sitting", app.json("/api/review")["sitting"] == {"accept": 0, "return": 0, "decline": 0})
    rows = app.json("/api/review/activity?member=m-andal")["rows"]
    ok("the activity has the decisions and the words", {"accepted", "returned", "commented"} & {r["what"] for r in rows} >= {"accepted", "returned"} and any(r["text"] == "Which <b>schools</b>?" and r.get("field") for r in rows), rows)
    ok("of one entry alone, too", {r["id"] for r in app.json(f"/api/review/activity?id={fresh}")["rows"]} == {fresh})
sys.exit(bad)
PY
rounds sec-1 andal-1
expect 0 "the member reads it" as andal-1 status
says "Which" "on the command line"

# To answer without deciding, on both sides.
cat >talk.py <<'PY'
import json, sys
from app import App

cib, tmp, user, entry, word, answer = sys.argv[1:]
bad = 0
def ok(sentence, holds, why=""):
    global bad
    print(f"{'ok' if holds else 'not ok'} - {sentence}{'' if holds else f' ({why})'}")
    bad |= not holds
with App(cib, f"{tmp}/{user}", user) as app:
    app.enter()
    def say(doc, id=entry):
        status, _, body = app.post(f"/api/entries/{id}/remarks", doc)
        return status, json.loads(body)
    shown = app.json(f"/api/entries/{entry}")
    heard = [r for r in shown["remarks"] if word in r["text"]]
    ok(f"{user} may talk about it, and reads what was said", shown["talk"] and len(heard) == 1, shown["remarks"])
    status, made = say({"text": answer, "replyTo": heard[0]["id"]})
    ok("an answer is kept", status == 200 and made["id"], made)
    said = [(r["text"], r["depth"], r["id"]) for r in app.json(f"/api/entries/{entry}")["remarks"]]
    ok("below what it answers", (answer, heard[0]["depth"] + 1, made["id"]) in said, said)
    ok("no words are none", say({"text": " \n"})[1]["error"]["code"] == "comment.text" and say({})[1]["error"]["code"] == "comment.text")
    ok("nor are too many", say({"text": "x" * 8001})[1]["error"]["code"] == "comment.text")
    ok("what is answered must be there", say({"text": "x", "replyTo": "c-none"})[1]["error"]["code"] == "comment.no-comment")
    ok("and the field", say({"text": "x", "pointer": "/nowhere"})[1]["error"]["code"] == "comment.no-field")
    ok("and the entry", say({"text": "x"}, "p-0000000000")[0] == 404)
    if user == "sec-1":
        item = app.json(f"/api/review/items/m-andal/{entry}")
        ok("the review shows it beside the entry", any(n["kind"] == "remark" and n["id"] == made["id"] for f in [item, *item["fields"]] for n in f["notes"]), item["notes"])
        ok("nothing was decided by it", item["sitting"] == {"accept": 0, "return": 0, "decline": 0} and item["decision"] == "none", item["sitting"])
    else:
        market = next(r["id"] for r in app.json("/api/entries?member=m-voorbeeld")["rows"])
        ok("of another member's entry there is nothing to say", not app.json(f"/api/entries/{market}")["talk"] and say({"text": "x"}, market)[0] in (400, 403), say({"text": "x"}, market))
sys.exit(bad)
PY
PYTHONPATH=$support python3 talk.py "$CIB" "$tmp" andal-1 "$fresh" "Which" "The two in the north." || failed=1
rounds andal-1 sec-1
PYTHONPATH=$support python3 talk.py "$CIB" "$tmp" sec-1 "$fresh" "in the north" "Then say so." || failed=1
rounds sec-1 andal-1
expect 0 "the dialogue goes on" as andal-1 comment "$fresh"
says "Then say so." "as the command line shows it"
exit $failed
