#!/usr/bin/env python3
"""golden_descriptors.py

Prints the descriptors of a few made up sounds, as GoldenDescriptors.swift has them. Needs numpy."""

import sys
from pathlib import Path

import numpy as np

from descriptors import describe

sys.path.insert(0, str(Path(__file__).parent.parent / "Quality"))

from timbre_descriptors import flat, golden_sounds, tone  # noqa: E402


def without_treble(frames, count):
    """Only the first bands: what a low sampling rate leaves of a sound."""
    return [frame[:4 + count] + bytes(100 - count) for frame in frames]


def sounds():
    """Those of before, and some that are cut at either end, or above a band."""
    hum = flat(40, 2 ** -7, 200)
    return golden_sounds() | {
        "a tone with hum around it": flat(30, 2 ** -8, 190) + tone(40, 0.875, 9) + hum,
        "hum alone": hum,
        "a tone without treble": without_treble(tone(30, 0.9375, 10), 55),
    }


def main():
    if sys.argv[1:]:
        sys.exit(__doc__)
    for name, frames in sounds().items():
        stored = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, 104)
        strongest = np.frombuffer(stored[:, :4].tobytes(), "<f4")
        strongest = np.where(np.isfinite(strongest) & (strongest > 0), strongest, 0)
        values = ["%.4f" % (value + 0.0) for value in describe(stored[:, 4:], strongest)]
        print('    "%s": """' % name)
        for start in range(0, len(values), 12):
            print("    " + " ".join(values[start:start + 12]))
        print('    """,')


if __name__ == "__main__":
    main()
