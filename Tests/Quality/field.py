#!/usr/bin/env python3
"""field.py BINARIES [SUBJECT …]

Builds files as people met them elsewhere, gives them to a private daemon, and says for each what should be and what is.
A subject is a module of this folder, field_SUBJECT.py."""

import json
import subprocess
import sys
from pathlib import Path

import containers
import field_sounds
from private_timbred import PrivateTimbred

# Frames by which an encoder's delay may move a sound.
MOST_DELAY = 4
# The length may differ by so much.
LENGTH = 0.01


class Report:
    """What should be and what is, a line each."""

    def __init__(self):
        self.count, self.wrong = 0, 0

    def line(self, name, should, found):
        """One case; `found` is nothing if all is as it should be."""
        self.count += 1
        self.wrong += bool(found)
        print("%-6s %-36s %s%s" % ("WRONG" if found else "ok", name, should, ": but " + "; ".join(found) if found else ""),
              flush=True)


def features(binaries, path):
    done = subprocess.run([Path(binaries) / "timbre-extract", "--json", path], capture_output=True)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.decode().strip()


def likeness(one, other):
    """The median over frames of how alike two sounds are, from −1 to 1, at the best delay."""
    def at(delay):
        pairs = [(a, b) for n, (a, b) in enumerate(zip(one["unit"][max(0, -delay):], other["unit"][max(0, delay):]))]
        found = sorted(sum(x * y for x, y in zip(a, b)) for a, b in pairs if any(a) and any(b))
        return found[len(found) // 2] if found else 0
    return max(at(delay) for delay in range(-MOST_DELAY, MOST_DELAY + 1))


def compared(case, found, reference):
    """How a sound differs from the plain one."""
    wrong = []
    if abs(found["duration"] - reference["duration"]) > LENGTH * reference["duration"] + (0.06 if case.is_lossy else 0):
        wrong.append("it has %.3f s, not %.3f" % (found["duration"], reference["duration"]))
    elif case.is_lossy:
        like = likeness(found, reference)
        if like < case.least:
            wrong.append("it is like the plain sound to %.3f" % like)
    elif found["bfcc"] != reference["bfcc"]:
        wrong.append("its features are others")
    if found["incomplete"] != case.is_incomplete:
        wrong.append("it is called %s" % ("incomplete" if found["incomplete"] else "whole"))
    return wrong


def sounds(binaries, report):
    cases = list(field_sounds.cases())
    plain = {}
    with PrivateTimbred(binaries) as daemon:
        for case in cases:
            (daemon.folder / case.name).write_bytes(case.data)
        daemon.start()
        daemon.call("Sync")
        listed = {Path(f["path"]).name: f for f in daemon.list()}
        failed = {Path(f["path"]).name: f for f in json.loads(daemon.ctl("errors", "--json").stdout)["files"]}
        grouped = daemon.ctl("errors", "--group").stdout.decode()
        found = [line for line in grouped.splitlines() if line.endswith("unsupported: AAC in MP4")]
        report.line("errors --group", "2 files with AAC in MP4",
                    [] if [line.split()[0] for line in found] == ["2"] else ["it says " + grouped])
        for case in cases:
            item, wrong = listed.get(case.name, {"state": "not listed"}), []
            said = item.get("error") or item.get("note") or ""
            if item["state"] != ("indexed" if case.samples else "failed"):
                wrong.append("it is %s: %s" % (item["state"], said))
            elif case.samples:
                key = (case.samples.tobytes(), case.rate)
                if key not in plain:
                    (daemon.place / "plain.wav").write_bytes(containers.wave(key[0], case.rate, case.channels))
                    plain[key] = features(binaries, daemon.place / "plain.wav")
                wrong += compared(case, features(binaries, daemon.folder / case.name), plain[key])
            elif failed[case.name]["reason"] not in ("unsupported", "unknown_format"):
                wrong.append("the reason is " + failed[case.name]["reason"])
            if case.words and case.words not in said:
                wrong.append("it says “%s”" % said)
            report.line(case.name, case.words or "heard as the plain sound", wrong)


SUBJECTS = {"sounds": sounds}


def main():
    report = Report()
    for subject in sys.argv[2:] or SUBJECTS:
        SUBJECTS[subject](sys.argv[1], report)
    print("%d cases, %d wrong" % (report.count, report.wrong))
    sys.exit(report.wrong > 0)


if __name__ == "__main__":
    main()
