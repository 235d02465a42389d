#!/usr/bin/env python3
"""A link that counts bytes and fails when it is told to, for tests on loopback.

usage: link.py listen CONTROL COUNT HOST:PORT     forwards connections; prints its port
       link.py ssh    CONTROL COUNT ARGUMENT...   in the place of ssh: runs the last argument by sh, and forwards

CONTROL is a file with one line, read at each connection: NAME [up|down N cut|reset|stall] [rate BYTES_A_SECOND]
  up N, down N    after so many bytes in that direction (up: to the server), counted since CONTROL got another NAME:
  cut             both ends are closed, and stay closed for every later connection of that NAME
  reset           the same by a reset connection
  stall           nothing moves any more, in either direction
  rate R          no faster than that, each way
COUNT is a file with the bytes so far, "UP DOWN CONNECTIONS".
"""
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import termios
import time

PIECE = 16384


class Plan:
    def __init__(self, control, count):
        self.control, self.count = control, count
        self.name, self.where, self.limit, self.how, self.rate = None, None, 0, None, 0
        self.bytes = {"up": 0, "down": 0}
        self.connections = 0
        self.down = False

    def read(self):
        with open(self.control, encoding="ascii") as f:
            words = f.read().split()
        if words[0] != self.name:
            self.bytes = {"up": 0, "down": 0}
            self.connections = 0
            self.down = False
        self.name, self.where, self.how, self.rate = words[0], None, None, 0
        i = 1
        while i < len(words):
            if words[i] == "rate":
                self.rate = int(words[i + 1])
                i += 2
            else:
                self.where, self.limit, self.how = words[i], int(words[i + 1]), words[i + 2]
                i += 3

    def resume(self):
        """Counts of an earlier process (mode ssh: one for each connection)."""
        try:
            with open(self.count, encoding="ascii") as f:
                name, up, down, connections = f.read().split()
        except (FileNotFoundError, ValueError):
            return
        if name == self.name:
            self.bytes = {"up": int(up), "down": int(down)}
            self.connections = int(connections)
            self.down = self.where is not None and self.how != "stall" and self.bytes[self.where] >= self.limit

    def keep(self):
        with open(self.count + ".new", "w", encoding="ascii") as f:
            f.write(f"{self.name} {self.bytes['up']} {self.bytes['down']} {self.connections}\n")
        os.rename(self.count + ".new", self.count)

    def room(self, way):
        """Bytes that may still pass; None: any number."""
        return max(0, self.limit - self.bytes[way]) if way == self.where else None


class Pair:
    """One connection: two ends, each with a way to read and one to write."""

    def __init__(self, plan, client_in, client_out, server_in, server_out, close):
        self.plan, self.close = plan, close
        self.ways = {"up": (client_in, server_out), "down": (server_in, client_out)}
        self.open = {"up", "down"}
        self.stalled = False

    def readable(self):
        return [] if self.stalled else [self.ways[w][0] for w in self.open]

    def move(self, way):
        plan, (source, sink) = self.plan, self.ways[way]
        data = os.read(source, PIECE if not plan.rate else max(1, min(PIECE, plan.rate // 20)))
        if not data:
            self.open.discard(way)
            self.close(way, False)
            return
        room = plan.room(way)
        part = data if room is None else data[:room]
        plan.bytes[way] += len(part)
        plan.keep()
        while part:
            part = part[os.write(sink, part):]
        if plan.rate:
            time.sleep(len(data) / plan.rate)
        if room is not None and plan.bytes[way] >= plan.limit:
            self.fail()

    def fail(self):
        if self.plan.how == "stall":
            self.stalled = True
            return
        self.plan.down = True
        self.open.clear()
        self.close("all", self.plan.how == "reset")

    def begin(self):
        self.plan.connections += 1
        self.plan.keep()
        if self.plan.down:
            self.fail()
        elif self.plan.where and self.plan.room(self.plan.where) == 0:
            self.fail()


def await_arrival(end):
    """A reset throws away what still waits to be sent; the bytes that the plan let pass are to arrive."""
    until = time.monotonic() + 10
    while struct.unpack("i", fcntl.ioctl(end, termios.TIOCOUTQ, b"\0" * 4))[0] and time.monotonic() < until:
        time.sleep(0.002)


def accept(plan, listener, host, port):
    client, _ = listener.accept()
    plan.read()
    server = socket.create_connection((host, int(port)))
    for s in (client, server):
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(way, reset):
        try:
            if way == "up":
                server.shutdown(socket.SHUT_WR)
            elif way == "down":
                client.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        if way == "all":
            if reset:
                await_arrival(client)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            server.close()

    pair = Pair(plan, client.fileno(), client.fileno(), server.fileno(), server.fileno(), close)
    pair.sockets = (client, server)
    pair.begin()
    return pair


def listen(control, count, target):
    host, port = target.rsplit(":", 1)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    print(listener.getsockname()[1], flush=True)
    plan, pairs = Plan(control, count), []
    while True:
        ends = {fd: (pair, way) for pair in pairs for way in list(pair.open) for fd in [pair.ways[way][0]] if not pair.stalled}
        ready, _, _ = select.select([listener.fileno(), *ends], [], [])
        for fd in ready:
            if fd == listener.fileno():
                try:
                    pairs.append(accept(plan, listener, host, port))
                except OSError as e:
                    print(f"link: {e}", file=sys.stderr)
                continue
            pair, way = ends[fd]
            try:
                if way in pair.open:
                    pair.move(way)
            except OSError:
                pair.open.clear()
        for pair in pairs:
            if not pair.open:
                for s in pair.sockets:
                    s.close()
        pairs = [p for p in pairs if p.open]


def ssh(control, count, command):
    plan = Plan(control, count)
    plan.read()
    plan.resume()
    child = subprocess.Popen(["sh", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def close(way, reset):
        if way in ("up", "all"):
            child.stdin.close()
        if way == "all":
            child.stdout.close()
            child.wait()
            sys.exit(255)

    pair = Pair(plan, 0, 1, child.stdout.fileno(), child.stdin.fileno(), close)
    pair.begin()
    while "down" in pair.open:
        if pair.stalled:
            time.sleep(3600)
        ready, _, _ = select.select(pair.readable(), [], [])
        for fd in ready:
            way = "up" if fd == 0 else "down"
            if way in pair.open:
                try:
                    pair.move(way)
                except BrokenPipeError:
                    pair.open.discard(way)
    return child.wait()


if __name__ == "__main__":
    if len(sys.argv) > 4 and sys.argv[1] == "listen":
        listen(sys.argv[2], sys.argv[3], sys.argv[4])
    elif len(sys.argv) > 4 and sys.argv[1] == "ssh":
        sys.exit(ssh(sys.argv[2], sys.argv[3], sys.argv[-1]))
    else:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
