#!/usr/bin/env bash
# cib app keeps what it worked out of the repository from request to request. Whoever changes something, and by whatever way, the app
# that has long been open says what one says that was started just now.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1 --member m-voorbeeld:voorbeeld-1
joins sec-1
expect 0 "a second reviewer is let in" as sec-1 access add sec-2 --role secretariat
rounds sec-1
joins andal-1 voorbeeld-1 sec-2
for title in "Water for six towns" "Waste sorting at school" "Street lights that last" "A market hall"; do project andal-1 "$title" >>andal-1.ids; done
for title in "Trees along the river" "Street lights that last"; do project voorbeeld-1 "$title" >>voorbeeld-1.ids; done
rounds andal-1 voorbeeld-1 sec-1 sec-2

PYTHONPATH=$support python3 - "$CIB" "$tmp" "${CIB_TEST_LONG:+300}" <<'PY' || failed=1
import json, os, random, subprocess, sys, time
from app import App

cib, tmp = sys.argv[1:3]
steps = int(sys.argv[3] or 30)
ids = {user: open(f"{tmp}/{user}.ids").read().split() for user in ("andal-1", "voorbeeld-1")}
members = {"andal-1": "m-andal", "voorbeeld-1": "m-voorbeeld"}
chance = random.Random(20)
titles = ["Trees along the river", "Street lights that last", "A market hall", "Clean air in winter", "Budgets that all can read"]

def run(user, *words):
    return subprocess.run([cib, *words], cwd=f"{tmp}/{user}", env={**os.environ, "CIB_USER": user}, capture_output=True, stdin=subprocess.DEVNULL, text=True)
def some():
    user = chance.choice(list(ids))
    return user, members[user], chance.choice(ids[user])
def change():
    user, _, id = some()
    run(user, "set", id, f"/title/en={chance.choice(titles)}")
    return f"{user} changes {id}, " + send(user)
def send(user):
    return f"{user} syncs ({run(user, 'sync').returncode})"
def decide():
    who, (_, member, id) = chance.choice(["sec-1", "sec-1", "sec-2"]), some()
    what = chance.choice([["accept", member, id], ["return", member, id, "-m", "Which one?"], ["decline", member, id, "-m", "Not ours."], ["accept", member]])
    return f"{who}: {' '.join(what)} ({run(who, 'review', *what).returncode})"
def reply():
    user, _, id = some()
    who = chance.choice([user, "sec-1"])
    return f"{who} says something about {id} ({run(who, 'comment', id, '-m', 'It is the second.').returncode}), {send(who)}"
def rule(): # of the kind of a title, and of what network.json says
    with open(f"{tmp}/sec-1/network.json", encoding="utf-8") as f:
        doc = json.load(f)
    doc["languages"] = chance.choice([["en"], ["en", "fr"], ["en", "ar"]])
    doc["title"] = {"en": chance.choice(titles)}
    with open(f"{tmp}/sec-1/network.json", "w", encoding="utf-8") as f:
        json.dump(doc, f, indent=2, ensure_ascii=False)
    return f"sec-1 changes network.json, saves ({run('sec-1', 'save').returncode})"
def look():
    return f"sec-1 looks at the queue in a terminal ({run('sec-1', 'review').returncode})"
def in_app():
    queue = app.json("/api/review")["rows"]
    if not queue:
        return "nothing to decide in the app"
    row = chance.choice(queue)
    what = chance.choice([{"what": "accept"}, {"what": "return", "comment": "Say where."}, {"what": "none"}])
    status = app.post(f"/api/review/items/{row['member']}/{row['id']}/decide", {"version": row["version"], **what})[0]
    return f"in the app: {what['what']} {row['id']} ({status})"
def job(path):
    job = json.loads(app.post(path)[2])["job"]
    while job["state"] == "running":
        time.sleep(0.02)
        job = app.json(f"/api/jobs/{job['id']}")["job"]
    return f"in the app: {path} ({job['state']})"

acts = [change] * 4 + [lambda: send("sec-1")] * 2 + [lambda: send("sec-2"), lambda: send("andal-1"), lambda: send("voorbeeld-1")] + [decide] * 3 + [reply, rule, look] + [in_app] * 3 + [lambda: job("/api/sync"), lambda: job("/api/review/finish"), lambda: "in the app: undo (%d)" % app.post("/api/review/undo")[0], lambda: "in the app: looked (%d)" % app.post("/api/review/looked")[0]]
paths = ["/api/review", "/api/review?with=duplicates", "/api/review?clean=1&sort=age", "/api/review?new=1", "/api/review/activity", "/api/home"]
seen, bad = set(), 0
def answers(one, lang):
    all = [json.loads(one.get(p, headers={"X-Cib-Lang": lang})[2]) for p in paths]
    for row in all[0].get("rows", [])[:3]:
        all.append(json.loads(one.get(f"/api/review/items/{row['member']}/{row['id']}", headers={"X-Cib-Lang": lang})[2]))
    return all
with App(cib, f"{tmp}/sec-1", "sec-1") as app:
    app.enter()
    done = []
    for i in range(steps):
        done.append(chance.choice(acts)())
        lang = chance.choice(["en", "fr"])
        with App(cib, f"{tmp}/sec-1", "sec-1") as fresh:
            fresh.enter()
            new, old = answers(fresh, lang), answers(app, lang)
        seen.add(json.dumps(new[0]["rows"]))
        if new != old:
            which = next((p for p, a, b in zip(paths + ["an item"] * 3, old, new) if a != b), "?")
            print(f"not ok - after step {i}, {done[-3:]}, {which} is stale: {json.dumps(old)[:800]} / {json.dumps(new)[:800]}")
            bad = 1
            break
    print(f"{'not ok' if bad else 'ok'} - after each of {len(done)} steps the open app says what a new one says")
    # references that no branch shows: what was fetched of a member, or given on a stick
    def moved(sentence, *words):
        global bad
        subprocess.run(["git", "update-ref", *words], cwd=f"{tmp}/sec-1", check=True)
        with App(cib, f"{tmp}/sec-1", "sec-1") as fresh:
            fresh.enter()
            new, old = answers(fresh, "en"), answers(app, "en")
        differs = new != before
        print(f"{'ok' if new == old and differs else 'not ok'} - {sentence}: the open app says so, too ({'it differs from before' if differs else 'nothing differs'})")
        bad |= new != old or not differs
    central = "refs/cib/central/members/m-andal"
    tip = subprocess.run(["git", "rev-parse", central], cwd=f"{tmp}/sec-1", capture_output=True, text=True, check=True).stdout.strip()
    first = subprocess.run(["git", "rev-list", "--max-parents=0", central], cwd=f"{tmp}/sec-1", capture_output=True, text=True, check=True).stdout.split()[0]
    run("andal-1", "new", "project", "/title/en=One more", "/description/general/en=About it.", "/status=2", '/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]', "/dates/plannedStart=2024-01", '/sectors:=[{"code":"15128"}]')
    run("andal-1", "sync")
    run("sec-1", "sync")
    before = answers(app, "en")
    moved("a member's branch as it was fetched moves back", central, first)
    before = answers(app, "en")
    moved("and again", central, tip)
    print(f"{'ok' if len(seen) > steps / 4 else 'not ok'} - the queue took {len(seen)} forms meanwhile")
sys.exit(bad or len(seen) <= steps / 4)
PY
exit $failed
