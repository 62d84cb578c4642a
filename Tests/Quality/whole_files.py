"""Long recordings among short files: `timbrectl similar` ranks a recording by the place where the sound is heard, and short
files among themselves as it does where there are no recordings."""

import shutil
from pathlib import Path

import numpy as np

from backgrounds import BACKGROUNDS, background
from place_scores import meets
from place_search import similar
from planted_recordings import LEVEL, recording, write, write_alone
from private_timbred import PrivateTimbred

# Recordings, their seconds, the sounds that are searched for, and how many of them each recording has, twice each.
RECORDINGS, SECONDS, QUERIES, IN_EACH = 24, 90, 24, 6
ABOVE = (6, 12, 20)
ALL = ("-n", "1000", "--metric", "timbre")


def make_library(folder, chance, sounds):
    """Writes shorts/ and recordings/; returns the plantings."""
    for name, _, x in sounds:
        write_alone(folder / "shorts" / name, x)
    plantings, names = [], list(BACKGROUNDS)
    for number in range(RECORDINGS):
        x = background(names[number % len(names)], chance, SECONDS) * LEVEL
        chosen = [sounds[i] for i in chance.choice(QUERIES, IN_EACH, replace=False)] * 2
        items = [chosen[i] for i in chance.permutation(len(chosen))]
        file = "%02d.flac" % number
        plantings += recording(chance, file, x, items, ABOVE, in_turn=True)
        write(folder / "recordings" / file, x * min(1, 0.9 / np.abs(x).max()))
    return plantings


def average_precision(is_right):
    """The mean of the precision at each right result."""
    ranks = np.flatnonzero(is_right) + 1
    return float(np.mean(np.arange(1, len(ranks) + 1) / ranks)) if len(ranks) else 0.0


def is_long(row):
    return "/recordings/" in row["path"]


def answers(daemon, folder, sounds):
    return {name: similar(daemon, folder / "shorts" / name, *ALL) for name, _, _ in sounds}


def judge_recordings(found, plantings, queries):
    """(mean average precision of which recordings have a sound, share of the first R that say rightly where)."""
    precisions, places = [], []
    for name in queries:
        mine = [p for p in plantings if p.query == name]
        have = {p.file for p in mine}
        if not have:
            continue
        long = [row for row in found[name] if is_long(row)]
        precisions.append(average_precision(np.array([Path(row["path"]).name in have for row in long], bool)))
        places += [bool(row.get("inside")) and any(meets(row, p) for p in mine) for row in long[:len(have)]]
    return float(np.mean(precisions)), float(np.mean(places))


def differences(with_recordings, without):
    """The sounds whose short neighbours are not the same, in the same order, at the same distance, in both."""
    def short(rows):
        return [(Path(row["path"]).name, row["distance"]) for row in rows if not is_long(row)]
    return [name for name in without if short(with_recordings[name]) != short(without[name])]


def measure_whole_files(binaries, place, chance, sounds):
    folder, bare = Path(place, "files"), Path(place, "files without recordings")
    plantings = make_library(folder, chance, sounds)
    shutil.copytree(folder / "shorts", bare / "shorts")
    found = []
    for library in (folder, bare):
        with PrivateTimbred(binaries, folder=library) as daemon:
            daemon.start()
            daemon.call("Sync")
            found.append(answers(daemon, library, sounds))
    precision, places = judge_recordings(found[0], plantings, [name for name, _, _ in sounds[:QUERIES]])
    print("%d recordings of %d s among %d short files: which have a sound, average precision %.3f; of the first R, %.3f say"
          " where" % (RECORDINGS, SECONDS, len(sounds), precision, places), flush=True)
    others = differences(*found)
    print("  short files among themselves: %d of %d answers differ without the recordings" % (len(others), len(sounds)))
    return {"recordings": precision, "said where": places, "short files": 1 - len(others) / len(sounds)}
