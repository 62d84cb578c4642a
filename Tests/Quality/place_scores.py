"""Where sounds are planted in recordings, and how well the places that a search finds agree with that.

truth.csv has a line for each planting: file, start, end (seconds), query (the file that has the sound alone), label, and
above (dB by which it exceeds the background around it)."""

import csv
import os
from collections import defaultdict
from typing import NamedTuple

import numpy as np

# Of sounds with fewer plantings nothing is said.
FEWEST = 3
LENGTHS = (("under .35 s", 0.35), ("under .8 s", 0.8), ("under 2 s", 2), ("longer", float("inf")))
EDGES = (0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0001)


class Planting(NamedTuple):
    file: str
    start: float
    end: float
    query: str
    label: str
    above: int

    @property
    def length(self):
        return next(name for name, limit in LENGTHS if self.end - self.start < limit)


def read_truth(path):
    """{query: plantings}, of queries that are planted often enough."""
    truth = defaultdict(list)
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            truth[row["query"]].append(Planting(
                row["file"], float(row["start"]), float(row["end"]), row["query"], row["label"], int(row["above"])))
    return {query: places for query, places in sorted(truth.items()) if len(places) >= FEWEST}


def write_truth(path, plantings):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Planting._fields)
        writer.writerows(p._replace(start="%.4f" % p.start, end="%.4f" % p.end) for p in plantings)


def meets(row, planting):
    """Whether a result is in the planting's file and the two overlap by half of the shorter one."""
    overlap = min(row["end"], planting.end) - max(row["start"], planting.start)
    return os.path.basename(row["path"]) == planting.file and overlap >= 0.5 * min(
        row["end"] - row["start"], planting.end - planting.start)


def hits(rows, places):
    """For each result, the numbers of the plantings that it meets."""
    return [[i for i, place in enumerate(places) if meets(row, place)] for row in rows]


class Found:
    """What was found of sounds that are planted: averages over queries, and shares of plantings by kind."""

    def __init__(self):
        self.recalls, self.precisions, self.starts = [], [], []
        self.by_level, self.by_length, self.by_file = defaultdict(list), defaultdict(list), defaultdict(list)

    def add(self, rows, places):
        hit = hits(rows, places)
        first = hit[:2 * len(places)]
        met = {i for of_row in first for i in of_row}
        self.recalls.append(len(met) / len(places))
        self.precisions.append(sum(map(bool, hit[:5])) / 5)
        for i, place in enumerate(places):
            self.by_level[place.above].append(i in met)
            self.by_length[place.length].append(i in met)
            self.by_file[place.file].append(i in met)
        self.starts += [abs(row["start"] - places[i].start) for row, of_row in zip(rows, first) for i in of_row]

    @property
    def recall(self):
        """Of R plantings, the share met by the first 2 R results."""
        return float(np.mean(self.recalls))

    @property
    def precision(self):
        """The share of the first five results that meet a planting."""
        return float(np.mean(self.precisions))

    @property
    def start(self):
        """The median error of the start, in seconds."""
        return float(np.median(self.starts)) if self.starts else float("inf")

    def shares(self):
        """By level, by length and by recording: [(kind, share of its plantings found, how many there are)]."""
        levels = [("%d dB" % level, met) for level, met in sorted(self.by_level.items())]
        lengths = [(name, self.by_length[name]) for name, _ in LENGTHS if name in self.by_length]
        return [[(kind, float(np.mean(met)), len(met)) for kind, met in kinds]
                for kinds in (levels, lengths, sorted(self.by_file.items()))]


def reliability(scored):
    """(expected calibration error, [(from, to, results, mean score, share right)]) of (score, is right)."""
    scores, right = np.array([s for s, _ in scored]), np.array([r for _, r in scored], float)
    table = []
    for low, high in zip(EDGES, EDGES[1:]):
        part = (scores >= low) & (scores < high)
        if part.any():
            table.append((low, min(high, 1), int(part.sum()), float(scores[part].mean()), float(right[part].mean())))
    return sum(n * abs(score - share) for _, _, n, score, share in table) / max(len(scores), 1), table
