#!/usr/bin/env python3
"""check_descriptors.py GOLDEN.npz

Holds descriptors.py against values computed by another program: `L`, `P` and `n` are recordings end to end (levels,
strongest, frames of each), `descriptors` what is to come out."""

import sys

import numpy as np

from descriptors import describe


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    golden = np.load(sys.argv[1])
    ends = np.cumsum(golden["n"])
    ours = np.array([describe(golden["L"][end - count:end], golden["P"][end - count:end])
                     for end, count in zip(ends, golden["n"])])
    off = np.abs(ours - golden["descriptors"]) / (1 + np.abs(golden["descriptors"]))
    print(f"{len(ours)} sounds, largest difference {off.max():.1e} (descriptor {off.max(0).argmax()})")
    sys.exit(not off.max() <= 1e-3)


if __name__ == "__main__":
    main()
