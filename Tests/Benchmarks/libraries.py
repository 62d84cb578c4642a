"""Large libraries, made by timbre-bench: how long they take to start, and to answer, and how much memory they need."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import queries
from private_timbred import PrivateTimbred

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ["READY ms", "first answer ms", "all compared ms", "comparing, µs a file", "× find -printf", "MB",
                 "most MB", "database MB"]


def start_lines(binaries, files, place, table):
    """Has Quality/start.py make a library and start it; adds a line for each kind of start."""
    done = subprocess.run(
        [sys.executable, ROOT / "Tests/Quality/start.py", binaries, "--files", str(files), "--runs", "3", "--library",
         place, "--model", ROOT / "Config/timbre-model.json", "--json"], capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    comparison = figures["comparison"]
    for name in ("first start", "after a stop", "after kill -9"):
        start = figures[name]
        table.add("%d files, %s" % (files, name), start["ready"], start["answer"], start["compared"],
                  comparison["timbred ms"] * 1000 / files, comparison["ratio"], figures["memory MB"], start["peak MB"],
                  figures["database MB"])


def measure(binaries, files, tables, seconds):
    """Adds lines for one library to the tables of starts, questions and commands."""
    place = Path(tempfile.mkdtemp(prefix="timbred-library-"))
    try:
        start_lines(binaries, files, place, tables["start"])
        with PrivateTimbred(binaries, folder=place / "sounds") as daemon:
            daemon.state = place / "state"
            daemon.start()
            daemon.call("Sync")
            prefix = "%d files made up, " % files
            queries.socket_lines(daemon, tables["query"], prefix, seconds)
            queries.command_lines(daemon, tables["command"], prefix)
    finally:
        shutil.rmtree(place, ignore_errors=True)
