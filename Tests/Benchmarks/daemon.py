#!/usr/bin/env python3
"""daemon.py BINARIES SOUNDS [--json] [--only PART …]

Measures a private timbred from outside, on the sounds of make_sounds.py: how fast it takes files in, how long questions
take, how soon a dropped file is found, what a retrain takes, how large libraries start, and what it does while nothing
happens."""

import argparse
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "Quality"))

import busy  # noqa: E402
import drops  # noqa: E402
import idle  # noqa: E402
import ingest  # noqa: E402
import libraries  # noqa: E402
import queries  # noqa: E402
import retrain  # noqa: E402
from figure_table import FigureTable  # noqa: E402

PARTS = ["ingest", "query", "command", "start", "busy", "drop", "retrain", "idle"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--sizes", nargs="+", type=int, default=[1000, 3000, 10_000], help="numbers of files")
    parser.add_argument("--libraries", nargs="+", type=int, default=[10_000, 100_000], metavar="FILES",
                        help="sizes of large libraries, made up, to start and to ask")
    parser.add_argument("--runs", type=int, default=3, help="how often files are taken in")
    parser.add_argument("--seconds", type=float, default=3, help="how long clients ask")
    parser.add_argument("--idle", type=int, default=60, help="how many seconds nothing happens")
    a = parser.parse_args()
    shots = sorted((Path(a.sounds) / "shots").rglob("*.wav"))
    tables = {
        "ingest": FigureTable("ingest: one-shots, from an empty state to searchable; memory when done", ingest.COLUMNS),
        "query": FigureTable("query: similar to a library file, over the socket", queries.SOCKET_COLUMNS),
        "command": FigureTable("command: whole processes", queries.COMMAND_COLUMNS),
        "start": FigureTable("start: large libraries of which nothing has changed", libraries.COLUMNS),
        "busy": FigureTable("query during ingest: similar to a library file, over the socket", busy.COLUMNS),
        "drop": FigureTable("drop: from a file's close until a search finds it, one at a time", drops.COLUMNS),
        "retrain": FigureTable("retrain: a new model from the stored features", retrain.COLUMNS),
        "idle": FigureTable("idle: what the threads of the daemon do while nothing happens", idle.COLUMNS),
    }

    def wanted(part):
        return tables[part] if part in a.only else None

    if set(a.only) - {"idle", "start"}:
        for size in a.sizes:
            runs = a.runs if wanted("ingest") else 1
            with ingest.measured(a.binaries, shots[:size], tables["ingest"], runs) as daemon:
                prefix = "%d files, " % min(size, len(shots))
                if wanted("query"):
                    if size == a.sizes[0]:
                        tables["query"].add("GetInfo, 1 client, 5 ms apart", *queries.ask(
                            daemon, [{}], seconds=a.seconds, method="org.varlink.service.GetInfo"))
                    queries.socket_lines(daemon, tables["query"], prefix, a.seconds)
                if wanted("command"):
                    queries.command_lines(daemon, tables["command"], prefix)
                if wanted("drop") and size == a.sizes[0]:
                    drops.measure(daemon, shots, tables["drop"])
                if wanted("retrain"):
                    retrain.measure(daemon, tables["retrain"], prefix)
                if wanted("busy") and size == a.sizes[-1]:
                    busy.measure(daemon, shots[:4000], tables["busy"], a.seconds)
    for size in a.libraries if wanted("start") else []:
        libraries.measure(a.binaries, size, tables, a.seconds)
    if wanted("idle"):
        idle.measure(a.binaries, shots[:a.sizes[0]], tables["idle"], a.idle)
    for table in tables.values():
        if table.rows:
            table.show(a.json)


if __name__ == "__main__":
    main()
