"""A machine of a cluster for checks: a private timbred, and the timbre-cluster that publishes its library."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Quality"))
from private_timbred import Client, PrivateTimbred  # noqa: E402

PATIENCE = 120


def until(what, condition, within=PATIENCE):
    """Waits for something, and gives what it came to."""
    deadline = time.monotonic() + within
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise SystemExit("in vain: " + what)
        time.sleep(0.05)


class ClusterHost:
    def __init__(self, binaries, servers, name, deadline="2s", folder=None):
        self.name, self.role = name, name
        self.servers = servers
        self.binaries = Path(binaries).resolve()
        self.daemon = PrivateTimbred(binaries, servers.configuration(self.role, deadline), folder)
        self.socket = self.daemon.place / "cluster.sock"
        self.process = None

    @property
    def folder(self):
        return self.daemon.folder

    def configure(self, deadline="2s"):
        """Names all servers that there are by now."""
        self.daemon.toml.write_text('watch = ["%s"]\n%s' % (
            self.folder, self.servers.configuration(self.role, deadline)))

    def environment(self):
        return {**os.environ, "TIMBRED_SOCKET": str(self.daemon.socket), "TIMBRE_CLUSTER_SOCKET": str(self.socket)}

    def cluster(self, *arguments, check=True):
        """timbre-cluster, as it is run by hand."""
        done = subprocess.run(
            [self.binaries / "timbre-cluster", *arguments, "--config", self.daemon.toml], capture_output=True,
            text=True, env=self.environment())
        if check and done.returncode:
            raise SystemExit("timbre-cluster %s: %d %s" % (arguments, done.returncode, done.stderr))
        return done

    def serve(self, *arguments):
        self.process = subprocess.Popen(
            [self.binaries / "timbre-cluster", "serve", *arguments, "--config", self.daemon.toml],
            stderr=open(self.daemon.place / "cluster.log", "ab"), env=self.environment())
        until("timbre-cluster listens", self.answers, 20)
        return self

    def answers(self):
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
            try:
                client.connect(str(self.socket))
            except OSError:
                return False
        return True

    def end(self, how=15):
        """Ends what serves; says how it ended."""
        if self.process:
            self.process.send_signal(how)
            status, self.process = self.process.wait(30), None
            return status

    def log(self):
        return (self.daemon.place / "cluster.log").read_text(errors="replace")

    def connect(self):
        return Client(self.socket, "org.timbred.Cluster")

    def ctl(self, *arguments, check=True):
        done = subprocess.run(
            [self.binaries / "timbrectl", *arguments], capture_output=True, env=self.environment())
        if check and done.returncode:
            raise SystemExit("timbrectl %s: %d %s" % (arguments, done.returncode, done.stderr.decode()))
        return done

    def ctl_json(self, *arguments, check=True):
        return json.loads(self.ctl(*arguments, "--json", check=check).stdout)

    def wait_until_published(self):
        """Waits until every shard has said that it has all that the library has now."""
        self.daemon.ctl("sync")
        until("all is published", lambda: self.is_published())

    def is_published(self):
        """Whether every shard stands where the library's journal does."""
        import sqlite3
        library = sqlite3.connect("file:%s?mode=ro" % (self.daemon.state / "library.sqlite"), uri=True)
        last = library.execute("SELECT seq FROM sqlite_sequence WHERE name = 'change'").fetchone()[0]
        library.close()
        for server in self.servers:
            # For every map that the shard is part of.
            rows = server.sql(
                "SELECT coalesce(bool_and(p.complete AND p.next >= %d), false) FROM timbred.map m "
                "LEFT JOIN LATERAL timbred.current_publications(m.number) p ON p.host = ("
                "SELECT number FROM timbred.host WHERE name = :'name')" % last, name=self.name)
            if rows != [["t"]]:
                return False
        return True

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.daemon.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
