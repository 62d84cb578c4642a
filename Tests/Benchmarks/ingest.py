"""How fast the daemon takes files in, beside extraction alone, what that costs, and how much room it needs."""

import contextlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

from figure_table import median
from private_timbred import PrivateTimbred
from processes import cpu_seconds, memory

COLUMNS = ["seconds", "files/s", "bare files/s", "of bare", "daemon's CPU s", "workers' CPU s", "CPU s per h of audio",
           "database B per s of audio", "daemon MB", "most MB"]
ROOT = Path(__file__).resolve().parents[2]


def link(files, folder):
    """Puts files into a folder, as many to a subfolder as they had beside them, without copying them if possible."""
    for file in files:
        place = Path(folder) / file.parent.name
        place.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, place / file.name)
        except OSError:
            shutil.copyfile(file, place / file.name)


def read_through(files):
    """Has the files in the page cache, so that the disk does not count."""
    for file in files:
        file.read_bytes()


def bare_rate(binaries, folder):
    """Files a second that extraction alone takes the way from bytes to codes and vectors, on all cores."""
    done = subprocess.run(
        [Path(binaries) / "timbre-bench", "extract", "--json", "--runs", "1", "--threads", str(os.cpu_count()),
         "--model", ROOT / "Config/timbre-model.json", folder], capture_output=True, check=True)
    # A line for each kind of file: how many there are, and how many a second.
    kinds = [row["figures"] for row in json.loads(done.stdout.splitlines()[-1])["rows"]]
    return sum(files for files, _ in kinds) / sum(files / rate for files, rate in kinds)


def take_in(daemon):
    """Starts a daemon that knows nothing yet; the figures when all that it watches is searchable."""
    start = time.monotonic()
    daemon.start()
    daemon.call("Sync")
    seconds = time.monotonic() - start
    own, workers = cpu_seconds(daemon.process.pid), cpu_seconds(*daemon.call("Status")["workers"])
    files = daemon.list()
    assert all(item["state"] == "indexed" for item in files), "not all files are indexed"
    audio, megabytes = sum(item["duration"] for item in files), memory(daemon.process.pid)
    assert daemon.stop() == 0
    database = sum(file.stat().st_size for file in daemon.state.glob("library.sqlite*"))
    rate, bare = len(files) / seconds, bare_rate(daemon.binaries, daemon.folder)
    return [seconds, rate, bare, rate / bare, own, workers, (own + workers) / audio * 3600, database / audio,
            *megabytes], audio


@contextlib.contextmanager
def measured(binaries, files, table, runs):
    """Adds a line, the medians of some runs; gives the daemon of the last run, with all the files in its library."""
    found = []
    read_through(files)
    for run in range(runs):
        with PrivateTimbred(binaries) as daemon:
            link(files, daemon.folder)
            figures, audio = take_in(daemon)
            found.append(figures)
            if run == runs - 1:
                table.add("%d files, %.0f s of audio" % (len(files), audio), *map(median, zip(*found)))
                yield daemon.start()
