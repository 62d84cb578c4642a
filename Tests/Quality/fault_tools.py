"""What disk_faults.py needs: sounds, small disks, faults of system calls, and a look at a library from outside."""

import contextlib
import math
import os
import random
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time
import wave

PATIENCE = 180


def make_sounds(folder, numbers, seconds=0.3):
    """A struck string for each number, all different."""
    for number in numbers:
        rate, chance = 22050, random.Random(number)
        hertz = chance.uniform(60, 2000)
        samples = [int(9000 * math.exp(-3 * t / rate) * math.sin(2 * math.pi * hertz * t / rate) + chance.gauss(0, 60))
                   for t in range(int(seconds * rate))]
        with wave.open(str(folder / ("%04d.wav" % number)), "wb") as out:
            out.setparams((1, 2, rate, 0, "NONE", ""))
            out.writeframes(struct.pack("<%dh" % len(samples), *samples))


@contextlib.contextmanager
def small_disk(place, megabytes=32):
    """A file system of its own at a place."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % megabytes, "timbred-test", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def remount(place, how):
    return subprocess.run(["mount", "-o", "remount,%s" % how, place], stderr=subprocess.DEVNULL).returncode == 0


def fill(place):
    """Takes all the room that is left."""
    with open(place / "filler", "ab", buffering=0) as out:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while True:
                    out.write(b"x" * size)


@contextlib.contextmanager
def injected(pid, *faults):
    """Has system calls of a process fail, as strace(1) can."""
    calls = ",".join(sorted({fault.split(":")[0] for fault in faults}))
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + calls, "-p", str(pid)]
    tracer = subprocess.Popen(command + [word for fault in faults for word in ("-e", "inject=" + fault)])
    with open("/proc/%d/status" % pid) as status:
        while "TracerPid:\t0\n" in status.read() and tracer.poll() is None:
            time.sleep(0.01)
            status.seek(0)
    try:
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)


class Manager:
    """Stands for systemd: takes what the daemon tells of itself."""

    def __init__(self, place):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(place / "notify"))
        os.environ["NOTIFY_SOCKET"] = str(place / "notify")
        self.last = ""
        # Always at it: who tells something waits until there is room for it.
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            for line in self.socket.recv(1 << 16).decode().splitlines():
                if line.startswith("STATUS="):
                    self.last = line

    def status(self):
        return self.last


def until(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("not within %d s: %s" % (patience, what))
        time.sleep(0.05)


def synced(daemon):
    """Whether all that is on disk is searchable by now; until room is found, the daemon says that it is not."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return daemon.ctl("sync", check=False, timeout=PATIENCE).returncode == 0


def expect_whole(daemon, count, when):
    """All files are indexed, the index is what the database says, and the database is whole."""
    until(lambda: synced(daemon), "%s: sync" % when)
    files = daemon.list()
    states = [item["state"] for item in files]
    assert states == ["indexed"] * count, "%s: %d files, %d indexed, not %d" % (
        when, len(states), states.count("indexed"), count)
    verify = daemon.call("Verify", queries=20)
    assert verify["differences"] == [], "%s: %s" % (when, verify["differences"])
    status = daemon.call("Status")
    assert "trouble" not in status, "%s: %s" % (when, status["trouble"])
    expect_sound_database(daemon, when)


def expect_sound_database(daemon, when):
    with contextlib.closing(sqlite3.connect(daemon.state / "library.sqlite")) as database:
        answer = database.execute("PRAGMA integrity_check").fetchone()
        assert answer == ("ok",), "%s: %s" % (when, answer)
        lost = database.execute(
            "SELECT count(*) FROM content WHERE featureCount > 0 AND (NOT EXISTS (SELECT 1 FROM cepstra WHERE key >> 20 = id) "
            "OR NOT EXISTS (SELECT 1 FROM bands WHERE key >> 20 = id) "
            "OR NOT EXISTS (SELECT 1 FROM code WHERE content = id AND length(vectors) > 0))").fetchone()
        assert lost == (0,), "%s: %d contents are half there" % (when, lost[0])


def answers(daemon):
    """What the daemon answers to a search, an empty list if it has nothing to answer from."""
    first = min((item["path"] for item in daemon.list() if item["state"] == "indexed"), default=None)
    return first and daemon.ctl("similar", first, "--format", "paths").stdout
