#!/usr/bin/env python3
"""map_check.py BINARIES [--sounds FOLDER] [--count N] [--json]

Watches labelled sounds, lets the daemon learn its map of three quarters of their sources, adds the others, and measures
how well the map keeps what timbre vectors say, of those it was learnt from and of those that were put beside them. Then
it sees that newcomers move nothing, that the same sounds make the same map in another daemon, that the map survives
restarts, kill -9 while it is learnt, and a retrain, and how long questions and new files wait while it is learnt; last,
that every step of `path` is nearer than its ends are.

FOLDER has a labels.csv with the columns path, label, family and group, one group for each source; without it, sounds are
made up. Prints figures beside their marks; ends with 1 if a mark is missed."""

import argparse
import contextlib
import csv
import hashlib
import json
import os
import signal
import sqlite3
import struct
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import instruments
import map_measures as measures
from private_timbred import Failed, PrivateTimbred, noise

# What figures must reach; those by label are shares of what the vectors themselves give. Of few sounds there are hardly
# ten near ones, and fewer are kept.
MARKS = {"trust": 0.983, "kept": 0.50, "first": 0.88, "vote": 0.85, "kept out": 0.41, "vote out": 0.90, "family out": 0.95}
FEW, MARKS_OF_FEW = 2000, {"trust": 0.95, "kept": 0.45, "kept out": 0.40, "vote out": 0.85}
# Seconds of processor time that learning may take for 5,500 sounds, and milliseconds that 99 of 100 questions, and a new file, may.
LEARN_WITHIN, ASK_WITHIN, FILE_WITHIN = 3, 5, 1000
PATIENCE = 120


def share(text):
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) / 2 ** 32


def made_up(folder):
    rows = []
    for source in range(8):
        for name, family, samples in instruments.instruments(np.random.default_rng(source)):
            path = Path("source%d-%s.wav" % (source, name))
            data = (np.clip(samples * 0.1, -1, 1) * 32767).astype("<i2").tobytes()
            (folder / path).write_bytes(
                struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, instruments.RATE,
                            2 * instruments.RATE, 2, 16, b"data", len(data)) + data)
            rows.append({"path": str(path), "label": family, "family": family, "group": "made%d" % source})
    return rows


def read(folder, count):
    """Labelled files, some if there are more than wanted: always the same."""
    with open(folder / "labels.csv", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["label"] and (folder / row["path"]).exists()]
    return sorted(sorted(rows, key=lambda row: share(row["path"]))[:count], key=lambda row: row["path"])


class Check:
    def __init__(self, as_json):
        self.as_json, self.figures, self.misses = as_json, {}, 0

    def add(self, name, value, mark=None, least=True):
        right = mark is None or (value >= mark if least else value <= mark)
        self.misses += not right
        self.figures[name] = value
        if not self.as_json:
            told = "" if mark is None else "  (%s %g)%s" % ("at least" if least else "at most", mark, "" if right else "  MISSED")
            print("%-44s %8.3f%s" % (name, value, told), flush=True)

    def demand(self, name, is_right):
        self.misses += not is_right
        self.figures[name] = bool(is_right)
        if not self.as_json:
            print("%-44s %8s" % (name, "yes" if is_right else "NO"), flush=True)


def map_of(daemon, **parameters):
    with contextlib.closing(daemon.connect()) as client:
        return list(client.stream("Map", paths=True, **parameters))


def wait_for(daemon, is_right):
    """The map as soon as it is as it should be, and how long that took."""
    begun = time.monotonic()
    while True:
        replies = map_of(daemon)
        if replies[-1]["state"] == "ready" and is_right(replies[-1], measures.points(replies)):
            return measures.points(replies), time.monotonic() - begun
        if time.monotonic() > begun + PATIENCE:
            raise SystemExit("the map is not as it should be after %d s: %s" % (PATIENCE, {
                key: value for key, value in replies[-1].items() if key not in ("points", "paths", "folders")}))
        time.sleep(0.02)


def is_done(last, _):
    return "progress" not in last


def processor_seconds(daemon):
    fields = Path("/proc/%d/stat" % daemon.process.pid).read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def learn(daemon):
    """Has the map learnt anew; how much processor time that took."""
    begun = processor_seconds(daemon)
    version = daemon.call("LearnMap")["version"]
    with contextlib.closing(daemon.connect()) as client:
        deadline = time.monotonic() + PATIENCE
        while True:
            last = list(client.stream("Map", since=version))[-1]
            if last["whole"] and is_done(last, None):
                return processor_seconds(daemon) - begun
            if time.monotonic() > deadline:
                raise SystemExit("the map is not learnt after %d s" % PATIENCE)
            time.sleep(0.05)


