#!/usr/bin/env python3
"""background_shapes.py TIMBRE-EXTRACT FOLDER [--shapes 16]

Finds typical shapes of backgrounds in the sounds of a folder, by k-means: of each group of five bands how far it is above
the mean of all, in quarters of a decibel, as Sources/SoundEvents/BackgroundShape.swift has them."""

import argparse
from pathlib import Path

import numpy as np

from bands import ExtractionError, extract

REACH, STEP, GROUP, PLACES, LEAST, ROUNDS = 172, 16, 5, 12, 60, 30


def background(levels, strongest):
    """Shape [places, 20], of up to PLACES places of a sound, in decibels."""
    x = np.maximum((levels.astype("f4") - 255) * 80 / 255 + 20 * np.log10(np.maximum(strongest, 1e-9))[:, None], -120)
    n = len(x)
    rows = []
    for at in range(0, n + STEP, STEP):
        window = x[min(max(0, at - REACH), max(0, n - REACH)):max(1, at + REACH)]
        rank = 2 * (len(window) - 1) // 5
        rows.append(np.partition(window, rank, axis=0)[rank])
    found = np.maximum(np.array(rows) + 1.5, -100).reshape(len(rows), -1, GROUP).mean(2)
    return found[::max(1, len(found) // PLACES)]


def clusters(points, count, seed=1):
    generator = np.random.default_rng(seed)
    centres = points[generator.choice(len(points), count, replace=False)]
    for _ in range(ROUNDS):
        nearest = np.stack([((points - centre) ** 2).sum(1) for centre in centres], 1).argmin(1)
        centres = np.stack([points[nearest == k].mean(0) if (nearest == k).any() else centres[k] for k in range(count)])
    return centres


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shapes", type=int, default=16)
    a = parser.parse_args()
    found = []
    for path in sorted(p for p in a.folder.rglob("*") if p.is_file()):
        try:
            levels, strongest = extract(a.program, str(path))
        except ExtractionError:
            continue
        if len(levels) >= LEAST:
            found.append(background(levels, strongest))
    points = np.concatenate(found)
    # Silence has no shape.
    points = points[points.mean(1) > -99.5]
    points = points - points.mean(1, keepdims=True)
    for centre in sorted(np.rint(4 * clusters(points, a.shapes)).astype(int).tolist(), key=lambda c: c[0] - c[-1]):
        print("        %s," % centre)


if __name__ == "__main__":
    main()
