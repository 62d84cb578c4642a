#!/usr/bin/env python3
"""cluster_check.py BINARIES [PART…] [--kills N] [--files N] [--questions N] [--seed N]: four PostgreSQL servers, two hosts
with a timbred and a timbre-cluster each, and all that may go wrong with them. Parts: exact, faults, kills, restores, rights,
tls, cut, upgrade, growth, libraries, models, pgvector; without one, all. Ends with 1 if anything was not as it should be.
Needs numpy."""

import argparse
import contextlib
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from checked_cluster import SHARDS, Cluster, check, failures
from cluster_changes import CHANGES
from cluster_exact import EXACT
from cluster_growth import GROWTH
from cluster_host import until
from cluster_libraries import LIBRARIES
from cluster_models import MODELS
from cluster_troubles import TROUBLES
from cluster_truth import differences
from private_timbred import noise


def faults(arguments):
    """With a shard away, the answer of the others comes in time, and says what is missing."""
    deadline = 1.0
    with Cluster(arguments, deadline="1s") as cluster:
        cluster.fill(60)
        cluster.serve()
        one, files = cluster.hosts[0], cluster.files()
        seed = next(file for number, file in files if number == 1 and file["vector"] is not None)

        def ask(away):
            return cluster.ask(files, seed, away)

        took, _, is_right = ask([])
        usual = took
        check(is_right, "all shards: everything (%.2f s)" % took)
        cluster.servers[1].send(signal.SIGSTOP)
        took, reply, is_right = ask([2])
        check(is_right, "a shard stands still: exactly what the others have")
        check(took < deadline + usual + 0.1, "and at the deadline: %.2f s" % took)
        for verb, *words in (["similar", seed["path"]], ["random"]):
            start = time.monotonic()
            empty = one.ctl(verb, "--everywhere", "--under", "/nowhere", *words, check=False)
            took = time.monotonic() - start
            check(empty.returncode == 1 and b"shard 2" in empty.stderr and took < 1.8 * deadline,
                  "%s: an empty answer takes no longer: %.2f s" % (verb, took))
        strict = one.ctl("similar", "--everywhere", "--strict", seed["path"], check=False)
        check(strict.returncode == 69 and b"shard 2" in strict.stderr, "--strict ends with 69")
        cluster.servers[1].send(signal.SIGCONT)
        until("all shards are back", lambda: ask([])[2])
        cluster.servers[2].stop("immediate")
        took, reply, is_right = ask([3])
        check(is_right, "a shard is killed: exactly what the others have (%.2f s)" % took)
        check(took < deadline + usual + 0.1, "and no later than the deadline")
        cluster.servers[2].start()
        cluster.servers[0].sql("ALTER ROLE one CONNECTION LIMIT 0; "
                               "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'one'")
        took, reply, is_right = ask([1])
        check(is_right, "a shard refuses: %s" % (reply.get("missing") or [{}])[0].get("why", ""))
        # Publishing goes on to the others meanwhile, and is caught up with by itself.
        (one.folder / "new.wav").write_bytes(noise())
        one.daemon.ctl("sync")
        until("the shard is held", lambda: any(
            shard.get("held") for shard in one.ctl_json("status", "--everywhere", check=False)["shards"]))
        check("nothing is published" in one.log(), "the journal says that a shard is away, and why")
        cluster.servers[0].sql("ALTER ROLE one CONNECTION LIMIT -1")
        one.wait_until_published()
        check(differences(cluster.hosts, cluster.servers) == [], "what a shard missed is caught up with")
        patient(cluster, one, seed)
        nobody(cluster, one, seed)
        latecomer(cluster, one, seed)
        one.end()
        check({one.serve().end() for _ in range(30)} == {0}, "what is told to end as soon as it listens does end")
        one.serve()
        slow(arguments, cluster, one, seed)


