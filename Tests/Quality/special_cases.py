#!/usr/bin/env python3
"""special_cases.py BINARIES CORPUS

Indexes the folders `formats` and `hostile` of a corpus and holds each file against the column `expect` of its
special.csv: `index` has to be indexed, `skip` must not be, with a reason told by `errors` or by `list --all`, and of
`either` each is right. Files with the same `same_as` have to be near each other."""

import csv
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

from private_timbred import PrivateTimbred, exact


def main():
    binaries, corpus = sys.argv[1], Path(sys.argv[2])
    rows = list(csv.DictReader(open(corpus / "special.csv")))
    with PrivateTimbred(binaries) as daemon:
        for name in ("formats", "hostile"):
            shutil.copytree(corpus / name, daemon.folder / name)
        daemon.start()
        daemon.call("Sync")
        listed = {exact(f): f for f in daemon.list(all=True)}
        reasons = {exact(f): f["error"] for r in stream(daemon, "Errors") for f in r["files"]}
        outcomes, wrong = Counter(), []
        for row in rows:
            path = daemon.folder / row["path"]
            item = listed.get(os.fsencode(path), {})
            state = item.get("state", "not listed")
            reason = reasons.get(os.fsencode(path)) or item.get("error")
            outcomes[row["expect"], state] += 1
            ok = {"index": state == "indexed", "either": state in ("indexed", "failed", "skipped"),
                  "skip": path.is_dir() or (state in ("failed", "skipped") and bool(reason))}[row["expect"]]
            if not ok:
                wrong.append((row["path"], row["expect"], state, reason))
            if state in ("failed", "skipped"):
                print("%-45s %s: %s" % (row["path"], state, reason))
        cello = [r["path"] for r in rows if r["same_as"] == "cello"]
        near = 0
        cello = [p for p in cello if listed.get(os.fsencode(daemon.folder / p), {}).get("state") == "indexed"]
        for path in cello:
            reply = daemon.call("Similar", queries=[{"path": str(daemon.folder / path)}], count=5)
            near += any(r["path"] == str(daemon.folder / other) for r in reply["results"] for other in cello)
        for pair, count in sorted(outcomes.items()):
            print("%s -> %s: %d" % (*pair, count))
        print("%d lines, %d wrong; of %d files that sound the same, %d have another one among the first 5" % (
            len(rows), len(wrong), len(cello), near))
        assert not wrong, wrong


def stream(daemon, method):
    client = daemon.connect()
    yield from client.stream(method)
    client.close()


if __name__ == "__main__":
    main()
