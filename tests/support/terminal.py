#!/usr/bin/env python3
"""Run a program on a terminal of its own and type keys into it.

usage: terminal.py KEYS PROGRAM ARGUMENT...

KEYS may hold escapes (\\n, \\x1b). Each key is sent when the program has been quiet for a moment; what it printed goes to
standard output; the exit status is the program's (124 after two minutes). TERMINAL_SIZE: "lines columns", else "40 100".
TERMINAL_AFTER: no key before the program printed this.
"""
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import fcntl

QUIET = float(os.environ.get("TERMINAL_QUIET", "0.15"))
COLUMNS = int(os.environ.get("TERMINAL_COLUMNS", "100"))


TIOCSPTLCK, TIOCGPTN = 0x40045431, 0x80045430  # asm-generic/ioctls.h; the module has no names for them


class Devpts:
    """Pseudo-terminals of our own, for root in a root without any (a fresh chroot)."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        subprocess.run(["mount", "-t", "devpts", "-o", "newinstance,ptmxmode=0666", "devpts", self.folder], check=True)
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "--lazy", self.folder], check=True)
        os.rmdir(self.folder)

    def fork(self):
        """As pty.fork."""
        master = os.open(self.folder + "/ptmx", os.O_RDWR | os.O_NOCTTY)
        fcntl.ioctl(master, TIOCSPTLCK, struct.pack("i", 0))
        number = struct.unpack("i", fcntl.ioctl(master, TIOCGPTN, b"\0" * 4))[0]
        pid = os.fork()
        if pid == 0:
            os.setsid()
            slave = os.open(f"{self.folder}/{number}", os.O_RDWR)
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(slave, fd)
        return pid, master


def main():
    try:
        os.close(os.openpty()[0])
    except OSError:
        with Devpts() as own:
            return run(own.fork)
    return run(pty.fork)


def run(fork):
    keys = sys.argv[1].encode("raw_unicode_escape").decode("unicode_escape").encode()
    pid, fd = fork()
    if pid == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    lines, columns = map(int, os.environ.get("TERMINAL_SIZE", f"40 {COLUMNS}").split())
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    end = time.time() + 120
    awaited, printed = os.environ.get("TERMINAL_AFTER", "").encode(), b""
    while time.time() < end:
        ready, _, _ = select.select([fd], [], [], QUIET)
        if ready:
            try:
                data = os.read(fd, 65536)
            except OSError:
                break
            if not data:
                break
            sys.stdout.buffer.write(data)
            printed = printed + data if awaited not in printed else printed
        elif keys and awaited in printed:
            os.write(fd, keys[:1])
            keys = keys[1:]
    else:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return 124
    sys.stdout.flush()
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


sys.exit(main())
