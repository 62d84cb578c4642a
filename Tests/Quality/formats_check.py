#!/usr/bin/env python3
"""formats_check.py BINARIES [--sounds FOLDER]

Makes files of the formats that libsndfile does not decode (foreign_formats.py; ffmpeg) out of plain sounds, some of a
folder or made-up ones, and gives all to a private daemon. What is stored without loss must have the features of its plain
sound, to the last bit; of what is not, the nearest sound must be its own plain one, and those behind it mostly the same. Films
are left out until the configuration names their extensions, without a restart. Says what workers need with FFmpeg's
libraries and without."""

import argparse
import json
import random
import shutil
import subprocess
import time
from pathlib import Path

import containers
import foreign_formats
import made_sounds
from field_sounds import features
from private_timbred import PrivateTimbred

SOUNDS = 24
# Neighbours that are compared, and how many of them have to be the same, over all lossy files together.
NEIGHBOURS, SAME = 5, 0.9
# How much longer than its plain sound a lossy one may be: what an encoder fills up, in seconds.
LONGER = 0.1


def plain_sounds(folder, sounds):
    """The plain sounds, as WAV files of 16 bits."""
    folder.mkdir()
    if sounds:
        found = sorted(p for p in Path(sounds).rglob("*") if p.suffix in (".wav", ".flac") and p.stat().st_size < 3_000_000)
        for number, path in enumerate(random.Random(1).sample(found, min(SOUNDS, len(found)))):
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(path), "-ar", "44100", "-c:a", "pcm_s16le",
                            str(folder / ("%02d.wav" % number))], check=True, stdin=subprocess.DEVNULL)
    else:
        for number in range(SOUNDS):
            tune = made_sounds.tune(0.8 + 0.1 * number, seed=number + 1)
            (folder / ("%02d.wav" % number)).write_bytes(containers.wave(tune.tobytes(), made_sounds.RATE))
    return sorted(folder.glob("*.wav"))


def neighbours(daemon, path):
    found = daemon.ctl_json("similar", str(path), "-n", "40", "--under", str(daemon.folder / "plain"))["results"]
    return [Path(f["path"]).name for f in found]


def cost(program, path, times=5):
    """Seconds that the program takes for a file, at the least of some times."""
    best = 1e9
    for _ in range(times):
        start = time.monotonic()
        subprocess.run([program, path], stdout=subprocess.DEVNULL, check=True)
        best = min(best, time.monotonic() - start)
    return best


def memory(daemon):
    """Megabytes that a worker has for itself, of those that run: the most."""
    found = []
    for children in Path("/proc/%d/task" % daemon.process.pid).glob("*/children"):
        for child in children.read_text().split():
            text = Path("/proc/%s/smaps_rollup" % child).read_text()
            found.append(sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Private")) / 1000)
    return max(found, default=0)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--sounds")
    options = parser.parse_args()
    wrong, same, asked = [], 0, 0
    with PrivateTimbred(options.binaries) as daemon:
        plain = plain_sounds(daemon.folder / "plain", options.sounds)
        made = {}
        (daemon.folder / "other").mkdir()
        for number, form in enumerate(foreign_formats.FORMATS):
            source = plain[number % len(plain)]
            made[foreign_formats.make(source, daemon.folder / "other", form, "%02d %s" % (number, form.name))] = (form, source)
        (daemon.folder / "other" / "call.amr").write_bytes(foreign_formats.phone_call(random.Random(1), 100))
        (daemon.folder / "other" / "call.awb").write_bytes(foreign_formats.phone_call(random.Random(1), 100, wide=True))
        other = (daemon.folder / "other").rename(daemon.place / "other")
        daemon.start()
        daemon.call("Sync")
        before = memory(daemon)
        other.rename(daemon.folder / "other")
        daemon.call("Sync")
        films = {str(p) for p, (form, _) in made.items() if form.suffix[1:] in foreign_formats.VIDEO}
        early = {f["path"] for f in daemon.list()}
        if early & films:
            wrong.append("films are listed that nobody named: %s" % sorted(early & films)[:3])
        daemon.toml.write_text("video = %s\n%s" % (json.dumps(foreign_formats.VIDEO), daemon.toml.read_text()))
        daemon.ctl("reload")
        daemon.call("Sync")
        listed = {f["path"]: f for f in daemon.list()}
        print("a worker has %.1f MB for itself without FFmpeg's libraries, %.1f MB with them" % (before, memory(daemon)))
        known = {}
        for path, (form, source) in made.items():
            item, faults = listed.get(str(path), {"state": "not listed"}), []
            if item["state"] != "indexed":
                faults.append("it is %s: %s" % (item["state"], item.get("error")))
            else:
                known[source] = known.get(source) or (features(options.binaries, source), neighbours(daemon, source))
                reference, near = known[source]
                if form.is_lossless:
                    found = features(options.binaries, path)
                    if found["bfcc"] != reference["bfcc"] or found["bark"] != reference["bark"]:
                        faults.append("its features are others")
                else:
                    longer = item["duration"] - reference["duration"]
                    if not -0.04 <= longer <= LONGER + 0.01 * reference["duration"]:
                        faults.append("it has %.3f s, not %.3f" % (item["duration"], reference["duration"]))
                    got = [n for n in neighbours(daemon, path)]
                    if got[0] != source.name:
                        faults.append("its nearest sound is %s, not %s" % (got[0], source.name))
                    got = [n for n in got if n != source.name][:NEIGHBOURS]
                    hits = len(set(got) & set(near[:NEIGHBOURS]))
                    same, asked = same + hits, asked + NEIGHBOURS
                if item.get("note") or item.get("incomplete"):
                    faults.append("it is called incomplete: %s" % item.get("note"))
            print("%-6s %-28s %-26s %s" % ("WRONG" if faults else "ok", path.name, item.get("format"), "; ".join(faults)), flush=True)
            wrong += ["%s: %s" % (path.name, fault) for fault in faults]
        for name in ("call.amr", "call.awb"):
            if listed.get(str(daemon.folder / "other" / name), {}).get("state") != "indexed":
                wrong.append("%s is not indexed" % name)
        program = Path(options.binaries) / "timbre-extract"
        shutil.copy(plain[0], daemon.place / "a.wav")
        print("%d files; of the %d nearest of the lossy ones, %.1f %% are those of the plain sound" % (
            len(made) + 2, NEIGHBOURS, 100 * same / max(1, asked)))
        times = [(form.name, cost(program, p)) for p, (form, s) in made.items() if s == plain[0]][:3]
        print("one file, with the start of the program: %.0f ms as WAV; %s" % (
            1000 * cost(program, daemon.place / "a.wav"), ", ".join("%.0f ms as %s" % (1000 * t, n) for n, t in times)))
        if same < SAME * asked:
            wrong.append("of the neighbours of lossy files %d of %d are the same" % (same, asked))
    assert not wrong, "%d wrong: %s" % (len(wrong), wrong[:10])


if __name__ == "__main__":
    main()
