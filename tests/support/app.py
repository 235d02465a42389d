"""A client of `cib app` for tests: raw requests, so that they can be wrong on purpose.

    with App(cib, folder, user) as app:
        app.enter()
        status, headers, body = app.get("/api/me")
"""
import json
import os
import re
import signal
import socket
import subprocess
import sys


class App:
    patience = 10 # seconds that an answer may take

    def __init__(self, cib, folder, user, *options):
        env = {**os.environ, "CIB_USER": user}
        self.process = subprocess.Popen([cib, "app", "--no-open", *options], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.start_page = self.process.stdout.readline().strip()
        page = open(self.start_page, encoding="utf-8").read() if self.start_page else ""
        found = re.search(r"url=http://127\.0\.0\.1:(\d+)/#start=([0-9a-f]{64})", page)
        if not found:
            raise SystemExit("the app did not start: " + self.process.stderr.read())
        self.port, self.start = int(found[1]), found[2]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.cookie = self.token = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.said = self.process.communicate(timeout=30)
        if self.process.returncode:
            print(f"# the app ended with {self.process.returncode}:\n{self.said[1]}", file=sys.stderr)
        return self.process.returncode

    def raw(self, data, timeout=None):
        """Bytes out, all bytes until the server closes or is silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout or self.patience) as s:
            s.sendall(data)
            got = b""
            try:
                while part := s.recv(65536):
                    got += part
            except (TimeoutError, ConnectionResetError):
                pass
            return got

    def request(self, method, path, headers=None, body=b"", drop=()):
        """One request; headers add to or replace the usual ones, `drop` leaves some out. (status, headers, body)"""
        all_headers = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if self.cookie:
            all_headers["Cookie"] = self.cookie
        if method == "POST":
            all_headers.update({"Origin": self.origin, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json", "Content-Length": str(len(body))})
            if self.token:
                all_headers["X-Cib-Token"] = self.token
        all_headers.update(headers or {})
        head = "".join(f"{k}: {v}\r\n" for k, v in all_headers.items() if k not in drop)
        answer = self.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("utf-8", "surrogateescape") + body)
        return self.parse(answer)

    @staticmethod
    def parse(answer):
        if not answer:
            return 0, {}, b""
        head, _, body = answer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        return int(lines[0].split()[1]), headers, body

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, doc=None, **more):
        return self.request("POST", path, body=json.dumps(doc or {}).encode(), **more)

    def json(self, path):
        status, _, body = self.get(path)
        if status != 200:
            raise AssertionError(f"{path}: {status} {body[:300]}")
        return json.loads(body)

    def enter(self):
        status, headers, body = self.post("/api/start", {"token": self.start})
        if status == 200:
            self.cookie = headers["set-cookie"].partition(";")[0]
            self.token = self.json("/api/me")["token"]
        return status, headers, body
