"""Asks timbrectl where sounds are heard, and keeps what it answers."""

import csv
import json
from pathlib import Path

from place_scores import hits

COLUMNS = ("query", "kind", "recording", "start", "end", "score", "distance", "rank", "right")


def similar(daemon, file, *options):
    """The results of `timbrectl similar`; none if it says that nothing is likely."""
    done = daemon.ctl("similar", file, "--json", *options, check=False)
    if done.returncode not in (0, 1) or done.stderr.strip() and not done.stdout.strip():
        raise SystemExit("timbrectl similar %s: %s" % (file, done.stderr.decode().strip()))
    return json.loads(done.stdout)["results"] if done.stdout.strip() else []


class PlaceSearch:
    """Searches for places, and remembers all results with whether they are right."""

    def __init__(self, daemon, count):
        self.daemon, self.count = daemon, count
        self.rows = []

    def ask(self, file, *options):
        return similar(self.daemon, file, "--segments", "-n", str(self.count), *options)

    def ask_and_keep(self, file, kind, places=()):
        rows = self.ask(file)
        for row, met in zip(rows, hits(rows, places)):
            self.rows.append({"query": file.name, "kind": kind, "recording": Path(row["path"]).name} | {
                key: row[key] for key in ("start", "end", "score", "distance", "rank")} | {"right": int(bool(met))})
        return rows

    def write(self, path):
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(self.rows)
