#!/usr/bin/env python3
"""inside.py BINARIES [--sounds FOLDER] [--seed 1] [--minutes 6] [--parts found,…] [--material FOLDER] [--socket SOCKET]
[--rows FILE]

Where in my recordings does this sound occur? Eight recordings are made with sounds planted in them (planted_recordings.py),
and each sound is searched for with `timbrectl similar --segments`, as it was before it was planted. The parts:

found    how many of its plantings are met by the first 2 R results, R being their number; how many of the first five
         results meet one; the median error of the start; by level, by length, by recording
altered  the same, of sounds that were cropped, stretched, transposed, equalised (altered_sounds.py)
absent   sounds that are in no recording: how often --likely says nothing; what a score is worth, over all results
phrases  several sounds in order, beside the same ones in another order and alone (phrases.py)
files    recordings among short files, without --segments (whole_files.py)

--sounds    plant the sounds of a folder instead of made ones; its labels.csv tells of what kind they are, if there is one
--material  measure found, altered and absent on a folder as an earlier run has left it there; where there is none, make it
            there and keep it
--socket    ask this daemon, which watches the material's library, instead of a private one
--rows      write each result as CSV: query, how it was altered, recording, start, end, score, distance, rank, right

Made sounds have limits, below which the check fails; real ones, and what an earlier run has left, are only measured. Needs
numpy."""

import argparse
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
except ImportError:
    sys.exit("inside.py: numpy is needed: apt install python3-numpy, or pip install numpy")

from altered_sounds import SORTS
from phrases import measure_phrases
from place_scores import Found, read_truth, reliability
from place_search import PlaceSearch
from planted_recordings import make_material, sounds_for
from private_timbred import PrivateTimbred
from whole_files import measure_whole_files

PARTS = ("found", "altered", "absent", "phrases", "files")
# A result with this score is nine times out of ten right.
SURE = 0.9
# A little less than made sounds reach with seeds 1 to 3: (name of a figure, its limit, whether less is better).
LIMITS = (("recall", 0.9, False), ("precision", 0.93, False), ("start", 0.02, True), ("altered", 0.75, False),
          ("sure", 0.9, False), ("silent", 0.85, False), ("phrases", 0.85, False), ("order", 0.9, False),
          ("recordings", 0.88, False), ("said where", 0.75, False), ("short files", 1, False))


def measure_found(search, material, truth):
    found = Found()
    for query, plantings in truth.items():
        found.add(search.ask_and_keep(material / "queries" / query, "", plantings), plantings)
    print("%d sounds: recall@2R %.3f, P@5 %.3f, start off by %.3f s (median)" % (
        len(truth), found.recall, found.precision, found.start))
    for shares in found.shares():
        print("  " + ", ".join("%s %.2f (%d)" % share for share in shares), flush=True)
    return {"recall": found.recall, "precision": found.precision, "start": found.start}


def measure_altered(search, material, truth):
    """Of all that can be done to a sound, each sort weighs the same."""
    recalls = {}
    for sort, kinds in SORTS.items():
        of_sort = []
        for kind in kinds:
            found = Found()
            for query, plantings in truth.items():
                found.add(search.ask_and_keep(material / "altered" / kind / query, kind, plantings), plantings)
            of_sort.append(found.recall)
            print("  %-16s recall@2R %.3f, P@5 %.3f" % (kind, found.recall, found.precision), flush=True)
        recalls[sort] = float(np.mean(of_sort))
    mean = float(np.mean(list(recalls.values())))
    print("altered sounds: recall@2R %.3f; %s" % (mean, ", ".join("%s %.3f" % item for item in recalls.items())), flush=True)
    return {"altered": mean}


def measure_absent(search, material, truth):
    files, figures = sorted((material / "absent").iterdir()), {}
    for file in files:
        search.ask_and_keep(file, "absent")
    if b"--likely" in search.daemon.ctl("similar", "--help").stdout:
        figures["silent"] = float(np.mean([not search.ask(file, "--likely") for file in files]))
        missed = np.mean([not search.ask(material / "queries" / query, "--likely") for query in truth])
        print("--likely says nothing of %.3f of %d absent sounds, and of %.3f of those that are there" % (
            figures["silent"], len(files), missed))
    return figures | judge_scores(search.rows)


def judge_scores(rows):
    """What a score is worth, of sounds as they were planted and of absent ones."""
    scored = [(row["score"], row["right"]) for row in rows if row["kind"] in ("", "absent")]
    sure = [right for score, right in scored if score >= SURE]
    share = float(np.mean(sure)) if sure else 0.0
    error, table = reliability(scored)
    print("of %d results with a score of at least %.1f, %.3f are right; expected calibration error %.3f" % (
        len(sure), SURE, share, error))
    for low, high, count, score, right in table:
        print("  %.1f to %.1f: %6d results, mean score %.3f, right %.3f" % (low, high, count, score, right), flush=True)
    return {"sure": share}


def measure_places(a, daemon, material):
    """What is measured on one material, by one daemon."""
    truth, search = read_truth(material / "truth.csv"), PlaceSearch(daemon, a.count)
    figures = {}
    for name, measure in (("found", measure_found), ("altered", measure_altered), ("absent", measure_absent)):
        if name in a.parts:
            figures |= measure(search, material, truth)
    if a.rows:
        search.write(a.rows)
    return figures


def measure(a, place, material, is_there):
    """All parts; the figures by name."""
    figures, parts = {}, set(a.parts)
    if not is_there or parts & {"phrases", "files"}:
        sounds, beds = sounds_for(np.random.default_rng(a.seed), a.minutes, a.sounds)
    if parts & {"found", "altered", "absent"}:
        if not is_there:
            make_material(material, np.random.default_rng(a.seed), a.minutes, sounds, beds)
        with PrivateTimbred(a.binaries, folder=material / "library") as daemon:
            if a.socket:
                daemon.socket = a.socket
            else:
                daemon.start()
                daemon.call("Sync")
            figures |= measure_places(a, daemon, material)
    if "phrases" in parts:
        figures |= measure_phrases(a.binaries, place, np.random.default_rng(a.seed), sounds, a.count)
    if "files" in parts:
        figures |= measure_whole_files(a.binaries, place, np.random.default_rng(a.seed), sounds)
    return figures


def failures(figures):
    """What does not reach its limit, a line each."""
    return ["%s is %.3f, the limit is %.3f" % (name, figures[name], limit) for name, limit, is_most in LIMITS
            if name in figures and (figures[name] > limit if is_most else figures[name] < limit)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    for name in ("--sounds", "--material", "--socket", "--rows"):
        parser.add_argument(name)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--parts", type=lambda text: text.split(","), default=PARTS)
    a = parser.parse_args()
    if unknown := set(a.parts) - set(PARTS):
        parser.error("--parts knows %s, not %s" % (", ".join(PARTS), ", ".join(sorted(unknown))))
    print("seed %d" % a.seed, flush=True)
    with tempfile.TemporaryDirectory(prefix="timbred-") as place:
        material = Path(a.material or place)
        is_there = (material / "truth.csv").exists()
        figures = measure(a, place, material, is_there)
    wrong = [] if a.sounds or is_there else failures(figures)
    for line in wrong:
        print("inside.py: " + line, file=sys.stderr)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