def patient(cluster, one, seed):
    """A list may take longer than a question, also over what questions have left open; who ends it twice does not wait."""
    one.ctl("similar", "--everywhere", seed["path"])
    held = cluster.servers[0].holding("LOCK TABLE timbred.content")
    threading.Timer(3, held.close).start()
    start = time.monotonic()
    listed = one.ctl("list", "--everywhere", "-0", "--strict", check=False)
    took = time.monotonic() - start
    check(listed.returncode == 0 and took > 1.5, "a list waits longer than a question: %.2f s %s" % (took, listed.stderr))
    with contextlib.closing(cluster.servers[0].holding("LOCK TABLE timbred.content")):
        lister = subprocess.Popen([one.binaries / "timbrectl", "list", "--everywhere"], env=one.environment(),
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until("the list waits", lambda: cluster.servers[0].sql(
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE usename = 'one' AND wait_event_type = 'Lock'") == [["t"]])
        # The first signal may not have been taken when the second one comes.
        until("it ends", lambda: one.process.send_signal(signal.SIGTERM) or one.process.poll() is not None)
        check(one.process.poll() == -signal.SIGTERM, "told twice to end, it ends at once: %s" % one.process.poll())
        lister.wait(30)
    one.serve()


def nobody(cluster, one, seed):
    """With all shards away nothing is found, and each answer names them."""
    for server in cluster.servers:
        server.stop("immediate")
    for verb, *words in (["list"], ["random"], ["duplicates"], ["similar", seed["path"]]):
        said, strict = (one.ctl(verb, "--everywhere", *more, *words, check=False) for more in ([], ["--strict"]))
        names = [b"shard %d, " % (number + 1) for number in range(len(cluster.servers.all))]
        check(said.returncode == 1 and all(name in said.stderr for name in names),
              "%s: all shards are away, which is said: %d %s" % (verb, said.returncode, said.stderr))
        check(strict.returncode == 69 and all(name in strict.stderr for name in names), "--strict ends with 69")
    for server in cluster.servers:
        server.start()
    until("all shards are back", lambda: one.ctl_json("list", "--everywhere", check=False).get("missing") is None)


def latecomer(cluster, one, seed):
    """An address that is not part of the cluster yet, and does not answer, is not waited for by the first question either."""
    one.end()
    text = one.daemon.toml.read_text()
    cluster.servers.add()
    cluster.servers[-1].send(signal.SIGSTOP)
    one.configure("20s")
    one.serve()
    start = time.monotonic()
    reply = one.ctl_json("similar", "--everywhere", seed["path"])
    took = time.monotonic() - start
    check(reply["complete"] and took < 10, "the first question does not wait for who is to come: %.2f s of 20" % took)
    one.end()
    cluster.servers[-1].send(signal.SIGCONT)
    cluster.servers.take_out()
    one.daemon.toml.write_text(text)
    one.serve()


class SlowPath:
    """A socket that leads to a server, and delivers everything somewhat later."""

    def __init__(self, server, delay):
        self.folder = Path(str(server.folder) + "-slow")
        self.folder.mkdir()
        self.target, self.delay = str(server.folder / ".s.PGSQL.5432"), delay
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / ".s.PGSQL.5432"))
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.socket(socket.AF_UNIX)
            server.connect(self.target)
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        try:
            while data := source.recv(1 << 16):
                time.sleep(self.delay)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def slow(arguments, cluster, one, seed):
    """A path that takes 300 ms each way is waited for if there is time, and not if there is none."""
    path = SlowPath(cluster.servers[3], 0.3)
    one.end()
    text = one.daemon.toml.read_text()
    for deadline, is_complete in (("10s", True), ("1s", False)):
        one.daemon.toml.write_text(text.replace(str(cluster.servers[3].folder), str(path.folder)).replace(
            'deadline = "1s"', 'deadline = "%s"' % deadline))
        one.serve()
        start = time.monotonic()
        reply = one.ctl_json("similar", "--everywhere", seed["path"])
        check(reply["complete"] == is_complete,
              "a slow shard, with %s: %.2f s, complete is %s" % (deadline, time.monotonic() - start, is_complete))
        one.end()


PARTS = {**EXACT, "faults": faults}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binaries")
    parser.add_argument("parts", nargs="*")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=400)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--shards", type=int, default=SHARDS, help="all parts but exact, rights and tls need four")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    arguments = parser.parse_args()
    print("seed %d" % arguments.seed)
    parts = {**PARTS, **TROUBLES, **CHANGES, **GROWTH, **LIBRARIES, **MODELS}
    for name in arguments.parts or parts:
        print("--- %s" % name, flush=True)
        parts[name](arguments)
    print("%s" % ("all as it should be" if not failures else "%d things are not as they should be" % len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
