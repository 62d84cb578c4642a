#!/usr/bin/env python3
"""hours.py BINARIES [--hours 100] [--limit MS] [--questions 40] [--library FOLDER]

How long a question takes in a library of many hours of recordings: where a sound is heard (`--segments`), and which files
have it. The recordings are made by `timbre-bench recordings` of made ones, of an hour each and 24 MB in the database, and
lie where TMPDIR says; --library keeps them in a folder, or takes those that an earlier run has left there. Their events are
found by the daemon, which is timed, too. With --limit it ends with 1 if the median of the questions where a sound is heard
takes longer. Needs numpy."""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import private_timbred

try:
    import numpy as np
except ImportError:
    sys.exit("hours.py: numpy is needed: apt install python3-numpy, or pip install numpy")

from planted_recordings import make_material, sounds_for

ROOT = Path(__file__).resolve().parents[2]
# Seconds that a start and the events of an hour may take before something is wrong.
private_timbred.READY_WITHIN, PATIENCE = 600, 60
SOUNDS = 8


def processor_time(daemon):
    """Seconds that the daemon has used."""
    fields = Path("/proc/%d/stat" % daemon.process.pid).read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def make(binaries, place, hours):
    """A library of made recordings in a folder, with some sounds beside them that are planted in them."""
    chance = np.random.default_rng(1)
    make_material(place / "material", chance, 6, *sounds_for(chance, 6))
    subprocess.run(
        [Path(binaries) / "timbre-bench", "recordings", place / "material" / "library", "--hours", str(hours), "--folder",
         place / "Samples", "--state", place / "state", "--model", ROOT / "Config" / "timbre-model.json"], check=True)
    for sound in sorted((place / "material" / "queries").iterdir())[::48 // SOUNDS]:
        (place / "Samples" / sound.name).write_bytes(sound.read_bytes())


def ask(daemon, sounds, questions, **parameters):
    """The median and the greatest time of questions in milliseconds, and the processor time of each."""
    times, begun = [], processor_time(daemon)
    for number in range(questions):
        query = {"path": str(sounds[number % len(sounds)])}
        start = time.monotonic()
        daemon.call("Similar", queries=[query], **parameters)
        times.append((time.monotonic() - start) * 1000)
    return statistics.median(times), max(times), (processor_time(daemon) - begun) / questions * 1000


def measure(binaries, place, hours, questions):
    daemon = private_timbred.PrivateTimbred(binaries, folder=(place / "Samples").resolve())
    daemon.state = place / "state"
    try:
        start = time.monotonic()
        daemon.start()
        daemon.call("Sync")
        print("ready after %.1f s" % (time.monotonic() - start))
        sounds = sorted(file for file in daemon.folder.iterdir() if not file.name.startswith("recording "))
        while not daemon.call("Similar", queries=[{"path": str(sounds[0])}], segments=True, count=1)["complete"]:
            if time.monotonic() - start > PATIENCE * hours:
                raise SystemExit("the events were not found in %d s" % (PATIENCE * hours))
            time.sleep(0.5)
        used = processor_time(daemon)
        size = (daemon.state / "library.sqlite-events").stat().st_size
        print("events: %.2f s of processor time an hour at the most, %.1f kB a minute" % (
            used / hours, size / hours / 60 / 1000))
        place, longest, processor = ask(daemon, sounds, questions, segments=True, count=20)
        print("%d hours, where it is heard: median %.0f ms, at most %.0f, %.0f of processor time" % (
            hours, place, longest, processor))
        print("%d hours, which files: median %.0f ms, at most %.0f, %.0f of processor time" % (
            hours, *ask(daemon, sounds, questions, count=20)))
        memory = [line.split()[1] for line in Path("/proc/%d/status" % daemon.process.pid).read_text().splitlines()
                  if line.startswith("RssAnon")]
        print("memory of the daemon without what is mapped from files: %d MB" % (int(memory[0]) // 1000))
        return place
    finally:
        daemon.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--hours", type=int, default=100)
    parser.add_argument("--limit", type=float)
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--library", type=Path)
    a = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hours-") as scratch:
        place = a.library or Path(scratch)
        place.mkdir(exist_ok=True)
        if not (place / "state").exists():
            make(a.binaries, place, a.hours)
        median = measure(a.binaries, place, a.hours, a.questions)
    if a.limit and median > a.limit:
        sys.exit("hours.py: the median is %.0f ms, the limit is %.0f" % (median, a.limit))


if __name__ == "__main__":
    main()
