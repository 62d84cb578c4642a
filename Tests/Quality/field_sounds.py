"""The sounds of sound_cases.py: each is given to a private daemon, and held against the plain sound."""

import json
import subprocess
import tempfile
from pathlib import Path

import containers
import sound_cases
from private_timbred import PrivateTimbred

# Frames by which an encoder's delay may move a sound.
MOST_DELAY = 4
# The length may differ by so much.
LENGTH = 0.01


def features(binaries, path):
    done = subprocess.run([Path(binaries) / "timbre-extract", "--json", path], capture_output=True)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.decode().strip()


def has_ffmpeg(binaries, cases):
    """Whether the programs were built to use FFmpeg's libraries."""
    with tempfile.NamedTemporaryFile(suffix=".wv") as file:
        file.write(next(case.data for case in cases if case.name == "wavpack.wv"))
        file.flush()
        return "built without FFmpeg" not in features(binaries, file.name)


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


def outside(place, cases):
    """A folder that is not watched, with a file of a kind that is not decoded."""
    folder = place / "outside"
    folder.mkdir()
    (folder / "aac.m4a").write_bytes(next(case.data for case in cases if case.name == "not aac.m4a"))
    return folder


def run(binaries, report):
    cases = list(sound_cases.cases())
    plain = {}
    if not has_ffmpeg(binaries, cases):
        cases = [case for case in cases if not case.needs_ffmpeg]
    with PrivateTimbred(binaries) as daemon:
        for case in cases:
            (daemon.folder / case.name).write_bytes(case.data)
        daemon.start()
        daemon.call("Sync")
        listed = {Path(f["path"]).name: f for f in daemon.list()}
        failed = {Path(f["path"]).name: f for f in json.loads(daemon.ctl("errors", "--json").stdout)["files"]}
        grouped = daemon.ctl("errors", "--group").stdout.decode()
        found = [line for line in grouped.splitlines() if line.endswith("unsupported: MIDI")]
        report.line("errors --group", "2 files with MIDI",
                    [] if [line.split()[0] for line in found] == ["2"] else ["it says " + grouped])
        wrapped = daemon.ctl("info", daemon.folder / "wav 0.wav").stdout.decode()
        report.line("info", "what the header claims", [] if "header claims 0 bytes of sound" in wrapped else [wrapped])
        asked = daemon.ctl("similar", "aac.m4a", check=False, cwd=outside(daemon.place, cases))
        report.line("similar aac.m4a", "code 65, and AAC in MP4", [] if asked.returncode == 65
                    and b"AAC in MP4" in asked.stderr else ["%d, %s" % (asked.returncode, asked.stderr.decode())])
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
            elif failed[case.name]["reason"] not in ("unsupported", "unknown_format", "damaged", "empty"):
                wrong.append("the reason is " + failed[case.name]["reason"])
            if case.words and case.words not in said:
                wrong.append("it says “%s”" % said)
            report.line(case.name, case.words or "heard as the plain sound", wrong)
