#!/usr/bin/env python3
"""tags.py BINARIES [--files 1000000] [--runs 7] [--questions] [--json]

What it costs to ask for tags in a large library, made up by `timbre-bench library --tags`: of each condition how many files
meet it, how long it takes to find these, to search among them and to list them, the medians of some runs over the socket, and
the processor time of the daemon's thread that answers, which does not depend on what else the machine does; how many bytes
the tables of tags take; and, without --questions, what they cost when a sound comes into the library.

The library lies where TMPDIR says: of a million files it takes some 3 GB."""

import argparse
import contextlib
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "Quality"))

from figure_table import FigureTable, median  # noqa: E402
from private_timbred import PrivateTimbred  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CONDITIONS = {
    "no condition": {},
    "--tag of a rare name": {"tags": [{"word": "Kalotermi"}]},
    "--tag tape": {"tags": [{"word": "tape"}]},
    "--tag title=kick --tag dusty": {"tags": [{"field": "title", "word": "kick"}, {"word": "dusty"}]},
    "--tag kick": {"tags": [{"word": "kick"}]},
    "--tag re (two letters, in a third)": {"tags": [{"word": "re"}]},
    "--tag 97 (two letters)": {"tags": [{"word": "97"}]},
    "--bpm 118-124": {"min_bpm": 118, "max_bpm": 124},
    "--bpm 60-200 (all that have one)": {"min_bpm": 60, "max_bpm": 200},
    "--key 'C#m'": {"key": "C#m"},
    "--key A --bpm 118-124": {"key": "Am", "min_bpm": 118, "max_bpm": 124},
    "--tag kick --bpm 118-124": {"tags": [{"word": "kick"}], "min_bpm": 118, "max_bpm": 124},
    "--tag of a rare name --bpm 60-200": {"tags": [{"word": "Kalotermi"}], "min_bpm": 60, "max_bpm": 200},
}
TABLES = ["tagged", "taggedByTempo", "taggedByKey", "taggedByKeyText", "taggedByLoop", "tempo", "tempoByBPM",
          "tagText_data", "tagText_idx", "tagText_content", "tagText_docsize", "tagText_config"]


def make(binaries, place, files, *more):
    """A library; returns how many seconds of processor time it took."""
    place.mkdir()
    begun = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([Path(binaries) / "timbre-bench", "library", "--files", str(files), "--folder", place / "sounds", "--state",
                    place / "state", "--model", ROOT / "Config/timbre-model.json", *more], check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime - begun.ru_utime - begun.ru_stime


def sizes(database):
    """Bytes of the tables of tags, and of all."""
    with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % database, uri=True)) as connection:
        size = dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    texts = sum(size.get(name, 0) for name in TABLES if name.startswith("tagText"))
    return sum(size.get(name, 0) for name in TABLES) - texts, texts, sum(size.values())


def threads(daemon):
    return set(Path("/proc/%d/task" % daemon.process.pid).iterdir())


def measure(daemon, table, runs):
    before = threads(daemon)
    client = daemon.connect()
    sound = client.call("Random", count=1, seed=5)["files"][0]["path"]
    # A client has a thread of its own; whatever else has begun meanwhile is not busy.
    own = threads(daemon) - before

    def processor_time():
        """In milliseconds."""
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in own if thread.exists()) / 1e6

    def timed(runs, ask):
        """The medians of some runs and of their processor time in milliseconds, and what the last one gave."""
        took, worked = [], []
        for _ in range(runs):
            begun, used = time.perf_counter(), processor_time()
            answer = ask()
            took.append((time.perf_counter() - begun) * 1000)
            worked.append(processor_time() - used)
        return median(took), median(worked), answer

    def numbers(filter):
        return sum(len(reply["numbers"]) for reply in client.stream("Numbers", filter=filter))

    def listed(filter):
        return sum(len(reply["files"]) for reply in client.stream("List", filter=filter))

    for name, filter in CONDITIONS.items():
        *found, count = timed(runs, lambda: numbers(filter))
        *similar, answer = timed(runs, lambda: client.call("Similar", queries=[{"path": sound}], count=10, filter=filter))
        # The sound itself is not among them.
        assert min(10, count - 1) <= len(answer["results"]) <= min(10, count), (name, count, len(answer["results"]))
        *listing, total = timed(1, lambda: listed(filter)) if count <= 100_000 else (None, None, count)
        assert total == count, (name, total, count)
        table.add(name, count, *found, *similar, *listing)
    client.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--files", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--questions", action="store_true", help="not what tags cost when a sound comes")
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="timbred-tags-"))
    costs = FigureTable("tags: what they cost", ["figure"])
    questions = FigureTable("tags: %d files made up, over the socket" % a.files,
                            ["files", "found ms", "processor", "similar ms", "processor", "listed ms", "processor"])
    try:
        if not a.questions:
            sample = min(a.files, 100_000)
            plain, tagged = [median([make(a.binaries, place / ("%s%d" % (name, run)), sample, *more) for run in range(3)])
                             for name, more in [("plain", []), ("tags", ["--tags"])]]
            costs.add("a file with tags, beside one without, when it comes: µs of processor time", (tagged - plain) * 1e6 / sample)
            for made in place.iterdir():
                shutil.rmtree(made)
        make(a.binaries, place / "large", a.files, "--tags")
        tables, texts, whole = sizes(place / "large/state/library.sqlite")
        costs.add("tempos, keys and loops: bytes a file", tables / a.files)
        costs.add("texts, by runs of three letters: bytes a file", texts / a.files)
        costs.add("database: MB", whole / 1e6)
        with PrivateTimbred(a.binaries, folder=place / "large/sounds") as daemon:
            daemon.state = place / "large/state"
            daemon.start()
            daemon.call("Sync")
            measure(daemon, questions, a.runs)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    costs.show(a.json)
    questions.show(a.json)


if __name__ == "__main__":
    main()