def first_map(daemon):
    """The map of the whole library as if there had never been one: not what was learnt while files were still coming."""
    daemon.stop()
    with contextlib.closing(sqlite3.connect(daemon.state / "library.sqlite")) as catalog:
        catalog.execute("DELETE FROM place")
        catalog.execute("DELETE FROM map")
        catalog.commit()
    daemon.start()
    return wait_for(daemon, is_done)[0]


def link(folder, rows, to):
    for row in rows:
        copy = to / row["path"]
        copy.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(folder / row["path"], copy)
        except OSError:
            copy.write_bytes((folder / row["path"]).read_bytes())


def quality(check, daemon, rows, out, mapped):
    """Measures the map of some rows, and of those that were put beside them."""
    known = measures.vectors(daemon.state / "library.sqlite")

    def columns(rows):
        paths = [os.fsencode(daemon.folder / row["path"]) for row in rows]
        kept = [(path, row) for path, row in zip(paths, rows) if path in known and path in mapped]
        return (np.array([known[path] for path, _ in kept]), np.array([mapped[path] for path, _ in kept], float),
                np.array([row["label"] for _, row in kept]), np.array([row["family"] for _, row in kept]))

    marks = MARKS | (MARKS_OF_FEW if len(rows) < FEW else {})
    space, plane, labels, families = columns(rows)
    by_vector, by_map = measures.nearest(space, 10), measures.nearest(plane, 10)
    check.add("sounds laid out", len(space))
    check.add("trustworthiness", measures.trust(space, plane), marks["trust"])
    check.add("of the ten nearest kept", measures.recall(by_vector, by_map), marks["kept"])
    several = np.isin(labels, [label for label in set(labels) if (labels == label).sum() > 1])
    for name, key, measure in [("nearest of the same label", "first", measures.first), ("vote of five", "vote", measures.vote)]:
        best = measure(by_vector[several], labels, labels[several])
        check.add("%s, by vectors" % name, best)
        check.add("%s, on the map" % name, measure(by_map[several], labels, labels[several]), round(marks[key] * best, 3))

    new_space, new_plane, new_labels, new_families = columns(out)
    by_vector, by_map = measures.nearest(space, 10, new_space), measures.nearest(plane, 10, new_plane)
    check.add("newcomers", len(new_space))
    check.add("of their ten nearest kept", measures.recall(by_vector, by_map), marks["kept out"])
    is_known = np.isin(new_labels, labels)
    for name, key, own, new, of in [
            ("their vote of five", "vote out", labels, new_labels, is_known),
            ("their vote of families", "family out", families, new_families, np.isin(new_families, families))]:
        best = measures.vote(by_vector[of], own, new[of])
        check.add("%s, by vectors" % name, best)
        check.add("%s, on the map" % name, measures.vote(by_map[of], own, new[of]), round(marks[key] * best, 3))


def same(before, after):
    return all(after.get(path) == point for path, point in before.items())


def while_learning(check, daemon):
    """Asks questions, and adds a file, while a map is learnt."""
    sound = next(iter(map_of(daemon)[0]["paths"]))
    with contextlib.closing(daemon.connect()) as client:
        def ask(until):
            waits = []
            while not until(len(waits)):
                begun = time.monotonic()
                client.call("Similar", queries=[sound], count=10)
                waits.append((time.monotonic() - begun) * 1000)
                time.sleep(0.002)
            return float(np.percentile(waits, 99)), len(waits)

        # On a busy machine questions wait whatever the daemon does.
        usual, _ = ask(lambda count: count >= 500)
        check.add("99 of 100 questions, nothing learnt, ms", usual)
        learnt = map_of(daemon)[-1]["learnt"]
        (daemon.folder / "while learning.wav").write_bytes(noise())
        daemon.call("LearnMap")
        begun = time.monotonic()
        daemon.call("Sync")
        check.add("a new file while learning, ms", (time.monotonic() - begun) * 1000, FILE_WITHIN, least=False)
        daemon.call("LearnMap")
        wait, count = ask(lambda count: count % 20 == 0 and count >= 100 and map_of(daemon)[-1]["learnt"] != learnt)
        check.add("questions while learning", count)
        check.add("99 of 100 questions while learning, ms", wait, max(ASK_WITHIN, 1.5 * usual), least=False)


