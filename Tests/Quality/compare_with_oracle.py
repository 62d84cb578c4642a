#!/usr/bin/env python3
"""compare_with_oracle.py --oracle DIR [--extract PROGRAM] FILE...

Holds timbre-extract against the executable definition of the timbre code, timbre_reference.py in DIR, file by file
and within its TOLERANCE. Needs numpy, scipy and soundfile. Exit code 1 if a file differs.
"""
import argparse
import json
import os
import resource
import subprocess
import sys
import time

import numpy as np


def extract(program, path, limit):
    """-> (features or None, what was said on stderr, exit code, seconds)"""
    start = time.monotonic()
    try:
        done = subprocess.run([program, "--json", path], capture_output=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None, "no answer after %d s" % limit, None, limit
    seconds = time.monotonic() - start
    features = json.loads(done.stdout) if done.returncode == 0 else None
    return features, done.stderr.decode(errors="replace").strip(), done.returncode, seconds


def largest(difference):
    return float(np.abs(difference).max()) if difference.size else 0.0


def differences(ours, theirs):
    """-> {what: largest difference}, in TOLERANCE's terms"""
    if ours["samples"] != len(theirs["resampled"]) or ours["frames"] != len(theirs["bark"]):
        return {"samples": abs(ours["samples"] - len(theirs["resampled"])),
                "frames": abs(ours["frames"] - len(theirs["bark"]))}
    silent = set(np.nonzero(theirs["silent"])[0].tolist()) ^ set(ours["silent"])
    bark = np.array(ours["bark"]).reshape(-1, 100)
    heard = ~theirs["silent"]
    top = np.maximum(theirs["bark"].max(axis=1, keepdims=True), 1e-30)
    # A silent frame's bands count against the threshold of silence, not against themselves.
    top = np.where(heard[:, None], top, np.maximum(top, 1e-4))
    found = {"bark_rel": largest((bark - theirs["bark"]) / top), "silent": len(silent)}
    for ours_key, key in (("bfcc", "bfcc_abs"), ("unit", "unit_abs")):
        found[key] = largest(np.array(ours[ours_key]).reshape(-1, 13) - theirs[ours_key])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1])
    parser.add_argument("--oracle", required=True, help="the folder of timbre_reference.py")
    parser.add_argument("--extract", default=".build/release/timbre-extract")
    parser.add_argument("--limit", type=int, default=60, help="seconds for a file")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.oracle)
    import timbre_reference as oracle
    tolerance = dict(oracle.TOLERANCE, silent=0, samples=0, frames=0)

    worst, bad, compared = {}, 0, 0
    for path in arguments.files:
        ours, said, code, seconds = extract(arguments.extract, path, arguments.limit)
        name = os.path.basename(path)
        # What is beyond our limits is beyond the oracle's memory as well.
        theirs, refusal = None, "not asked"
        if ours is not None or code == 65 and "outside" not in said:
            try:
                theirs = oracle.analyse(path)
                refusal = "no samples" if len(theirs["bark"]) == 0 else None
            except Exception as error:                                   # noqa: BLE001
                refusal = str(error).split(": ", 1)[-1]
        if ours is None:
            known = "" if refusal else "   BUT the oracle has %d frames" % len(theirs["bark"])
            print("%-36s %6.2f s  exit %s: %s%s" % (name, seconds, code, said, known))
            continue
        if refusal:
            print("%-36s %6.2f s  %d frames   BUT the oracle says: %s" % (name, seconds, ours["frames"], refusal))
            continue
        found = differences(ours, theirs)
        compared += 1
        differs = [key for key, value in found.items() if not value <= tolerance[key]]
        bad += bool(differs)
        for key, value in found.items():
            worst[key] = max(worst.get(key, 0), value)
        print("%-36s %6.2f s  %5d frames%s  %s%s" % (
            name, seconds, ours["frames"], ", incomplete" if ours["incomplete"] else "",
            "  ".join("%s %.1e" % item for item in found.items() if item[1]),
            "   DIFFERS in " + ", ".join(differs) if differs else ""))
    print("%d compared, %d differ; at worst %s; the largest process took %d MB" % (
        compared, bad, "  ".join("%s %.1e" % item for item in worst.items()),
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
