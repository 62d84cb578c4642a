#!/usr/bin/env python3
"""cluster_try.py BINARIES [FOLDER FOLDER]: four PostgreSQL servers and two machines on one, each with a timbred on a folder,
for a look at what a cluster does. Without folders, on two of those that come with timbred. Everything ends with it."""

import sys
from pathlib import Path

from checked_cluster import Cluster


class Wishes:
    seed = 1

    def __init__(self, binaries):
        self.binaries = binaries


def show(host, *words):
    print("\n%s$ timbrectl %s" % (host.name, " ".join(map(str, words))))
    print(host.ctl(*words, check=False).stdout.decode(errors="backslashreplace"), end="")


def main():
    demo = Path(__file__).resolve().parent.parent.parent / "Config/demo"
    folders = [Path(path).resolve() for path in sys.argv[2:4]] or [demo / "drums", demo / "notes"]
    with Cluster(Wishes(sys.argv[1]), folders=folders) as cluster:
        one, two = cluster.hosts
        print("four servers below %s, the machines one and two on %s and %s" % (cluster.servers.place, *folders))
        cluster.serve()
        show(one, "status", "--everywhere")
        for host in (one, two):
            sound = next(file for file in host.ctl_json("list")["files"] if file["state"] == "indexed")
            show(host, "similar", "--everywhere", "-n", "8", sound["path"])
        cluster.servers[3].stop("immediate")
        print("\nThe fourth server is killed:")
        show(one, "similar", "--everywhere", "-n", "3", one.ctl_json("random", "-n", "1")["files"][0]["path"])
        print(one.ctl("random", "--everywhere", "-n", "1", check=False).stderr.decode(), end="")


if __name__ == "__main__":
    main()
