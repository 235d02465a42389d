#!/usr/bin/env bash
# cib app: it starts, lets the person in once, answers, syncs as a job, and ends.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1
joins andal-1 sec-1
id=$(project andal-1 "Water for schools")
expect 2 "outside a copy the app does not start" "$CIB" app --no-open
expect 2 "a port is a number" as andal-1 app --no-open --port x
taken() { # COMMAND...: on a port where another program listens
	python3 -c 'import socket, subprocess, sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
sys.exit(subprocess.run(sys.argv[1:] + ["--port", str(s.getsockname()[1])], env={**__import__("os").environ, "CIB_USER": "andal-1"}, cwd="andal-1", timeout=20).returncode)' "$@"
}
expect 5 "a port that another program has is refused" taken "$CIB" app --no-open
says "without --port it takes any that is free" "with the way out"

PYTHONPATH=$support python3 - "$CIB" "$tmp" "$id" <<'PY' || failed=1
import json, os, stat, sys, time
from app import App

cib, tmp, entry = sys.argv[1:]
bad = 0
def ok(sentence, holds, why=""):
    global bad
    print(f"{'ok' if holds else 'not ok'} - {sentence}{'' if holds else f' ({why})'}")
    bad |= not holds

with App(cib, f"{tmp}/andal-1", "andal-1") as app:
    mode = stat.S_IMODE(os.stat(app.start_page).st_mode)
    ok("the start page is for this user alone", mode == 0o600, oct(mode))
    ok("without the cookie there is no answer", app.get("/api/me")[0] == 401)
    status, headers, _ = app.enter()
    ok("the start token lets in", status == 200, status)
    ok("by a cookie that scripts and other sites do not get", "HttpOnly" in headers.get("set-cookie", "") and "SameSite=Strict" in headers["set-cookie"])
    ok("and the start page is gone", not os.path.exists(app.start_page))
    ok("the token works once", app.post("/api/start", {"token": app.start})[0] == 403)
    me = app.json("/api/me")
    ok("me says who and where", (me["user"], me["member"], me["network"]["title"]) == ("andal-1", "m-andal", "Example network"), me)
    for lang, words in (("fr", "a déjà servi"), ("es", "ya se usó"), ("en", "was used already")):
        ok(f"an error is told in {lang}", words in json.loads(app.post("/api/start", {"token": app.start}, headers={"X-Cib-Lang": lang})[2])["error"]["message"])
    status, _, body = app.post("/api/sync")
    job = json.loads(body)["job"]
    ok("sync is a job", status == 200 and job["name"] == "sync", body)
    for _ in range(300):
        job = app.json(f"/api/jobs/{job['id']}")["job"]
        if job["state"] != "running":
            break
        time.sleep(0.05)
    ok("that sends what is new", job["state"] == "done" and job["result"]["sent"] == 1, job)
    os.rename(f"{tmp}/central.git", f"{tmp}/away.git")
    job = json.loads(app.post("/api/sync")[2])["job"]
    while job["state"] == "running":
        time.sleep(0.05)
        job = app.json(f"/api/jobs/{job['id']}")["job"]
    ok("without a server it says so", job["state"] == "failed" and job["error"]["message"], job)
    os.rename(f"{tmp}/away.git", f"{tmp}/central.git")
    story = app.json(f"/api/entries/{entry}/history")["events"]
    title = app.json(f"/api/entries/{entry}")["title"]
    ok("an entry is shown with its story", title == "Water for schools" and [e["event"] for e in story] == ["created"], story)
    status, _, body = app.post(f"/api/entries/{entry}/restore", {"commit": story[0]["commit"]})
    ok("an old version comes back", status == 200, body)
    for commit in ("", "x", "0" * 40, None):
        status, _, body = app.post(f"/api/entries/{entry}/restore", {"commit": commit})
        ok(f"the version '{commit}' is none", status in (400, 404), body)
    listed = app.json("/api/entries?q=water")
    ok("the list finds it", [r["id"] for r in listed["rows"]] == [entry] and listed["facets"]["kind"][0]["count"] == 1, listed)
    ok("home is there", app.json("/api/home")["mine"]["all"] == 1)
    ok("nothing is set yet", me["settings"] == {}, me["settings"])
    ok("what the person sets is kept, and nothing else", json.loads(app.post("/api/settings", {"lang": "fr", "keys": False, "x": 1})[2])["settings"] == {"lang": "fr", "keys": False})
    ok("what is none stays out", json.loads(app.post("/api/settings", {"lang": "xx", "keys": "no"})[2])["settings"] == {"lang": "fr", "keys": False})
    ok("the page can end it", app.post("/api/quit")[0] == 200 and app.process.wait(10) == 0)
with App(cib, f"{tmp}/andal-1", "andal-1") as app:
    start = open(app.start_page, encoding="utf-8").read()
    ok("the next start page leads to that language", '&lang=fr"' in start and '<html lang="fr">' in start, start)
    app.enter()
    ok("and the app knows it", app.json("/api/me")["settings"] == {"lang": "fr", "keys": False})
    open(f"{tmp}/andal-1/.git/cib/app.json", "w").write('{"lang": "<script>", "keys": 7')
    ok("a file that is spoilt is no obstacle", app.json("/api/me")["settings"] == {})
    ok("it ends by a signal, too", app.close() == 0)
    ok("and leaves no start page", not os.path.exists(app.start_page))
    ok("no secret was said", app.start not in "".join(app.said))
sys.exit(bad)
PY
exit $failed
