#!/usr/bin/env python3
"""million.py BINARIES [--files 1000000] [--slack FACTOR] [--json]

What a library of many files asks of the daemon: for each verb that concerns all of them, how long it takes, how long a
question that is asked every 5 ms meanwhile has to wait at the most, and the most memory that the daemon had. The limits
are those of release programs; --slack makes all times that much longer, for others. Ends with 1 if a limit is passed.

The library is made by `timbre-bench library`, and lies where TMPDIR says: of a million files it takes some 3 GB."""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from private_timbred import PrivateTimbred

ROOT = Path(__file__).resolve().parents[2]
# Milliseconds that a question may wait, and megabytes that a million files may take.
LONGEST_WAIT, MOST_MEMORY = 20, 250
# Milliseconds of the verbs that only look.
LONGEST_LOOK = 20
# Seconds that a verb may take before something is wrong.
PATIENCE = 300


def figure(daemon, name):
    """A figure of /proc/PID/status, in megabytes."""
    lines = Path("/proc/%d/status" % daemon.process.pid).read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith(name + ":"))


class Asker(threading.Thread):
    """Asks a question every 5 ms, and keeps how long each answer took."""

    def __init__(self, daemon, sound):
        super().__init__(daemon=True)
        self.client = daemon.connect()
        self.sound, self.waits, self.is_over, self.failure = sound, [], threading.Event(), None

    def run(self):
        try:
            while not self.is_over.wait(0.005):
                begun = time.monotonic()
                self.client.call("Similar", queries=[{"path": self.sound}], count=10)
                self.waits.append((time.monotonic() - begun) * 1000)
        except Exception as failure:  # Told by the verb that it happened beside.
            self.failure = failure

    def end(self):
        self.is_over.set()
        self.join()
        self.client.close()
        return self.waits


def until(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit("it has not come to an end in %d s" % PATIENCE)
        time.sleep(0.02)


class Measure:
    def __init__(self, daemon, sound, slack):
        self.daemon, self.sound, self.slack = daemon, sound, slack
        self.lines, self.failures = [], []

    @contextlib.contextmanager
    def verb(self, name, longest=None):
        """Measures what is done within."""
        # 5: the most memory begins anew.
        Path("/proc/%d/clear_refs" % self.daemon.process.pid).write_text("5")
        asker = Asker(self.daemon, self.sound)
        asker.start()
        begun = time.monotonic()
        yield
        took = (time.monotonic() - begun) * 1000
        waits = sorted(asker.end()) or [0.0]
        line = {"verb": name, "ms": round(took, 1), "questions": len(waits),
                "99 % wait ms": round(waits[len(waits) * 99 // 100], 1), "longest wait ms": round(waits[-1], 1),
                "most MB": round(figure(self.daemon, "VmHWM"))}
        self.lines.append(line)
        for figure_name, limit in [("longest wait ms", LONGEST_WAIT * self.slack), ("most MB", MOST_MEMORY),
                                   ("ms", longest and longest * self.slack)]:
            if limit and line[figure_name] > limit:
                self.failures.append("%s: %s %s, at most %s" % (name, figure_name, line[figure_name], limit))
        if asker.failure:
            self.failures.append("%s: a question failed: %r" % (name, asker.failure))


def counts(daemon):
    return daemon.call("Status")["files"]


def away(measure, daemon, folder, files):
    """The folder goes away and comes back."""
    gone = folder.with_name("away")
    with measure.verb("folder goes offline"):
        folder.rename(gone)
        until(lambda: counts(daemon)["offline"] == files)
    with measure.verb("folder comes back"):
        gone.rename(folder)
        until(lambda: counts(daemon)["indexed"] == files + 1)
        daemon.call("Sync")


def removed(measure, daemon, kept, files):
    """A folder is watched no more, and what was learnt in it forgotten."""
    daemon.toml.write_text('watch = ["%s"]\n' % kept)
    with measure.verb("folder forgotten by reload"):
        daemon.call("Reload")
        until(lambda: counts(daemon)["indexed"] == 1)
    with measure.verb("prune"):
        reply = daemon.call("Prune", dry_run=False)
    if reply["contents"] != files:
        measure.failures.append("prune: %s contents, not %d" % (reply["contents"], files))


def work(a, place):
    folder, state = place / "sounds", place / "state"
    kept = place / "kept"
    kept.mkdir()
    sound = kept / "question.wav"
    shutil.copy(a.question, sound)
    with PrivateTimbred(a.binaries, folder=folder) as daemon:
        daemon.state = state
        daemon.toml.write_text('watch = ["%s", "%s"]\n' % (folder, kept))
        daemon.start()
        daemon.call("Sync")
        measure = Measure(daemon, str(sound), a.slack)
        files = a.files
        until(lambda: counts(daemon)["indexed"] == files + 1)
        for name, method in [("status", "Status"), ("watch list", "ListFolders")]:
            daemon.call(method)
            with measure.verb(name, LONGEST_LOOK):
                daemon.call(method)
        with measure.verb("scan"):
            daemon.call("Scan", wait=True)
        with measure.verb("retrain"):
            daemon.call("Retrain", dry_run=False, wait=True, force=True)
        with measure.verb("model use"):
            daemon.call("UseModel", model="1")
        with measure.verb("verify"):
            daemon.call("Verify", queries=3)
        away(measure, daemon, folder, files)
        trees = sorted(folder.iterdir())
        (folder / "tree").mkdir()
        daemon.call("Sync")
        with measure.verb("half of it moved"):
            for tree in trees[:len(trees) // 2]:
                tree.rename(folder / "tree" / tree.name)
            daemon.call("Sync")
        with measure.verb("tree deleted"):
            (folder / "tree").rename(place / "elsewhere")
            until(lambda: counts(daemon)["indexed"] == 1 + sum(1 for t in folder.iterdir() for _ in t.iterdir()))
        removed(measure, daemon, kept, files)
        return measure


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--slack", type=float, default=1)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="timbred-million-"))
    try:
        a.question = place / "question.wav"
        subprocess.run([ROOT / "Tests/EndToEnd/make-sound", a.question, "440"], check=True)
        subprocess.run(
            [Path(a.binaries) / "timbre-bench", "library", "--files", str(a.files), "--features", "--folder",
             place / "sounds", "--state", place / "state", "--model", ROOT / "Config/timbre-model.json"], check=True)
        measure = work(a, place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    for line in measure.lines:
        print(json.dumps(line) if a.json else "%-28s %10.1f ms, %6d questions: 99 %% %.1f ms, longest %.1f ms; %d MB" % (
            line["verb"], line["ms"], line["questions"], line["99 % wait ms"], line["longest wait ms"],
            line["most MB"]), flush=True)
    for failure in measure.failures:
        print("FAIL " + failure)
    sys.exit(bool(measure.failures))


if __name__ == "__main__":
    main()
