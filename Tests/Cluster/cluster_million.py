#!/usr/bin/env python3
"""cluster_million.py BINARIES [--files 900000] [--copies 100000] [--questions 100] [--shards 4] [--place FOLDER] [--seed N] [--pgvector]

What a large cluster costs, and whether its answers are those of a plain search. Two machines, one of which has copies of
some of the other's sounds, publish for the first time; then questions of all kinds are asked, each of which is held against
all distances, computed by numpy. Times are of the wall; processor time is what all servers, timbred and timbre-cluster took.
Ends with 1 if an answer was another one. FOLDER keeps the libraries for the next time: 0.8 GB for a million.

Sounds are made up by `timbre-bench library`, as Tests/Quality/million.py has them."""

import argparse
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
from cluster_host import ClusterHost, until
from cluster_truth import answer
from plain_search import PlainSearch
from shard_servers import Servers

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


def processor(pid):
    """The seconds of processor time of a process, its threads, and those of its children that have ended."""
    fields = Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


class Account:
    """What servers, daemon and publisher take of the processors while something is done."""

    def __init__(self, servers, host):
        self.servers, self.host = servers, host

    def __enter__(self):
        self.before, self.start = self.now(), time.monotonic()
        return self

    def now(self):
        own = resource.getrusage(resource.RUSAGE_CHILDREN)
        return dict(
            postgres=sum(processor(pid) for server in self.servers for pid in server.processes()),
            timbred=processor(self.host.daemon.process.pid), cluster=own.ru_utime + own.ru_stime + (
                processor(self.host.process.pid) if self.host.process else 0))

    def __exit__(self, *_):
        self.wall = time.monotonic() - self.start
        self.took = {name: now - self.before[name] for name, now in self.now().items()}


def make_library(a, place, name, files):
    if not (place / name / "state").exists():
        (place / name).mkdir(parents=True)
        subprocess.run(
            [Path(a.binaries) / "timbre-bench", "library", "--files", str(files), "--folder", place / name / "sounds",
             "--state", place / name / "state", "--model", ROOT / "Config/timbre-model.json"], check=True)


def start(a, servers, place, name):
    host = ClusterHost(a.binaries, servers, name, "30s", place / name / "sounds")
    host.daemon.state = place / name / "state"
    host.daemon.start(wait=False)
    until("timbred answers", host.daemon.socket.exists, 300)
    until("the library is read", lambda: host.daemon.call("Status")["files"]["indexed"] > 0, 300)
    return host


def publish(a, servers, host, files):
    with Account(servers, host) as account:
        host.cluster("publish")
    print("%s publishes %d files: %.1f s, %d files/s; µs a file: postgres %.0f, timbred %.0f, timbre-cluster %.0f" % (
        host.name, files, account.wall, files / account.wall,
        *(account.took[name] / files * 1e6 for name in ("postgres", "timbred", "cluster"))), flush=True)


def sizes(servers, files):
    bytes_of = [
        sum(int(server.sql("SELECT %s('timbred.%s')" % (function, table))[0][0]) for server in servers)
        for function, table in [("pg_relation_size", "content")] + [
            ("pg_total_relation_size", table) for table in ("content", "sound", "file", "directory")]]
    half = [
        sum(int(server.sql("SELECT coalesce(%s(to_regclass('timbred.half')), 0)" % function)[0][0]) for server in servers)
        for function in ("pg_relation_size", "pg_total_relation_size")]
    if half[1]:
        bytes_of = [half[0], *bytes_of[1:], half[1]]
    print("bytes a file: %.0f read for a question, %.0f in all" % (bytes_of[0] / files, sum(bytes_of[1:]) / files))


# After so many questions, their answers are looked at.
BLOCK = 500

