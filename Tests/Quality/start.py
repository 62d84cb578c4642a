#!/usr/bin/env python3
"""start.py BINARIES [--files 100000] [--spans 1] [--runs 5] [--library DIR] [--json]

Measures the start of a large library of which nothing has changed: from exec to READY=1, to the first answer, and to
where every file has been compared with the disk; after a clean stop, and after kill -9. The comparison alone is
measured beside `find FOLDER -printf '%p %s %T@\\n'` in the same run, and so is a daemon's memory.

The library is made by `timbre-bench library`; --library DIR keeps it there for the next time."""

import argparse
import json
import os
import queue
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from private_timbred import PrivateTimbred


class Manager:
    """What systemd would be: it hears of READY=1. What else it is told, and given to keep, it drops."""

    def __init__(self, place):
        self.path = str(Path(place) / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.ready = queue.SimpleQueue()
        threading.Thread(target=self.hear, daemon=True).start()

    def hear(self):
        while True:
            if b"READY=1" in self.socket.recv(1 << 16).split(b"\n"):
                self.ready.put(time.monotonic())

    def wait(self):
        return self.ready.get(timeout=120)


def memory(daemon, kind):
    """A figure of /proc/PID/status, in megabytes."""
    for line in Path("/proc/%d/status" % daemon.process.pid).read_text().splitlines():
        if line.startswith(kind):
            return int(line.split()[1]) / 1000
    raise SystemExit("no %s" % kind)


def processor_seconds(daemon):
    fields = Path("/proc/%d/stat" % daemon.process.pid).read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start(daemon, manager, sound):
    """Starts the daemon. Returns milliseconds from then to READY=1, to an answer, and to when all is compared; and the
    processor's until the answer, comparison included as far as it has come."""
    os.environ["NOTIFY_SOCKET"] = manager.path
    begun = time.monotonic()
    daemon.start(wait=False)
    ready = manager.wait()
    reply = daemon.call("Similar", queries=[{"path": sound}], count=10)
    assert len(reply["results"]) == 10, reply
    answered, spent = time.monotonic(), processor_seconds(daemon)
    daemon.call("Sync")
    synced = time.monotonic()
    status = daemon.call("Status")
    assert status["decoded"] == 0, status
    return {"ready": (ready - begun) * 1000, "answer": (answered - begun) * 1000, "compared": (synced - begun) * 1000,
            "processor until the answer": spent * 1000}


def listed(folder):
    """How long find takes, in milliseconds."""
    begun = time.monotonic()
    subprocess.run(["find", folder, "-printf", "%p %s %T@\\n"], stdout=subprocess.DEVNULL, check=True)
    return (time.monotonic() - begun) * 1000


def compared(daemon):
    """How long a comparison of all files takes, in milliseconds, and the processor's seconds."""
    before, begun = processor_seconds(daemon), time.monotonic()
    daemon.call("Scan")
    daemon.call("Sync")
    return (time.monotonic() - begun) * 1000, processor_seconds(daemon) - before


def median(figures):
    return round(statistics.median(figures), 1)


def measure(a, place):
    folder, state = place / "sounds", place / "state"
    if not state.exists():
        begun = time.monotonic()
        subprocess.run([Path(a.binaries) / "timbre-bench", "library", "--files", str(a.files), "--spans", str(a.spans),
                        "--folder", folder, "--state", state, *(["--model", a.model] if a.model else [])], check=True)
        if not a.json:
            print("made in %.0f s" % (time.monotonic() - begun), flush=True)
    sound = str(next(next(folder.iterdir()).iterdir()))
    figures = {"files": a.files, "spans": a.spans,
               "database MB": round(sum(f.stat().st_size for f in state.glob("library.sqlite*")) / 1e6)}
    with PrivateTimbred(a.binaries, folder=folder) as daemon:
        daemon.state = state
        manager = Manager(daemon.place)
        # The first start may have to do what the later ones need not.
        figures["first start"] = {name: round(value) for name, value in start(daemon, manager, sound).items()}
        time.sleep(a.settle)
        figures["first start"]["peak MB"] = memory(daemon, "VmHWM")
        for how, name in [(signal.SIGTERM, "after a stop"), (signal.SIGKILL, "after kill -9")]:
            runs, peaks = [], []
            for _ in range(a.runs):
                daemon.stop(how)
                runs.append(start(daemon, manager, sound))
                peaks.append(memory(daemon, "VmHWM"))
            figures[name] = {key: median(run[key] for run in runs) for key in runs[0]}
            figures[name]["peak MB"] = median(peaks)
        figures["memory MB"] = round(memory(daemon, "VmRSS"), 1)
        listed(folder), compared(daemon)
        pairs = [(listed(folder), *compared(daemon)) for _ in range(a.runs)]
        figures["comparison"] = {
            "find ms": median(p[0] for p in pairs), "timbred ms": median(p[1] for p in pairs),
            "ratio": round(statistics.median(p[1] / p[0] for p in pairs), 2),
            "processor ms": median(p[2] * 1000 for p in pairs)}
        daemon.stop()
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--spans", type=int, default=1)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--settle", type=float, default=5, help="seconds that the first daemon is left alone for")
    parser.add_argument("--library", help="where the library is, or is made and kept")
    parser.add_argument("--model", help="the model file")
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    place = Path(a.library) if a.library else Path(tempfile.mkdtemp(prefix="timbred-start-"))
    place.mkdir(exist_ok=True)
    try:
        figures = measure(a, place)
    finally:
        if not a.library:
            shutil.rmtree(place, ignore_errors=True)
    if a.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        if isinstance(value, dict):
            value = ", ".join("%s %s" % item for item in value.items())
        print("%s: %s" % (name, value))


if __name__ == "__main__":
    main()
