#!/usr/bin/env python3
"""peers.py BINARIES SOUNDS [--json] [--only PART …]

Measures timbred beside others that do the same work, in one run and in turns, on the sounds of make_sounds.py:
extraction beside librosa, essentia and a plain read by libsndfile, search beside faiss and usearch, storage beside
SQLite's own insertion, and scans beside find and stat. Ratios are medians of those of each round. A library that is not
there is passed over, and named."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "Quality"))

import extraction_peers  # noqa: E402
import scan_peers  # noqa: E402
import search_peers  # noqa: E402
import sqlite_peer  # noqa: E402

PARTS = ["extraction", "search", "storage", "scan"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--runs", type=int, default=5, help="how many rounds there are")
    parser.add_argument("--codes", nargs="+", type=int, default=[1_000_000, 10_000_000], help="numbers of codes")
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 3000, 10_000], help="numbers of files to scan")
    a = parser.parse_args()
    shots = sorted((Path(a.sounds) / "shots").rglob("*.wav"))

    def show(table):
        table.show(a.json)

    if "extraction" in a.only:
        extraction_peers.measure(a.binaries, a.sounds, show, a.runs)
    if "search" in a.only:
        search_peers.measure(a.binaries, show, a.codes, a.runs)
    if "storage" in a.only:
        sqlite_peer.measure(a.binaries, shots[:3000], show, a.runs)
    if "scan" in a.only:
        scan_peers.measure(a.binaries, shots, show, a.sizes, a.runs)


if __name__ == "__main__":
    main()
