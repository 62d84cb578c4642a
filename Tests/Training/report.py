#!/usr/bin/env python3
"""report.py BINARIES MODEL.json SOUNDS... --work DIR

How good a model is that `train.py --held-out` has made, on the groups that it was not trained on (speakers left out):
neighbours that agree with labels; how true the score is; how often "nothing near" is right; how often a changed sound is
found first, or one of its own label and group, and within the first five."""

import argparse
from pathlib import Path

import numpy as np

import views as view_maker
from libraries import library, small_libraries
from measures import table
from reliability import nothing_near, reliability
from sounds import numbered, read_sounds
from vector import distances
from write_model import read_model


def show_reliability(score, every, sounds):
    error, rows = reliability(score, every)
    print(f"\nscore of the first ten, {len(sounds)} sounds: expected calibration error {error:.3f}")
    for first, share, told, true in rows:
        print(f"  from {first:.2f}: {share:6.1%} of results, score {told:.3f}, of one label {true:.3f}")
    for name, small in small_libraries(every, sounds):
        print(f"  {name}: {len(small.label)} sounds, expected calibration error {reliability(score, small)[0]:.3f}")


def show_invariance(network, views, sounds):
    """Variants as queries; the sounds themselves are the library."""
    _, cell = numbered(f"{sound.label}\n{sound.group}" for sound in sounds)
    library = network(views[:, 0])
    print("\nchanged:     first   first or its like   within five")
    for name in dict.fromkeys(view.split()[0] for view in view_maker.VIEWS[1:]):
        found = []
        for place in [n for n, view in enumerate(view_maker.VIEWS) if view.split()[0] == name]:
            order = np.argsort(distances(network(views[:, place]), library), axis=1, kind="stable")[:, :5]
            itself = order == np.arange(len(sounds))[:, None]
            found.append([itself[:, 0].mean(), (cell[order[:, 0]] == cell).mean(), itself.any(1).mean()])
        print(f"{name:10}" + "   ".join(f"{share:8.3f}" for share in np.mean(found, 0)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=Path)
    parser.add_argument("model")
    parser.add_argument("sounds", nargs="+")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    a = parser.parse_args()
    network, score = read_model(a.model)
    views, sounds = view_maker.load(a.binaries / "timbre-extract", read_sounds(a.sounds), a.work, a.jobs)
    chosen = np.array([sound.is_held_out and not sound.is_speaker for sound in sounds])
    views, sounds = views[chosen], [sound for sound, kept in zip(sounds, chosen) if kept]

    vectors = network(views[:, 0])
    every = library(vectors, sounds, network.scale)
    print(f"{len(sounds)} sounds, {len({s.label for s in sounds})} labels, {len({s.group for s in sounds})} groups")
    print("\n".join(table(every.d, sounds)))
    show_reliability(score, every, sounds)
    print("\nnothing near, when the best score is below: of queries whose kind is not there, of those whose kind is")
    for limit, absent, present in nothing_near(score, every):
        print(f"  {limit:.2f}: {absent:.3f} {present:.3f}")
    show_invariance(network, views, sounds)


if __name__ == "__main__":
    main()