# How many sounds are asked by, and the filter.
KINDS = {
    "one sound": lambda search, chance: (1, {}),
    "the mean of five, far from all": lambda search, chance: (5, {}),
    "by length": lambda search, chance: (1, {"min_duration": 0.5, "max_duration": 0.6}),
    "by channels": lambda search, chance: (1, {"channels": 2}),
    "by time": lambda search, chance: (1, {"since": float(numpy.quantile(search.added, chance.random()))}),
    "on a machine": lambda search, chance: (1, {"under": "two:"}),
    "below a folder": lambda search, chance: (1, {"under": "%s:%s" % chance.choice(search.folders)}),
}


def ask(a, servers, host, search):
    """Asks questions of each kind, and holds each answer against a plain search."""
    chance = random.Random(a.seed)
    client = host.connect()
    wrong, times, took = 0, {}, {}
    for start in range(0, a.questions, BLOCK):
        answers = []
        with Account(servers, host) as account:
            for number in range(start, min(start + BLOCK, a.questions)):
                # Every second one is of the first kind.
                kind = list(KINDS)[number // 2 % len(KINDS) if number % 2 else 0]
                seeds, filters = KINDS[kind](search, chance)
                rows = [chance.randrange(search.own) for _ in range(seeds)]
                count = chance.choice([1, 10, 50])
                begun = time.monotonic()
                reply = client.call(
                    "Similar", queries=[{"path": os.fsdecode(search.path(row))} for row in rows], count=count,
                    **({"filter": filters} if filters else {}))
                times.setdefault(kind, []).append((time.monotonic() - begun) * 1000)
                answers.append((rows, filters, count, answer(reply), reply["complete"]))
        for name, seconds in account.took.items():
            took[name] = took.get(name, 0) + seconds
        for rows, filters, count, found, is_complete in search.with_keys(answers):
            if found != search.nearest(rows, filters, count) or not is_complete:
                wrong += 1
                print("NOT OK", rows, filters, count)
        done = start + len(answers)
        print("%s %d of %d answers are those of a plain search" % ("ok  " if not wrong else "NOT OK", done - wrong, done),
              flush=True)
    for kind, milliseconds in times.items():
        print("%-32s %5d questions, ms: median %.0f, 95 %% %.0f" % (
            kind, len(milliseconds), statistics.median(milliseconds),
            sorted(milliseconds)[len(milliseconds) * 95 // 100]))
    print("ms of processor time a question: postgres %.0f, timbred %.1f, timbre-cluster %.1f" % tuple(
        took[name] / a.questions * 1000 for name in ("postgres", "timbred", "cluster")), flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("--files", type=int, default=900_000)
    parser.add_argument("--copies", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--shards", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--place", type=Path)
    parser.add_argument("--pgvector", action="store_true", help="let the servers use pgvector")
    a = parser.parse_args()
    print("seed %d, load %s" % (a.seed, Path("/proc/loadavg").read_text().split()[0]))
    place = a.place or Path(tempfile.mkdtemp(prefix="cluster-million-"))
    hosts = []
    try:
        for name, files in (("one", a.files), ("two", a.copies)):
            make_library(a, place, name, files)
        with Servers(a.shards) as servers:
            admin = servers.place / "admin.toml"
            admin.write_text(servers.configuration("admin"))
            for server in servers if a.pgvector else []:
                server.sql("DROP EXTENSION vector")
            subprocess.run([Path(a.binaries) / "timbre-cluster", "init", "--config", admin, "--host", "one=one",
                            "--host", "two=two"], check=True, stdout=subprocess.DEVNULL)
            try:
                for name, files in (("one", a.files), ("two", a.copies)):
                    hosts.append(start(a, servers, place, name))
                    publish(a, servers, hosts[-1], files)
                for server in servers:
                    server.sql("VACUUM ANALYZE")
                sizes(servers, a.files + a.copies)
                hosts[0].serve()
                return 1 if ask(a, servers, hosts[0], PlainSearch(hosts)) else 0
            finally:
                for host in hosts:
                    host.close()
    finally:
        if not a.place:
            shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
