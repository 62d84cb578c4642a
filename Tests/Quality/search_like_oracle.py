#!/usr/bin/env python3
"""search_like_oracle.py BINARIES ORACLE SOUNDS [--queries 50]

Holds `similar --metric codes --segments` against the reference search of the timbre code (timbre_reference.py in the
folder ORACLE) over a folder of sounds, with the daemon's own model: the same distances in the same order."""

import argparse
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from private_timbred import PrivateTimbred


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("oracle")
    parser.add_argument("sounds")
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    sys.path.insert(0, a.oracle)
    import timbre_reference as reference
    with PrivateTimbred(a.binaries) as daemon:
        shutil.copytree(a.sounds, daemon.folder, dirs_exist_ok=True)
        daemon.start()
        daemon.call("Sync")
        model_file = daemon.place / "model.json"
        daemon.ctl("model", "export", "1", str(model_file)) if False else model_file.write_text(
            daemon.call("ExportModel")["document"])
        centroids, spec = reference.load_model(str(model_file))
        index, spans, close = reference.Index(), {}, 0
        # The order in which files came into the library is their age, which breaks ties.
        for item in sorted((f for f in daemon.list() if f["state"] == "indexed"), key=lambda f: f["id"]):
            found = reference.analyse(item["path"], centroids, spec)
            index.add(item["path"], found["spans"], found["times"])
            spans[item["path"]] = found["spans"]
            own = [np.frombuffer(__import__("base64").b64decode(s["code"]), np.uint8)
                   for c in daemon.call("Info", path=item["path"])["codes"][:1] for s in c["spans"]]
            if not np.array_equal(np.array(own).reshape(-1, 16), found["spans"]):
                # Allowed only where the two nearest centroids are practically equally near.
                near = found["margin"][~found["silent"]].min()
                assert near < reference.TOLERANCE["code_margin"], (item["path"], near)
                close += 1
        chance = random.Random(a.seed)
        queries = chance.sample(sorted(p for p, s in spans.items() if s.any()), a.queries)
        for path in queries:
            span = next(i for i, s in enumerate(spans[path]) if s.any())
            code = reference.to_text(spans[path][span])
            wanted = [(d, p, round(s, 4)) for d, _, p, _, s, _ in index.search(spans[path][span], a.count)]
            reply = daemon.ctl_json("similar", "--code", code, "--metric", "codes", "--segments", "-n", str(a.count))
            found = [(int(r["distance"]), r["path"], round(r["start"], 4)) for r in reply["results"]]
            if close == 0:
                assert found == wanted, (path, found, wanted)
            assert [f[0] for f in found] == [w[0] for w in wanted] or close, (path, found, wanted)
        print("%d files, %d spans, %d queries of %d: the same spans, distances and order; %d files with a code within "
              "the margin" % (len(spans), len(index.rows), len(queries), a.count, close))


if __name__ == "__main__":
    main()
