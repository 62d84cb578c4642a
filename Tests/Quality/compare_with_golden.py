#!/usr/bin/env python3
"""compare_with_golden.py BINARIES GOLDEN.npz MODEL

Holds the descriptors and the vectors that the product computes against those of another implementation, from the same
stored bands. GOLDEN has L, P and n (levels, peaks and frames of each sound), descriptors, floats (the components before
rounding) and vector; MODEL is the model that they were made with, as timbred reads it. Exits 1 if they do not agree: 0.002
of a descriptor's own deviation, 2e-4 of a component, one step of a vector's component."""

import json
import struct
import subprocess
import sys

import numpy as np


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    binaries, golden, model = sys.argv[1:]
    golden = np.load(golden)
    deviation = np.frombuffer(
        __import__("base64").b64decode(
            json.load(open(model))["timbred"]["network"]["deviation_f32le_base64"]), "<f4")
    packets, start = [], 0
    for count in golden["n"]:
        frames = slice(start, start + count)
        stored = np.concatenate([golden["P"][frames].astype("<f4").view(np.uint8).reshape(-1, 4), golden["L"][frames]], 1)
        packets.append(struct.pack("<I", count) + stored.tobytes())
        start += count
    output = subprocess.run(
        [binaries + "/timbre-bench", "describe", "--model", model], input=b"".join(packets), check=True,
        stdout=subprocess.PIPE).stdout
    lines = [json.loads(line) for line in output.splitlines()]
    assert len(lines) == len(golden["n"])
    worst = {
        "descriptors, in deviations": np.abs(
            np.array([line["descriptors"] for line in lines]) - golden["descriptors"]).__truediv__(deviation).max(),
        "components": np.abs(np.array([line["components"] for line in lines]) - golden["floats"]).max(),
        "vectors, in steps": np.abs(
            np.array([line["vector"] for line in lines]) - golden["vector"].astype(int)).max(),
    }
    limits = dict(zip(worst, (2e-3, 2e-4, 1)))
    for name, value in worst.items():
        print("%-28s %.2g (limit %g)" % (name, value, limits[name]))
    differing = (np.array([line["vector"] for line in lines]) != golden["vector"]).sum()
    print("%d of %d bytes differ" % (differing, golden["vector"].size))
    sys.exit(not all(value <= limits[name] for name, value in worst.items()))


if __name__ == "__main__":
    main()
