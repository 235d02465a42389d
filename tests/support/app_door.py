"""The doors of `cib app`, tried one by one: app_door.py CIB FOLDER, where FOLDER/andal-1 is a copy."""
import glob
import json
import os
import re
import socket
import sys
import time

from app import App

cib, tmp = sys.argv[1:]
bad = 0


def ok(sentence, holds, why=""):
    global bad
    print(f"{'ok' if holds else 'not ok'} - {sentence}{'' if holds else f' ({why!r:.300})'}")
    bad |= not holds


def refused(sentence, answer, codes=(400, 403)):
    ok(sentence, answer[0] in codes, answer)
    ok(sentence + ": and nothing is told", b"andal-1" not in answer[2] and "set-cookie" not in answer[1], answer)


app = App(cib, f"{tmp}/andal-1", "andal-1")
here = f"127.0.0.1:{app.port}"

# ---- it listens on loopback alone
with open("/proc/net/tcp", encoding="ascii") as table:
    listening = [line.split()[1] for line in table.readlines()[1:] if line.split()[3] == "0A" and line.split()[1].endswith(f":{app.port:04X}")]
ok("it listens on 127.0.0.1 only", listening == [f"0100007F:{app.port:04X}"], listening)
ok("and not by IPv6", not any(line.split()[1].endswith(f":{app.port:04X}") for line in open("/proc/net/tcp6", encoding="ascii").readlines()[1:]) if os.path.exists("/proc/net/tcp6") else True)

# ---- the start token
wrong = "0" * 64
refused("a wrong start token", app.post("/api/start", {"token": wrong}))
refused("an empty start token", app.post("/api/start", {"token": ""}))
refused("a start token from another site", app.post("/api/start", {"token": app.start}, headers={"Origin": "http://evil.example"}))
refused("a start token without an origin", app.post("/api/start", {"token": app.start}, drop=("Origin",)))
ok("none of that used it up", app.enter()[0] == 200)
refused("the start token a second time", app.post("/api/start", {"token": app.start}))
ok("secrets are 256 bits each and all differ", len({app.start, app.cookie.partition("=")[2], app.token, wrong}) == 4 and len(app.token) == 64)

# ---- other users of this computer: no cookie, a wrong one, one of another port
keep = app.cookie
for sentence, cookie in (("no cookie", None), ("a wrong cookie", f"cib-{app.port}={wrong}"), ("a short cookie", f"cib-{app.port}="), ("the cookie of another port", keep.replace(f"cib-{app.port}", "cib-1"))):
    app.cookie = cookie
    for path in ("/api/me", "/api/home", "/api/entries", "/api/jobs/1"):
        status, _, body = app.get(path)
        ok(f"{sentence}: {path} is closed", status == 401 and b"m-andal" not in body, body)
    ok(f"{sentence}: no write", app.post("/api/sync")[0] == 401)
app.cookie = keep
ok("with the right cookie it is open", app.get("/api/me")[0] == 200)

# ---- DNS rebinding: another name that leads here
for host in ("evil.example", f"evil.example:{app.port}", "127.0.0.1", f"127.0.0.1:{app.port + 1}", f"127.0.0.1.evil.example:{app.port}", f"[::1]:{app.port}", f"0.0.0.0:{app.port}", f"127.0.0.1:{app.port}.", f"user@{here}", f"LOCALHOST.:{app.port}", "", " "):
    for path in ("/api/me", "/", "/web/main.js"):
        refused(f"Host '{host}' for {path}", app.get(path, headers={"Host": host}), (400, 421))
ok("no Host at all", app.get("/api/me", drop=("Host",))[0] in (0, 400))
ok("localhost is a name of its own", app.get("/api/me", headers={"Host": f"localhost:{app.port}"})[0] == 200)
refused("two Hosts", App.parse(app.raw(f"GET /api/me HTTP/1.1\r\nHost: {here}\r\nHost: evil.example\r\nCookie: {app.cookie}\r\nConnection: close\r\n\r\n".encode())))

# ---- other sites in the same browser
for origin in ("http://evil.example", "null", f"https://{here}", f"http://127.0.0.1:{app.port + 1}", f"http://{here}.evil.example", f"http://{here}/", "", "file://"):
    refused(f"a write from the origin '{origin}'", app.post("/api/sync", headers={"Origin": origin}))
    refused(f"a read from the origin '{origin}'", app.get("/api/me", headers={"Origin": origin}))
refused("a write without an origin", app.post("/api/sync", drop=("Origin",)))
for site in ("cross-site", "same-site", "none"):
    refused(f"a write that is {site}", app.post("/api/sync", headers={"Sec-Fetch-Site": site}))
