#!/usr/bin/env bash
# cib app, the reports: all of them open, and what is shown and saved is what `cib report` prints.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"

"$CIB" init c.git --example >/dev/null 2>&1
for user in andal-1 sec-1; do expect 0 "$user joins" env CIB_USER=$user "$CIB" join "$tmp/c.git" $user --user $user; done

PYTHONPATH=$support python3 - "$CIB" "$tmp" <<'PY' || failed=1
import json, os, subprocess, sys, time, xml.dom.minidom
from app import App

cib, tmp = sys.argv[1:]
bad = 0
def ok(sentence, holds, why=""):
    global bad
    print(f"{'ok' if holds else 'not ok'} - {sentence}{'' if holds else f' ({str(why)[:600]})'}")
    bad |= not holds
def command(*args):
    return subprocess.run([cib, "report", *args], cwd=f"{tmp}/sec-1", env={**os.environ, "CIB_USER": "sec-1"}, capture_output=True, check=True).stdout

with App(cib, f"{tmp}/sec-1", "sec-1") as app:
    ok("without the session there is no report", app.get("/api/reports/sdg")[0] == 401)
    app.enter()
    ask = app.get
    def patient(path, **more): # a slow build makes a report as a job; the page then asks again
        answer = ask(path, **more)
        if path.startswith("/api/reports/") and answer[0] == 200 and answer[2].startswith(b"{") and "job" in json.loads(answer[2]):
            job = json.loads(answer[2])["job"]
            while json.loads(ask(f"/api/jobs/{job['id']}")[2])["job"]["state"] == "running":
                time.sleep(0.05)
            answer = ask(path + ("&" if "?" in path else "?") + "made=1", **more)
        return answer
    app.get = patient
    names = [r["name"] for r in app.json("/api/reports")["reports"]]
    ok("all eleven are listed", len(names) == 11 and "sdg" in names, names)
    ok("in the reader's language", json.loads(app.get("/api/reports?lang=fr")[2])["reports"] != app.json("/api/reports")["reports"])
    figures = 0
    for name in names:
        r = app.json(f"/api/reports/{name}")
        ok(f"{name} opens", r["title"] and r["tables"], r)
        figures += sum(t["figure"] for t in r["tables"])
        for lang in ("en", "fr", "es"):
            status, headers, body = app.get(f"/api/reports/{name}/part?lang={lang}")
            ok(f"as a part of a page in {lang}, as the command prints it", status == 200 and headers["content-type"].startswith("text/html") and body == command(name, "--format", "fragment", "--lang", lang), body[:300])
        status, headers, body = app.get(f"/api/reports/{name}/save?format=csv&lang=es")
        ok("it is saved as a sheet under its name", body == command(name, "--format", "csv", "--lang", "es") and headers["content-disposition"] == f'attachment; filename="{name}.csv"', headers)
        status, headers, body = app.get(f"/api/reports/{name}/save?format=html&lang=fr")
        ok("and as a page", body == command(name, "--format", "html", "--lang", "fr") and headers["content-disposition"] == f'attachment; filename="{name}.html"', headers)
        for table in r["tables"]:
            if table["figure"]:
                status, headers, body = app.get(f"/api/reports/{name}/save?format=svg&table={table['id']}")
                ok(f"the picture {table['id']} is saved", status == 200 and headers["content-type"] == "image/svg+xml" and xml.dom.minidom.parseString(body).documentElement.tagName == "svg", headers)
    ok("there are pictures", figures >= 8, figures)
    for name in names: # the app opens its copy anew after each sync; the report that was made before stays what it was
        parts = [f"/api/reports/{name}/part", *(f"/api/reports/{name}/save?format={f}" for f in ("csv", "html", "json", "md"))]
        before = [app.get(part)[2] for part in parts]
        job = json.loads(app.post("/api/sync")[2])["job"]
        while json.loads(ask(f"/api/jobs/{job['id']}")[2])["job"]["state"] == "running":
            time.sleep(0.05)
        ok(f"{name} is the same after a sync", [app.get(part)[2] for part in parts] == before)
    cut = app.get("/api/reports/compendium/part?rows=3")[2].decode()
    ok("a page with thousands of rows shows the first of them, and says so", [t.count("<tr") for t in cut.split("<table")[1:]] == [min(4, t.count("<tr")) for t in command("compendium", "--format", "fragment").decode().split("<table")[1:]]
        and 'class="note cut" data-table="projects"' in cut, cut)
    whole, part = app.json("/api/reports/compendium"), app.json("/api/reports/compendium?country=TN")
    ok("filters are offered where a report has them", {"members", "countries", "goals", "themes"} == set(whole["choices"]) and "choices" not in app.json("/api/reports/plan"), whole["choices"].keys())
    ok("codes and members have names", whole["choices"]["countries"]["TN"] == "Tunisia" and "m-andal" in whole["choices"]["members"], whole["choices"]["members"])
    ok("a filter makes a part", app.get("/api/reports/compendium/part?country=TN")[2] == command("compendium", "--format", "fragment", "--country", "TN"))
    ok("a year too", app.get("/api/reports/compendium/save?format=json&year=1999")[2] == command("compendium", "--format", "json", "--year", "1999"))
    ok("what is no code is said", app.get("/api/reports/compendium?country=XX")[0] == 400)
    ok("what is no report, too", app.get("/api/reports/sgd")[0] == 400)
    ok("or no format", app.get("/api/reports/sdg/save?format=pdf")[0] == 400)
    ok("or no table", app.get("/api/reports/sdg/save?format=csv&table=gols")[0] == 400)
    ok("the rules of its look are there", app.get("/api/report.css")[1]["content-type"].startswith("text/css"))

# What is only in this copy, and whose report it is.
entry = subprocess.run([cib, "new", "project", "/title/en=Only here so far", "/description/general/en=About it.", "/status=2", '/partners:=[{"id":"o-1","name":{"en":"City of Exempleville"},"role":"4"}]', "/dates/plannedStart=2024-01", '/sectors:=[{"code":"15128"}]'], cwd=f"{tmp}/andal-1", env={**os.environ, "CIB_USER": "andal-1"}, capture_output=True, text=True, check=True).stdout.strip()
with App(cib, f"{tmp}/andal-1", "andal-1") as app:
    app.enter()
    part = lambda query: (app.get(f"/api/reports/compendium?{query}"), app.get(f"/api/reports/compendium/part?{query}")[2])[1]
    ok("what is not sent is in no report", b"Only here so far" not in part("year=2024"))
    ok("unless it is asked for", b"Only here so far" in part("year=2024&here=1"))
    subprocess.run([cib, "set", entry, "/title/en=By another name"], cwd=f"{tmp}/andal-1", env={**os.environ, "CIB_USER": "andal-1"}, check=True, capture_output=True)
    ok("then as it is by now", b"By another name" in part("year=2024&here=1"))
sys.exit(bad)
PY
exit $failed