def paths(check, daemon, rows):
    chance, longest, worst, times, counts = np.random.default_rng(1), 0, 0, [], []
    mapped = sorted(measures.points(map_of(daemon)))
    for _ in range(30):
        a, b = ({"path": os.fsdecode(mapped[i])} for i in chance.choice(len(mapped), 2, replace=False))
        begun = time.monotonic()
        steps = daemon.call("FindPath", **{"from": a, "to": b, "count": 12})["steps"]
        times.append((time.monotonic() - begun) * 1000)
        direct = daemon.call("FindPath", **{"from": a, "to": b, "count": 2})["steps"][1]["distance"]
        greatest = max(step["distance"] for step in steps)
        worst = max(worst, greatest / direct)
        counts.append(len(steps))
        ends = steps[0]["path"] == a["path"] and steps[-1]["path"] == b["path"]
        longest += not (ends and len(steps) <= 12 and len({step["path"] for step in steps}) == len(steps))
    check.demand("every path has its ends, and no sound twice", longest == 0)
    check.add("greatest step beside the direct one, at most", worst, 1, least=False)
    check.add("sounds on a path, median", float(np.median(counts)))
    check.add("a path, median, ms", float(np.median(times)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binaries")
    parser.add_argument("--sounds", type=Path)
    parser.add_argument("--count", type=int, default=5500)
    parser.add_argument("--json", action="store_true")
    a = parser.parse_args()
    check = Check(a.json)
    with tempfile.TemporaryDirectory() as made:
        folder = a.sounds or Path(made)
        run(check, a.binaries, folder, read(folder, a.count) if a.sounds else made_up(folder))
    if a.json:
        print(json.dumps(check.figures))
    sys.exit(1 if check.misses else 0)


def run(check, binaries, folder, rows):
    out = [row for row in rows if share("5" + row["group"]) < 0.25]
    rows = [row for row in rows if share("5" + row["group"]) >= 0.25]
    with PrivateTimbred(binaries) as daemon:
        link(folder, rows, daemon.folder)
        daemon.start()
        daemon.call("Sync")
        wait_for(daemon, is_done)
        check.add("learning, s of processor time", learn(daemon), LEARN_WITHIN, least=False)
        before = first_map(daemon)
        link(folder, out, daemon.folder)
        daemon.call("Sync")
        synced = time.monotonic()
        indexed = len(measures.vectors(daemon.state / "library.sqlite"))
        after, _ = wait_for(daemon, lambda last, points: len(points) >= indexed)
        check.add("placing %d newcomers after the sync, s" % (len(after) - len(before)), time.monotonic() - synced)
        check.demand("newcomers moved nothing", same(before, after))
        quality(check, daemon, rows, out, after)
        survive(check, daemon, after)
        while_learning(check, daemon)
        paths(check, daemon, rows)
    check.demand("the same sounds make the same map", before == elsewhere(binaries, folder, rows, daemon.folder))


def elsewhere(binaries, folder, rows, name):
    """The map that another daemon makes of the same sounds, which come to it in another order; with the first one's paths."""
    with PrivateTimbred(binaries) as daemon:
        daemon.start()
        for part in (rows[1::2][::-1], rows[::2]):
            link(folder, part, daemon.folder)
            daemon.call("Sync")
        points = first_map(daemon)
        return {path.replace(os.fsencode(daemon.folder), os.fsencode(name)): point for path, point in points.items()}


def survive(check, daemon, mapped):
    """Stops, kills and retrains the daemon; the map must stay."""
    def again(how):
        daemon.stop(how)
        daemon.start()
        return wait_for(daemon, lambda last, points: len(points) >= len(mapped))[0]

    check.demand("it survives a restart", again(signal.SIGTERM) == mapped)
    check.demand("it survives kill -9", again(signal.SIGKILL) == mapped)
    daemon.call("LearnMap")
    deadline = time.monotonic() + PATIENCE
    while "progress" not in map_of(daemon)[-1] and time.monotonic() < deadline:
        pass
    check.demand("it survives kill -9 while the next is learnt", again(signal.SIGKILL) == mapped)

    learnt = map_of(daemon)[-1]["learnt"]
    with contextlib.closing(daemon.connect()) as client:
        during = set()
        try:
            for _ in client.stream("Retrain", force=True):
                replies = map_of(daemon)
                if replies[-1]["learnt"] == learnt:
                    during.add(measures.points(replies) == mapped)
        except Failed as failure:
            raise SystemExit("retrain: %s" % failure)
    check.demand("it stays while a model is trained", during == {True})
    after, seconds = wait_for(daemon, lambda last, points: last["learnt"] != learnt and is_done(last, points))
    check.add("a map of the new model after the swap, s", seconds)
    check.demand("with all sounds on it", len(after) >= len(mapped))


if __name__ == "__main__":
    main()
