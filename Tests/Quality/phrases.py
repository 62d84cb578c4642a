"""A long query is a sequence: phrases of three to five sounds have to be found before the same sounds in another order, or
alone."""

from pathlib import Path

import numpy as np

from backgrounds import background
from instruments import RATE, unit
from place_scores import Planting, meets
from place_search import PlaceSearch
from planted_recordings import LEVEL, recording, write, write_alone
from private_timbred import PrivateTimbred

PHRASES = 12
# What a phrase is made of is shorter than so many seconds, and begins so many after what comes before it.
SHORT, APART = 0.8, (0.45, 1.5)
# How often each phrase is planted, and each reordered one; each sound alone once.
PLANTED, REORDERED = 4, 3
ABOVE = (6, 12, 20)
BACKGROUNDS = ("wind", "room", "rain", "surf")


def phrase(sounds, starts):
    out = np.zeros(int(starts[-1] * RATE) + len(sounds[-1]))
    for x, start in zip(sounds, starts):
        at = int(start * RATE)
        out[at:at + len(x)] += x[:len(out) - at]
    return out


def make_phrases(chance, sounds):
    """Sounds to plant, (query, role, samples): what phrases are true, and what else is made of the same."""
    short = [x for _, _, x in sounds if len(x) < SHORT * RATE]
    true, decoys, at = [], [], 0
    for number in range(PHRASES):
        count = int(chance.integers(3, 6))
        parts = [short[(at + i) % len(short)] for i in range(count)]
        at += count
        starts = np.concatenate([[0], np.cumsum(chance.uniform(*APART, count - 1))])
        name = "phrase%02d.wav" % number
        true.append((name, "true", unit(phrase(parts, starts))))
        others = [order for order in (chance.permutation(count) for _ in range(60)) if (order != np.arange(count)).all()]
        decoys += [(name, "reordered", unit(phrase([parts[i] for i in order], starts))) for order in others[:REORDERED]]
        decoys += [(name, "alone", x) for x in parts]
    return true, decoys


def make_recordings(folder, chance, true, decoys):
    """Everything once in any order, over some recordings: [plantings], whose labels are their roles."""
    everything = [item for item in true for _ in range(PLANTED)] + decoys
    shuffled, plantings = [everything[i] for i in chance.permutation(len(everything))], []
    for name, part in zip(BACKGROUNDS, np.array_split(np.arange(len(shuffled)), len(BACKGROUNDS))):
        items = [shuffled[i] for i in part]
        seconds = 10 + sum(len(x) / RATE + 8 for _, _, x in items)
        x, file = background(name, chance, seconds) * LEVEL, "%s.flac" % name
        plantings += recording(chance, file, x, items, ABOVE, in_turn=True)
        write(folder / file, x * min(1, 0.9 / np.abs(x).max()))
    return plantings


def first_rank(rows, planting):
    return next((i for i, row in enumerate(rows) if meets(row, planting)), len(rows))


def measure_phrases(binaries, place, chance, sounds, count):
    """How much of the first R results is the phrase, and how often a true place comes before one of a decoy."""
    library, queries = Path(place, "phrases"), Path(place, "phrase queries")
    true, decoys = make_phrases(chance, sounds)
    for name, _, x in true:
        write_alone(queries / name, x)
    plantings: list[Planting] = make_recordings(library, chance, true, decoys)
    precisions, above = [], {"reordered": [], "alone": []}
    with PrivateTimbred(binaries, folder=library) as daemon:
        daemon.start()
        daemon.call("Sync")
        search = PlaceSearch(daemon, count)
        for name, _, _ in true:
            mine = [p for p in plantings if p.query == name]
            right = [p for p in mine if p.label == "true"]
            rows = search.ask(queries / name)
            precisions.append(sum(any(meets(row, p) for p in right) for row in rows[:len(right)]) / len(right))
            for role in above:
                above[role] += [first_rank(rows, p) < first_rank(rows, q) for p in right for q in mine if q.label == role]
    figures = {"phrases": float(np.mean(precisions)), "order": float(np.mean(above["reordered"]))}
    print("%d phrases of 3 to 5 sounds: P@R %.3f; before the same sounds in another order %.3f, before each alone %.3f" % (
        len(true), figures["phrases"], figures["order"], np.mean(above["alone"])), flush=True)
    return figures