for site in ("cross-site", "same-site"):
    refused(f"a read that is {site}", app.get("/api/me", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}))
    refused(f"a script that is taken {site}", app.get("/web/main.js", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}))
    refused(f"a page in a frame, {site}", app.get("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}))
    refused(f"following a link to the API, {site}", app.get("/api/me", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}))
ok("following a link to a page", app.get("/", headers={"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"})[0] == 200)
token = app.token
for sentence, value in (("no token", None), ("a wrong token", wrong), ("a short token", token[:-1]), ("the cookie as token", app.cookie.partition("=")[2])):
    app.token = value
    refused(f"a write with {sentence}", app.post("/api/sync"))
app.token = token
for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-7", ""):
    refused(f"a write as '{kind}', which a form can send", app.post("/api/sync", headers={"Content-Type": kind}), (400, 403, 415))
for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "X"):
    refused(f"the method {method}", app.request(method, "/api/me"), (0, 400, 405, 501))
refused("a POST to a page", app.post("/"), (405,))
refused("a GET of a write", app.get("/api/sync"), (405,))

# ---- every route there is, also one that was added yesterday
sources = glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib/app/*.c"))
routes = [r for f in sorted(sources) for r in re.findall(r'\{"(GET|POST)", "(/api/[^"]*)", \w+, (true|false)\}', open(f, encoding="utf-8").read())]
ok("the routes are known", len(routes) >= 38 and [r[1] for r in routes if r[2] == "true"] == ["/api/report.css", "/api/start"], routes)
for method, pattern, is_open in routes:
    path = re.sub(r"\{\w+\}", "x", pattern)
    if is_open == "true":
        continue
    app.cookie = None
    refused(f"{method} {pattern} without the cookie", app.request(method, path, body=b"{}" if method == "POST" else b""), (401,))
    app.cookie = keep
    refused(f"{method} {pattern} from another site", app.request(method, path, headers={"Origin": "http://evil.example"}, body=b"{}" if method == "POST" else b""), (403,))
    if method == "POST":
        refused(f"POST {pattern} without the token", app.request(method, path, body=b"{}", drop=("X-Cib-Token",)), (403,))

# ---- headers of every answer
for path, status in (("/", 200), ("/web/main.js", 200), ("/api/me", 200), ("/api/none", 404), ("/web/none.js", 404)):
    got, headers, _ = app.get(path)
    policy = headers.get("content-security-policy", "")
    ok(f"{path} answers {status}", got == status, got)
    ok(f"{path}: nothing from elsewhere, no inline script, no frame", "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy and "http" not in policy and "*" not in policy, policy)
    ok(f"{path}: nosniff, no referrer, no frame, same origin", (headers.get("x-content-type-options"), headers.get("referrer-policy"), headers.get("x-frame-options"), headers.get("cross-origin-resource-policy")) == ("nosniff", "no-referrer", "DENY", "same-origin"), headers)
    ok(f"{path}: no other site may read it", not any(h.startswith("access-control-") for h in headers))
ok("what the API says is kept nowhere", app.get("/api/me")[1].get("cache-control") == "no-store")

# ---- traversal: the files are a table
secret = open(f"{tmp}/andal-1/.git/cib/config.json", "rb").read()
for path in ("/web/../server.c", "/web/..%2f..%2f..%2fetc/passwd", "/web/%2e%2e/%2e%2e/etc/passwd", "/web//etc/passwd", "/web/....//....//etc/passwd", "/web/main.js%00.html", "/web/.", "/web/", "/web/pages", "/web/pages/", "/web/..\\..\\etc\\passwd", "/web/main.js/", "/web/%c0%ae%c0%ae/etc/passwd", "/web/MAIN.JS"):
    status, _, body = app.get(path)
    ok(f"{path} is no file", status in (0, 400, 404) and b"root:" not in body, (status, body))
for path in ("/.git/cib/config.json", "/../.git/cib/config.json", "/%2e%2e/.git/cib/config.json", "//etc/passwd", "/etc/passwd"):
    status, _, body = app.get(path)
    ok(f"{path} is at most the frame of the app", secret not in body and b"root:" not in body and (status != 200 or b"<!doctype html>" in body), body)
for name in ("../../config", "..%2f..%2fcib%2fconfig", "%00", "x" * 3000, "members", "*", "[", "%ff%fe"):
    status, _, body = app.get(f"/api/entries/{name}")
    ok(f"the entry '{name[:30]}' is none", status in (0, 400, 404, 414) and secret not in body, (status, body))

# ---- smuggling: what two readers could read in two ways
def raw(head, body=b""):
    return App.parse(app.raw(f"POST /api/sync HTTP/1.1\r\nHost: {here}\r\nOrigin: {app.origin}\r\nCookie: {app.cookie}\r\nX-Cib-Token: {app.token}\r\nContent-Type: application/json\r\n{head}\r\n".encode() + body, 3))


second = f"GET /api/me HTTP/1.1\r\nHost: {here}\r\nCookie: {app.cookie}\r\n\r\n".encode()
for sentence, head, body in (
    ("both a length and a coding", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + second),
    ("a coding alone", "Transfer-Encoding: chunked\r\n", b"2\r\n{}\r\n0\r\n\r\n"),
    ("an unknown coding", "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n", b"{}"),
    ("a coding with a tab", "Transfer-Encoding:\tchunked\r\nContent-Length: 2\r\n", b"{}"),
    ("two lengths", "Content-Length: 2\r\nContent-Length: 200\r\n", b"{}" + second),
    ("two equal lengths", "Content-Length: 2\r\nContent-Length: 2\r\n", b"{}"),
    ("a list of lengths", "Content-Length: 2, 2\r\n", b"{}"),
    ("a signed length", "Content-Length: +2\r\n", b"{}"),
    ("a hexadecimal length", "Content-Length: 0x2\r\n", b"{}"),
    ("a negative length", "Content-Length: -2\r\n", b"{}"),
    ("an endless length", "Content-Length: 99999999999999999999\r\n", b"{}"),
    ("no length", "", b"{}"),
):
    status, headers, answer = raw(head, body)
    ok(f"{sentence}: refused, and what follows is not answered", status in (0, 400, 411, 413, 501) and b"andal-1" not in answer, (status, answer))
answer = app.raw(f"GET /api/me HTTP/1.1\r\nHost: {here}\r\nCookie: {app.cookie}\r\nContent-Length: {len(second)}\r\nConnection: close\r\n\r\n".encode() + second, 3)
ok("a GET with a body", answer.count(b"HTTP/1.1") <= 1 and b"andal-1" not in answer, answer)

# ---- limits
ok("a body of 2 MiB and a byte", app.request("POST", "/api/sync", headers={"Content-Length": str((2 << 20) + 1)})[0] == 413)
ok("a body that is no JSON", app.request("POST", "/api/sync", body=b"{")[0] == 422)
ok("a body that is no object", app.request("POST", "/api/sync", body=b"[]")[0] == 400)
ok("a body with a name twice", app.request("POST", "/api/sync", body=b'{"a":1,"a":2}')[0] == 422)
ok("a body of 100,000 levels", app.request("POST", "/api/sync", body=b'{"a":' * 100000 + b"1" + b"}" * 100000)[0] == 422)
ok("a head of 64 KiB", app.get("/api/me", headers={"X-Long": "x" * 65536})[0] in (0, 413, 431))
ok("an address of 64 KiB", app.get("/api/entries?q=" + "x" * 65536)[0] in (0, 413, 414, 431))
ok("10,000 headers", app.raw(f"GET /api/me HTTP/1.1\r\nHost: {here}\r\n".encode() + b"".join(b"X-%d: x\r\n" % i for i in range(10000)) + b"\r\n", 3).split(b" ")[1:2] in ([], [b"413"], [b"431"], [b"400"]))
for junk in (b"\x00" * 100, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 1000, b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"):
    got = app.raw(junk, 1)
    ok(f"{junk[:24]!r} gets nothing", b"200 OK" not in got, got)
ok("and it still answers", app.get("/api/me")[0] == 200)

# ---- slowloris
slow = []
for _ in range(100):
    s = socket.create_connection(("127.0.0.1", app.port))
    s.sendall(b"GET /api/me HTTP/1.1\r\nHost: ")
    slow.append(s)
silent = [socket.create_connection(("127.0.0.1", app.port)) for _ in range(3)]
silent[1].sendall(b"GET /api/me HTTP/1.1\r\n")
silent[2].sendall(f"GET / HTTP/1.1\r\nHost: {here}\r\n\r\n".encode()) # answered, and kept open
began = time.monotonic()
status = app.get("/api/me")[0]
ok("beside 100 slow connections it answers in time", status == 200 and time.monotonic() - began < 8, time.monotonic() - began)
for _ in range(15):
    time.sleep(1)
    for s in slow:
        try:
            s.sendall(b"x")
        except OSError:
            pass
open_still = 0
for s in slow + silent:
    s.settimeout(0.1)
    try:
        while s.recv(100):
            pass
    except TimeoutError:
        open_still += 1
    except OSError:
        pass
    s.close()
ok("and cuts them off, though each says a byte a second, and those that say nothing", open_still == 0, open_still)

# ---- no secret where others look
arguments = open(f"/proc/{app.process.pid}/cmdline", "rb").read()
environment = open(f"/proc/{app.process.pid}/environ", "rb").read()
ok("no secret in the arguments or the environment", not any(s.encode() in arguments + environment for s in (app.start, app.token)))
ok("it ends", app.close() == 0)
ok("no secret in what it printed", not any(s in "".join(app.said) for s in (app.start, app.token, app.cookie)))
left = [f for f in os.listdir(f"{tmp}/andal-1/.git/cib") if f.startswith("app-")]
ok("no start page is left", left == [], left)
sys.exit(bad)
