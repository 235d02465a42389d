#!/usr/bin/env python3
"""A small HTTP proxy on loopback, for tests: CONNECT, and requests with an absolute address.

usage: http_proxy.py LOG [USER:PASSWORD]     prints its port; LOG gets a line for each request, "METHOD TARGET"

Names that end in .invalid are taken for 127.0.0.1, so that only who goes through the proxy reaches them. With USER:PASSWORD
it asks for them (407).
"""
import base64
import socket
import sys
import threading
from urllib.parse import urlsplit


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def head_of(client):
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(65536)
        if not more:
            return None, b""
        data += more
    head, rest = data.split(b"\r\n\r\n", 1)
    return head.decode("latin-1").split("\r\n"), rest


def reach(host, port):
    return socket.create_connection(("127.0.0.1" if host.endswith(".invalid") else host, port))


def serve(client, log, wanted):
    lines, rest = head_of(client)
    if not lines:
        return
    method, target, _ = lines[0].split(" ", 2)
    headers = [line for line in lines[1:] if not line.lower().startswith("proxy-")]
    given = [line.split(" ")[-1] for line in lines if line.lower().startswith("proxy-authorization: basic ")]
    if wanted and wanted not in given:
        client.sendall(b'HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
        client.close()
        return
    log.write(f"{method} {target}\n")
    log.flush()
    if method == "CONNECT":
        host, port = target.rsplit(":", 1)
        server = reach(host, int(port))
        client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        server.sendall(rest)
    else:  # one request for one connection
        url = urlsplit(target)
        server = reach(url.hostname, url.port or 80)
        path = url.path + ("?" + url.query if url.query else "")
        headers = [line for line in headers if not line.lower().startswith("connection:")] + ["Connection: close"]
        server.sendall("\r\n".join([f"{method} {path} HTTP/1.1", *headers, "", ""]).encode("latin-1") + rest)
    threading.Thread(target=pump, args=(client, server), daemon=True).start()
    pump(server, client)
    client.close()
    server.close()


def main():
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    print(listener.getsockname()[1], flush=True)
    wanted = base64.b64encode(sys.argv[2].encode()).decode() if len(sys.argv) > 2 else None
    with open(sys.argv[1], "a", encoding="latin-1") as log:
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, log, wanted), daemon=True).start()


main()
