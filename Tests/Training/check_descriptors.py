#!/usr/bin/env python3
"""check_descriptors.py GOLDEN.npz

Holds descriptors.py against values computed by another program: `L`, `P` and `n` are recordings end to end (levels,
strongest, frames of each), `descriptors` what is to come out. Without the file there is nothing to check."""

import sys
from pathlib import Path

import numpy as np

from descriptors import describe


def main():
    if len(sys.argv) < 2 or not Path(sys.argv[1]).exists():
        print("skipped: no golden values")
        return
    golden = np.load(sys.argv[1])
    ends = np.cumsum(golden["n"])
    ours = np.array([describe(golden["L"][end - count:end], golden["P"][end - count:end])
                     for end, count in zip(ends, golden["n"])])
    off = np.abs(ours - golden["descriptors"]) / (1 + np.abs(golden["descriptors"]))
    print(f"{len(ours)} sounds, largest difference {off.max():.1e} (descriptor {off.max(0).argmax()})")
    sys.exit(1 if off.max() > 1e-3 else 0)


if __name__ == "__main__":
    main()
