"""The cluster that the checks are about: four PostgreSQL servers, set up, and hosts with a timbred and a timbre-cluster."""

import contextlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

from cluster_host import ClusterHost
from cluster_truth import answer, library, nearest
from shard_servers import Servers

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Quality"))
from private_timbred import noise  # noqa: E402

SHARDS = 4  # if nobody says
failures = []


def check(is_right, what):
    print("%s %s" % ("ok  " if is_right else "NOT OK", what), flush=True)
    if not is_right:
        failures.append(what)


def tone(chance, seconds):
    """A sound that there is not twice, unlike noise: some partials that fade."""
    import struct

    import numpy
    rate = 22050
    time_axis = numpy.arange(int(rate * seconds)) / rate
    pitch, fade = 80 * 2 ** chance.uniform(0, 5), chance.uniform(1, 30)
    sound = sum(
        numpy.sin(2 * numpy.pi * pitch * n * (1 + chance.uniform(0, .02)) * time_axis) * chance.uniform(0, 1) / n
        for n in range(1, 12))
    samples = (sound * numpy.exp(-fade * time_axis) * 5000).clip(-32000, 32000).astype("<i2").tobytes()
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2,
                       16, b"data", len(samples)) + samples


class Cluster:
    """The servers, set up, and the hosts, serving."""

    def __init__(self, arguments, names=("one", "two"), deadline="2s", folders=(None, None)):
        self.chance = random.Random(arguments.seed)
        self.servers = Servers(getattr(arguments, "shards", SHARDS))
        self.hosts = []
        try:
            self.admin = self.servers.place / "admin.toml"
            self.configure()
            self.program = Path(arguments.binaries).resolve() / "timbre-cluster"
            hosts = [word for name in names for word in ("--host", "%s=%s" % (name, name))]
            self.init(*hosts, "--reader", "looker")
            for name, folder in zip(names, folders):
                self.hosts.append(ClusterHost(arguments.binaries, self.servers, name, deadline, folder))
                self.hosts[-1].daemon.start()
        except BaseException:
            self.close()
            raise

    def init(self, *arguments, check=True, timeout=None):
        done = subprocess.run(
            [self.program, "init", "--config", self.admin, *arguments], capture_output=True, text=True, timeout=timeout)
        if check and done.returncode:
            raise SystemExit("timbre-cluster init: " + done.stderr)
        return done

    def configure(self):
        """Names all servers that there are by now, in the configuration of the one who sets up shards."""
        self.admin.write_text(self.servers.configuration("admin"))

    def resize(self, *arguments, check=True):
        done = subprocess.run(
            [self.program, "resize", "--config", self.admin, *arguments], capture_output=True, text=True, timeout=300)
        if check and done.returncode:
            raise SystemExit("timbre-cluster resize: " + done.stderr)
        return done

    def fill(self, count):
        """Sounds on both hosts, some of them the same, and some of these several times."""
        for host in self.hosts:
            (host.folder / "kicks").mkdir(exist_ok=True)
        for number in range(count):
            sound = noise() if number % 3 == 0 else tone(self.chance, self.chance.choice([.1, .3, .5, 1.2]))
            name = "kicks/%d.wav" % number if number % 2 else "%d.wav" % number
            for host in self.chance.choice([self.hosts[:1], self.hosts[-1:], self.hosts]):
                (host.folder / name).write_bytes(sound)
                if number % 7 == 0:
                    (host.folder / ("copy %d.wav" % number)).write_bytes(sound)

    def serve(self):
        for host in self.hosts:
            host.serve()
            host.wait_until_published()

    def files(self):
        return [(number + 1, file) for number, host in enumerate(self.hosts) for file in library(host)]

    def ask(self, files, seed, away):
        """Asks for what is like a sound of the first machine: how long it took, what came, and whether this is exactly what
        those shards have that are not away, by their numbers."""
        count = len(self.servers.all)
        with contextlib.closing(self.hosts[0].connect()) as client:
            start = time.monotonic()
            reply = client.call("Similar", queries=[{"path": os.fsdecode(seed["path"])}], count=10)
            took = time.monotonic() - start
        expected = nearest(
            files, [seed["vector"]], 10,
            lambda file: (file["host"], file["id"]) != (self.hosts[0].name, seed["id"]),
            set(range(count)) - {shard - 1 for shard in away}, count)
        missing = [shard["shard"] for shard in reply.get("missing", [])]
        return took, reply, (
            answer(reply) == [place[:2] for place in expected] and missing == sorted(away)
            and reply["complete"] == (not away))

    def close(self):
        for host in self.hosts:
            host.close()
        self.servers.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
