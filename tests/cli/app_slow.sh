#!/usr/bin/env bash
# A long answer to one who takes it slowly: as long as some of it is taken it goes on, and else it ends (R11 of docs/reliability.md).
# The buffers of a socket would hide who is slow: they are made small, in a network of this test's own.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"
alone() { unshare --user --map-root-user --net bash -c 'ip link set lo up && sysctl -qw net.ipv4.tcp_wmem="4096 8192 8192" && "$@"' _ "$@"; }
alone true 2>/dev/null || { echo "SKIP: no network of its own can be had here"; exit 0; }
expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr --secretariat sec-1 --member m-andal:andal-1
joins andal-1
python3 -c 'import json
text = "Water and towns together work on it every day. " * 400
print(json.dumps({"description": {part: {lang: text for lang in ("en", "fr", "es")} for part in ("general", "objectives", "targetGroups")}}))' >long.json
id=$(project andal-1 "Water for six towns" --file ../long.json)
export PYTHONPATH=$support
alone python3 - "$CIB" "$id" <<'P' || failed=1
import socket
import sys
import time

import statements
from app import App
from statements import ok

PATH = "/api/entries/" + sys.argv[2]


def take(app, rate):
    """Bytes and seconds of the answer at a rate of bytes a second."""
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        s.connect(("127.0.0.1", app.port))
        s.sendall(f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nCookie: {app.cookie}\r\nConnection: close\r\n\r\n".encode())
        began, got = time.monotonic(), 0
        while True:
            try:
                part = s.recv(rate // 10)
            except ConnectionResetError:
                part = b""
            if not part:
                return got, time.monotonic() - began
            got += len(part)
            time.sleep(max(0, began + got / rate - time.monotonic()))


with App(sys.argv[1], "andal-1", "andal-1") as app:
    app.enter()
    whole = len(app.get(PATH)[2])
    rate = max(9000, whole // 13)
    ok("an answer is long enough to be taken in more than ten seconds", whole > 100_000, whole)
    got, seconds = take(app, rate)
    ok("who takes some of it all the time gets all of it", got > whole and seconds > 10.5, (got, whole, seconds))
    got, seconds = take(app, 1000)
    ok("who takes next to nothing does not stay", got < whole and seconds < 40, (got, whole, seconds))
    ok("and the app goes on", app.get("/api/me")[0] == 200, "")
sys.exit(statements.failed)
P

# The clock of those who wait stands still while the app is at work for another: a disk that takes twelve seconds is made of strace.
if ! strace -D -qq -o trace -e trace=fsync true 2>/dev/null; then
	echo "SKIP: strace cannot run here"
	exit $failed
fi
printf '#!/bin/sh\nexec strace -D -f -qq -o /dev/null -P "%s" -e trace=fsync -e inject=fsync:delay_enter=12000000 "%s" "$@"\n' "$tmp/andal-1/.git/cib" "$CIB" >slow-disk
chmod +x slow-disk
python3 - "$tmp/slow-disk" <<'P' || failed=1
import json
import socket
import sys
import threading
import time

import statements
from app import App
from statements import ok



with App(sys.argv[1], "andal-1", "andal-1") as app:
    app.enter()
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", app.port), timeout=60) as s:
        s.sendall(f"GET /api/me HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\n".encode())
        time.sleep(0.5) # it is taken in
        setting = threading.Thread(target=lambda: app.raw(f"POST /api/settings HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nCookie: {app.cookie}\r\nX-Cib-Token: {app.token}\r\nOrigin: {app.origin}\r\n"
            f"Content-Type: application/json\r\nContent-Length: 14\r\n\r\n{json.dumps(dict(lang='fr'))}".encode(), timeout=60))
        setting.start()
        time.sleep(0.5) # and the app is at work for another
        s.sendall(f"Cookie: {app.cookie}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := s.recv(65536):
            answer += part
    seconds = time.monotonic() - began
    ok("the other took the app's time for more than ten seconds", seconds > 11, seconds)
    ok("who waited meanwhile has the answer", answer.startswith(b"HTTP/1.1 200"), answer[:200])
    setting.join()
sys.exit(statements.failed)
P
exit $failed
