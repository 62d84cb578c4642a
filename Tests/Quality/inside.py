#!/usr/bin/env python3
"""inside.py BINARIES [--sounds FOLDER] [--seed 1] [--minutes 6] [--material FOLDER] [--socket SOCKET] [--rows FILE]

Where in my recordings does this sound occur? Eight recordings are made with sounds planted in them (planted_recordings.py),
and each sound is searched for with `timbrectl similar --segments`, as it was before it was planted:

found    how many of its plantings are met by the first 2 R results, R being their number; how many of the first five
         results meet one; the median error of the start; by level and by length
altered  the same, of sounds that were cropped, stretched, transposed, equalised (altered_sounds.py)
absent   sounds that are in no recording: how often --likely says nothing; what a score is worth, over all results

--sounds    plant the sounds of a folder instead of made ones; its labels.csv tells of what kind they are, if there is one
--material  measure on a folder as an earlier run has left it there; where there is none, make it there and keep it
--socket    ask this daemon, which watches the material's library, instead of a private one
--parts     only these of the three
--rows      write each result as CSV: query, how it was altered, recording, start, end, score, distance, rank, right

Made sounds have limits, below which the check fails; real ones, and what an earlier run has left, are only measured. Needs
numpy."""

import argparse
import csv
import json
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from altered_sounds import KINDS
from place_scores import Found, hits, read_truth, reliability
from planted_recordings import make_material
from private_timbred import PrivateTimbred

PARTS = ("found", "altered", "absent")
# A result with this score is nine times out of ten right.
SURE = 0.9
# What made sounds reach at least, whatever the seed.
LIMITS = {
    "recall": 0.8, "precision": 0.9, "start": 0.02, "altered": 0.75, "sure": 0.9, "silent": 0.9,
}


class Places:
    """Asks a daemon where sounds are heard, and keeps all results with whether they are right."""

    def __init__(self, daemon, count):
        self.daemon, self.count = daemon, count
        self.rows = []

    def ask(self, file, *options):
        done = self.daemon.ctl("similar", file, "--segments", "-n", str(self.count), "--json", *options, check=False)
        if done.returncode not in (0, 1) or not done.stdout.strip() and done.stderr.strip():
            raise SystemExit("timbrectl similar %s: %s" % (file, done.stderr.decode().strip()))
        return json.loads(done.stdout)["results"] if done.stdout.strip() else []

    def keep(self, file, kind, rows, places=()):
        for row, met in zip(rows, hits(rows, places)):
            self.rows.append({"query": file.name, "kind": kind, "recording": Path(row["path"]).name} | {
                key: row[key] for key in ("start", "end", "score", "distance", "rank")} | {"right": int(bool(met))})

    def write(self, path):
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, ["query", "kind", "recording", "start", "end", "score", "distance", "rank", "right"])
            writer.writeheader()
            writer.writerows(self.rows)


def measure_found(places, material, truth):
    found = Found()
    for query, plantings in truth.items():
        file = material / "queries" / query
        rows = places.ask(file)
        places.keep(file, "", rows, plantings)
        found.add(rows, plantings)
    print("%d sounds: recall@2R %.3f, P@5 %.3f, start off by %.3f s (median)" % (
        len(truth), found.recall, found.precision, found.start))
    for shares in found.shares():
        print("  " + ", ".join("%s %.2f (%d)" % share for share in shares), flush=True)
    return {"recall": found.recall, "precision": found.precision, "start": found.start}


def measure_altered(places, material, truth):
    recalls = {}
    for kind in KINDS:
        found = Found()
        for query, plantings in truth.items():
            file = material / "altered" / kind / query
            rows = places.ask(file)
            places.keep(file, kind, rows, plantings)
            found.add(rows, plantings)
        recalls[kind] = found.recall
        print("  %-24s recall@2R %.3f, P@5 %.3f" % (kind, found.recall, found.precision), flush=True)
    mean = float(np.mean(list(recalls.values())))
    print("altered sounds: recall@2R %.3f" % mean, flush=True)
    return {"altered": mean}


def knows_likely(daemon):
    return b"--likely" in daemon.ctl("similar", "--help").stdout


def measure_absent(places, material, truth):
    files, figures = sorted((material / "absent").iterdir()), {}
    for file in files:
        places.keep(file, "absent", places.ask(file))
    if knows_likely(places.daemon):
        silent = [not places.ask(file, "--likely") for file in files]
        missed = [not places.ask(material / "queries" / query, "--likely") for query in truth]
        figures["silent"] = float(np.mean(silent))
        print("--likely says nothing of %.3f of %d absent sounds, and of %.3f of those that are there" % (
            figures["silent"], len(files), np.mean(missed)))
    return figures


def judge_scores(rows):
    """What a score is worth, of sounds as they were planted and of absent ones."""
    scored = [(row["score"], row["right"]) for row in rows if row["kind"] in ("", "absent")]
    sure = [right for score, right in scored if score >= SURE]
    share = float(np.mean(sure)) if sure else 1.0
    error, table = reliability(scored)
    print("of %d results with a score of at least %.1f, %.3f are right; expected calibration error %.3f" % (
        len(sure), SURE, share, error))
    for low, high, count, score, right in table:
        print("  %.1f to %.1f: %6d results, mean score %.3f, right %.3f" % (low, high, count, score, right))
    return {"sure": share}


def failures(figures):
    """What is below its limit, a line each."""
    return ["%s is %.3f, its limit %.3f" % (name, figures[name], limit) for name, limit in LIMITS.items()
            if name in figures and (figures[name] > limit if name == "start" else figures[name] < limit)]


def measure(a, daemon, material):
    truth = read_truth(material / "truth.csv")
    places, figures = Places(daemon, a.count), {}
    parts = {"found": measure_found, "altered": measure_altered, "absent": measure_absent}
    for name in a.parts:
        figures |= parts[name](places, material, truth)
    if {"found", "absent"} <= set(a.parts):
        figures |= judge_scores(places.rows)
    if a.rows:
        places.write(a.rows)
    return figures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--sounds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--material")
    parser.add_argument("--socket")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--parts", type=lambda s: s.split(","), default=PARTS)
    parser.add_argument("--rows")
    a = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="timbred-") as place:
        material = Path(a.material or place)
        has_limits = not a.sounds and not (material / "truth.csv").exists()
        if not (material / "truth.csv").exists():
            make_material(material, a.seed, a.minutes, a.sounds)
        with PrivateTimbred(a.binaries, folder=material / "library") as daemon:
            if a.socket:
                daemon.socket = a.socket
            else:
                daemon.start()
                daemon.call("Sync")
            figures = measure(a, daemon, material)
    wrong = failures(figures) if has_limits else []
    for line in wrong:
        print("inside.py: " + line, file=sys.stderr)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
