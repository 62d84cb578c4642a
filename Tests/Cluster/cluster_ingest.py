#!/usr/bin/env python3
"""cluster_ingest.py BINARIES FOLDER… [--rounds 5] [--shards 4] [--seed N]

Whether publishing slows ingest down: the sounds of some folders come into an empty library at once, with nobody who
publishes, with a publisher, and with a publisher while one shard stands still. Each round has all three, in another order.
Times are of the wall, until all is searchable on the machine itself; in brackets, as a share of what it is if nobody publishes,
and so for the processor time of timbred with its workers and of the publisher, which is what runs on a machine of a cluster.
The servers share this machine's processors, which they do not where a cluster is used: what they took is told as well. Ends
with 1 if a file was not indexed, or is not on the shards at the end."""

import argparse
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cluster_host import ClusterHost
from shard_servers import Servers

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Benchmarks"))
from ingest import read_through  # noqa: E402
from processes import cpu_seconds  # noqa: E402

SOUNDS = {".wav", ".aif", ".aiff", ".flac", ".ogg", ".mp3"}
WAYS = ["nobody publishes", "published", "one shard stands still"]


def set_up(binaries, servers):
    admin = servers.place / "admin.toml"
    admin.write_text(servers.configuration("admin"))
    subprocess.run([Path(binaries) / "timbre-cluster", "init", "--config", admin, "--host", "one=one"], check=True,
                   stdout=subprocess.DEVNULL)


def link(files, folders, place):
    """Links files, or copies them where they cannot be linked, as they lie in their folders."""
    for file in files:
        number, folder = next((number, folder) for number, folder in enumerate(folders) if file.is_relative_to(folder))
        there = place / str(number) / file.relative_to(folder)
        there.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, there)
        except OSError:
            shutil.copyfile(file, there)


def take_in(a, files, way):
    """Seconds until all is searchable, processor time of timbred, publisher and servers until then, and whether all is right."""
    # Beside the watched folder, so that all comes by one rename.
    with Servers(a.shards) as servers, tempfile.TemporaryDirectory(dir=servers.place) as outside:
        set_up(a.binaries, servers)
        host = ClusterHost(a.binaries, servers, "one", "30s")
        try:
            host.daemon.start()
            if way != WAYS[0]:
                host.serve()
                host.wait_until_published()
                if way == WAYS[2]:
                    servers[-1].send(signal.SIGSTOP)
            link(files, a.folders, Path(outside) / "new")
            begun = time.monotonic()
            os.rename(Path(outside) / "new", host.folder / "new")
            host.daemon.call("Sync")
            seconds = time.monotonic() - begun
            took = [
                cpu_seconds(host.daemon.process.pid, *host.daemon.call("Status")["workers"]),
                cpu_seconds(host.process.pid) if host.process else 0,
                cpu_seconds(*(pid for server in servers for pid in server.processes()))]
            states = [item["state"] for item in host.daemon.list()]
            right = len(states) == len(files) and set(states) == {"indexed"}
            if way != WAYS[0]:
                servers[-1].send(signal.SIGCONT)
                host.wait_until_published()
                on_shards = sum(int(server.sql("SELECT count(*) FROM timbred.file")[0][0]) for server in servers)
                right = right and on_shards == len(files)
            if not right:
                print("NOT OK %s: %d files of %d are listed" % (way, len(states), len(files)))
            return [seconds, *took], right
        finally:
            host.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    a = parser.parse_args()
    chance = random.Random(a.seed)
    files = sorted(file for folder in a.folders for file in folder.rglob("*") if file.suffix.lower() in SOUNDS)
    read_through(files)
    print("seed %d, load %s, %d files, %d shards" % (
        a.seed, Path("/proc/loadavg").read_text().split()[0], len(files), a.shards))
    found = {way: [] for way in WAYS}
    for _ in range(a.rounds):
        for way in chance.sample(WAYS, len(WAYS)):
            found[way].append(take_in(a, files, way))
    plain = [figures for figures, _ in found[WAYS[0]]]
    for way in WAYS:
        runs = [figures for figures, _ in found[way]]
        seconds, timbred, publisher, shards = map(statistics.median, zip(*runs))
        slower = statistics.median(figures[0] / other[0] for figures, other in zip(runs, plain))
        dearer = statistics.median((figures[1] + figures[2]) / other[1] for figures, other in zip(runs, plain))
        print("%-24s %6.2f s (%.3f), %5.0f files/s; processor time: timbred %.2f s, publisher %.2f s (%.3f), shards %.2f s" % (
            way, seconds, slower, len(files) / seconds, timbred, publisher, dearer, shards), flush=True)
    return 0 if all(right for runs in found.values() for _, right in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
