"""Everything at once: readers of every route, writers, jobs, connections that break off, and the command line beside the app.

    app_load.py CIB FOLDER USER SECONDS [COLLEAGUE...]    prints statements; the folder is USER's copy, COLLEAGUEs' copies lie beside it
"""
import json
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time

from app import App

cib, folder, user, seconds = sys.argv[1:4] + [float(sys.argv[4])]
colleagues = sys.argv[5:]
asked, answers, faults = {}, {}, []
until = time.time() + seconds
groups = 16 # of routes: what stands behind /api/, and the pages


def note(method, path, status, body):
    route = path.split("?")[0]
    group = route.split("/")[2] if route.startswith("/api/") else "page"
    asked[(method, status)] = asked.get((method, status), 0) + 1
    answers[group] = answers.get(group, 0) + 1
    if status == 0 or status >= 500 and status != 503:
        faults.append(f"{method} {path}: {status} {body[:300]!r}")
    elif route.startswith("/api/") and not any(x in route for x in ("/part", "/save", ".css")):
        try:
            json.loads(body)
        except ValueError:
            faults.append(f"{method} {path}: no JSON: {body[:300]!r}")


def get(path, lang="en"):
    status, headers, body = app.get(path, headers={"X-Cib-Lang": lang})
    note("GET", path, status, body)
    return json.loads(body) if status == 200 and headers["content-type"].startswith("application/json") else {}


def post(path, doc=None):
    status, _, body = app.post(path, doc)
    note("POST", path, status, body)
    return json.loads(body) if status == 200 else {}


def wait(job):
    while job.get("state") == "running" and time.time() < until + 120:
        time.sleep(0.05)
        job = get(f"/api/jobs/{job['id']}").get("job", {})
    return job


def some_id(chance):
    return chance.choice(ids)


def some_item(chance):
    rows = get("/api/review").get("rows", [])
    return chance.choice(rows) if rows else None


def reader(chance):
    words = ["water", "school", "light", "", "éc", "<b>"]
    report = chance.choice(reports)
    path = chance.choice([
        "/", "/entries", "/web/main.js", "/web/app.css", "/api/me", f"/api/words?lang={chance.choice(['en', 'fr', 'es'])}", "/api/home",
        f"/api/entries?q={chance.choice(words)}&from={chance.choice([0, 20])}", f"/api/entries/{some_id(chance)}", f"/api/entries/{some_id(chance)}/history",
        f"/api/reports/{report}", f"/api/reports/{report}/part", f"/api/reports/{report}/save?format={chance.choice(['csv', 'json', 'html', 'md'])}", f"/api/reports/{report}?here=1",
        "/api/reports", "/api/report.css", f"/api/new/{chance.choice(['project', 'practice', 'plan'])}", f"/api/drafts/{some_id(chance)}", f"/api/codes/Sector?q={chance.choice(words)}",
        "/api/conflicts", "/api/review", "/api/review?with=duplicates&sort=age", "/api/review/activity", "/api/jobs/1", "/api/nothing"])
    get(path.replace("<", "%3C").replace(">", "%3E").replace("é", "%C3%A9"), chance.choice(["en", "fr", "es"]))


def writer(chance):
    kind = chance.randrange(4)
    if kind == 0:
        id = some_id(chance)
        draft = get(f"/api/drafts/{id}")
        was = draft.get("doc", {}).get("title", {}).get("en")
        change = {"path": "/title/en", "value": f"Title {chance.randrange(1000)}", **({"was": was} if was else {})}
        post(f"/api/drafts/{id}", {"version": draft.get("version"), "changes": [change]})
    elif kind == 1:
        post(f"/api/drafts/{some_id(chance)}/{chance.choice(['discard', 'publish'])}")
    elif kind == 2:
        post("/api/check", {"id": some_id(chance), "doc": {"title": {"en": chance.random()}}})
    else:
        events = get(f"/api/entries/{ids[0]}/history").get("events", [])
        if events:
            post(f"/api/entries/{ids[0]}/restore", {"commit": chance.choice(events).get("commit", "")})


