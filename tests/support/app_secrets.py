"""Where the server's password must not stand: app_secrets.py CIB FOLDER USER PASSWORD WAY SERVER

Asks the running app for every route that the sources name, with the server as it should be, with another password there, and with
none at all; looks for the password, as it is and as it travels, in each answer, in what the program prints and in the files of the copy.
WAY: how the password comes to cib (environment, helper, address). SERVER: a file with the server's users, and the command that ends it.
"""
import base64
import glob
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse

from app import App

cib, folder, user, password, way, users, pid_file = sys.argv[1:]
support = os.path.dirname(os.path.abspath(__file__))
bad = 0
seen = 0


def ok(sentence, holds, why=""):
    global bad
    print(f"{'ok' if holds else 'not ok'} - {way}: {sentence}{'' if holds else f' ({str(why)[:400]})'}")
    bad |= not holds


spellings = {password.encode(), urllib.parse.quote(password, safe="").encode(), base64.b64encode(f"{user}:{password}".encode()), json.dumps(password)[1:-1].encode(), password.encode("utf-16-le")}
holds_it = lambda data: any(s in data for s in spellings)

# ---- every route of the sources
sources = glob.glob(os.path.join(support, "../../lib/app/*.c"))
routes = [r for f in sorted(sources) for r in re.findall(r'\{"(GET|POST)", "(/api/[^"]*)", \w+, (?:true|false)\}', open(f, encoding="utf-8").read())]
told = []


def look(method, path, answer):
    global seen
    status, headers, body = answer
    seen += 1
    if holds_it(json.dumps(headers).encode() + body + str(headers).encode()):
        told.append(f"{method} {path}: {status} {body[:200]!r}")
    return answer


def ask(app, method, path, doc=None):
    return look(method, path, app.get(path) if method == "GET" else app.post(path, doc))


def job_of(app, path):
    status, _, body = ask(app, "POST", path, {})
    job = json.loads(body).get("job") if status == 200 else None
    while job and job["state"] == "running":
        time.sleep(0.05)
        job = json.loads(ask(app, "GET", f"/api/jobs/{job['id']}")[2])["job"]
    return job


def everything(app, ids):
    for method, pattern in routes:
        if pattern in ("/api/start", "/api/quit", "/api/sync", "/api/review/finish"):
            continue
        values = {"id": ids[0], "member": "m-andal", "kind": "project", "list": "Country", "name": "overview"}
        if pattern.startswith("/api/jobs"):
            values["id"] = "1"
        if pattern.startswith("/api/reports"):
            values["name"] = json.loads(app.get("/api/reports")[2])["reports"][0]["name"]
        path = re.sub(r"\{(\w+)\}", lambda m: values.get(m[1], "x"), pattern)
        ask(app, method, path)
        if method == "GET":
            ask(app, method, path + "?q=a&lang=fr&format=json&whole=1")
    for path in ("/", "/entries", "/web/main.js", "/api/nothing", "/web/none"):
        ask(app, "GET", path)


with App(cib, folder, user) as app:
    ok("the start page does not tell it", not holds_it(open(app.start_page, "rb").read()))
    app.enter()
    while "job" in (listed := json.loads(ask(app, "GET", "/api/entries")[2])): # the index is made
        time.sleep(0.05)
    ids = [r["id"] for r in listed["rows"]] or ["p-0000000000"]
    job = job_of(app, "/api/sync")
    ok("the sync by it goes well", job and job["state"] == "done", job)
    everything(app, ids)
    right = open(users, encoding="utf-8").read()
    with open(users, "w", encoding="utf-8") as f:
        f.write(right.replace(password, "another"))
    job = job_of(app, "/api/sync")
    ok("where the server has another one the sync fails", job and job["state"] == "failed" and job["error"]["message"], job)
    ok("and says why without it", job and not holds_it(json.dumps(job).encode()), job)
    everything(app, ids)
    with open(users, "w", encoding="utf-8") as f:
        f.write(right)
    subprocess.run(["sh", f"{support}/http_server.sh", "stop", pid_file], check=True)
    job = job_of(app, "/api/sync")
    ok("without a server it fails, too", job and job["state"] == "failed", job)
    job_of(app, "/api/review/finish")
    everything(app, ids)
    ask(app, "POST", "/api/quit")
    code = app.process.wait(20)
    app.close()
ok(f"{seen} answers of {len(routes)} routes do not tell it", not told and seen > 3 * len(routes), told[:3])
ok("nor does what the program printed", not holds_it("".join(app.said).encode()) and code == 0, app.said)
written = []
for root, _, files in os.walk(folder):
    written += [os.path.join(root, name) for name in files if holds_it(open(os.path.join(root, name), "rb").read())]
ok("no file of the copy has it" if way != "address" else "one file of the copy has it, as it was told", written == ([] if way != "address" else [f"{folder}/.git/cib/config.json"]), written)
sys.exit(bad)
