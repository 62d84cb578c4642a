"""Looking whether anything has changed on the disk beside find and stat, which only look."""

import os
import subprocess
import time

import ingest
from figure_table import FigureTable, median
from private_timbred import PrivateTimbred

COLUMNS = ["ms", "µs a file", "times find's"]


def walk(folder):
    """Asks for the size and the time of each file, as stat does."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                walk(entry.path)
            else:
                entry.stat(follow_symlinks=False)


def measure(binaries, files, show, sizes, runs):
    """Shows a table for each size, of medians of as many rounds."""
    for size in sizes:
        with PrivateTimbred(binaries) as daemon:
            ingest.link(files[:size], daemon.folder)
            daemon.start()
            daemon.call("Sync")
            found = subprocess.run(["find", daemon.folder, "-type", "f", "-print0"], capture_output=True, check=True)
            count = found.stdout.count(b"\0")

            def run(*command, **keywords):
                subprocess.run(command, stdout=subprocess.DEVNULL, check=True, **keywords)

            client = daemon.connect()
            ways = {
                "find -printf '%p %s %T@\\n'": lambda: run("find", daemon.folder, "-printf", "%p %s %T@\\n"),
                "xargs stat": lambda: run("xargs", "-0", "stat", "--format=%n %s %Y", input=found.stdout),
                "Python's os.scandir and stat": lambda: walk(daemon.folder),
                "timbred, Scan": lambda: client.call("Scan", wait=True),
            }
            times = {name: [] for name in ways}
            for _ in range(runs):
                for name, way in ways.items():
                    start = time.monotonic()
                    way()
                    times[name].append((time.monotonic() - start) * 1000)
            client.close()
            table = FigureTable("scan beside find: %d unchanged files" % count, COLUMNS)
            first = next(iter(times.values()))
            for name, found in times.items():
                table.add(name, median(found), median(found) * 1000 / count,
                          median([time / find for time, find in zip(found, first)]))
            show(table)