def reviewer(chance):
    row = some_item(chance)
    if row:
        path = f"/api/review/items/{row['member']}/{row['id']}"
        get(path)
        post(path + "/decide", {"version": row["version"], "what": chance.choice(["accept", "return", "none"]), "comment": "Say where."})
    post(chance.choice(["/api/review/undo", "/api/review/looked", "/api/review/accept-clean"]))


def starter(chance):
    path = chance.choice(["/api/sync", "/api/sync", "/api/review/finish"])
    job = post(path).get("job", {})
    if job and chance.random() < 0.2:
        post(f"/api/jobs/{job['id']}/stop")
    wait(job)


def breaker(chance):
    """A request that ends early, or an answer that nobody reads."""
    body = b'{"doc": {' + b'"a": 1, ' * chance.randrange(200)
    data = chance.choice([
        f"GET /api/entries HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nCookie: {app.cookie}\r\n\r\n".encode(),
        f"GET /api/review HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nCookie: {app.cookie}\r\n\r\n".encode() * 3,
        f"POST /api/check HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nCookie: {app.cookie}\r\nX-Cib-Token: {app.token}\r\nOrigin: {app.origin}\r\nContent-Type: application/json\r\nContent-Length: {len(body) + 9}\r\n\r\n".encode() + body])
    s = socket.create_connection(("127.0.0.1", app.port), timeout=app.patience)
    s.sendall(data[:chance.randrange(1, len(data) + 1)])
    if chance.random() < 0.5:
        time.sleep(chance.random() / 20)
    if chance.random() < 0.7:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)) # reset
    s.close()


def terminal(chance):
    """The same copy and others, by the command line."""
    who = chance.choice([user, *colleagues])
    words = chance.choice([["status"], ["set", some_id(chance), f"/title/en=Terminal {chance.randrange(1000)}"], ["sync"], ["search", "water"]])
    done = subprocess.run([cib, *words], cwd=os.path.join(os.path.dirname(folder), who), env={**os.environ, "CIB_USER": who}, capture_output=True, stdin=subprocess.DEVNULL, text=True)
    if done.returncode < 0 or done.returncode in (66, 70) or "ThreadSanitizer" in done.stderr:
        faults.append(f"cib {' '.join(words)}: {done.returncode} {done.stderr[-2000:]}")


def go_on(what, number):
    chance = random.Random(number)
    try:
        while len(faults) < 5 and (time.time() < until or (len(answers) < groups and time.time() < until + 120)):
            what(chance)
    except Exception as e: # noqa: BLE001 a fault of whatever kind is told
        faults.append(f"{what.__name__}: {type(e).__name__} {e}")


def ok(sentence, holds, why=""):
    print(f"{'ok' if holds else 'not ok'} - {sentence}{'' if holds else f' ({why})'}")
    return holds


with App(cib, folder, user) as app:
    app.patience = 120 # many ask at once, of a build that is slow
    app.enter()
    listed = get("/api/entries?count=200")
    wait(listed.get("job", {}))
    ids = [r["id"] for r in get("/api/entries?count=200").get("rows", [])]
    reports = [r["name"] for r in get("/api/reports")["reports"]]
    secretariat = get("/api/me")["role"] == "secretariat"
    crew = [reader] * 4 + [writer] * 2 + [starter, breaker, breaker, terminal] + ([reviewer] * 2 if secretariat else [])
    threads = [threading.Thread(target=go_on, args=(what, i)) for i, what in enumerate(crew)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    try:
        post("/api/sync") # and it ends in the middle of one
    except OSError as e:
        faults.append(f"the last sync: {type(e).__name__} {e}")
    code = app.close()
    said = app.said[1]
total = sum(asked.values())
good = ok(f"{user}: every request has its answer under load", not faults, faults[:3])
good &= ok(f"{user}: every group of routes was asked", len(answers) >= groups, answers)
good &= ok(f"{user}: the app ends as it should", code == 0, code)
said = [line for line in said.splitlines() if line and not line.startswith("Open this file")]
good &= ok(f"{user}: and had nothing to say", not said, "\n".join(said[:120]))
print(f"# {user}: {total} requests, {dict(sorted(asked.items()))}")
sys.exit(not good)
