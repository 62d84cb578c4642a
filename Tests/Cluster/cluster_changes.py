"""What becomes of a cluster whose network is cut or not to be trusted, and of one that an earlier version has set up. Parts of
cluster_check.py."""

import base64
import json
import os
import shutil
import socket
import sqlite3
import subprocess
from pathlib import Path

from checked_cluster import Cluster, check
from cluster_host import until
from cluster_truth import differences, library, point, shard_of
from private_timbred import noise

SCHEMA = Path(__file__).resolve().parents[2] / "Sources/ClusterShards/Schema"


class Cable:
    """A network of two: this machine, and a namespace that commands can be run in."""

    here, there = "10.213.77.1", "10.213.77.2"

    def __init__(self):
        self.name = "timbred%d" % os.getpid()
        self.end = "tb%da" % (os.getpid() % 1000000)
        far = self.end[:-1] + "b"
        self.within = ["ip", "netns", "exec", self.name]
        self.far = far
        for command in (
                ["ip", "netns", "add", self.name],
                ["ip", "link", "add", self.end, "type", "veth", "peer", "name", far, "netns", self.name],
                ["ip", "address", "add", self.here + "/30", "dev", self.end], ["ip", "link", "set", self.end, "up"],
                [*self.within, "ip", "address", "add", self.there + "/30", "dev", far],
                [*self.within, "ip", "link", "set", far, "up"], [*self.within, "ip", "link", "set", "lo", "up"]):
            subprocess.run(command, check=True)

    def plug(self, how):
        """"up", or "down": what is sent then is lost, and nobody is told."""
        subprocess.run([*self.within, "ip", "link", "set", self.far, how], check=True)

    def close(self):
        subprocess.run(["ip", "netns", "delete", self.name])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def cut(arguments):
    """The network between a machine and a shard is cut: the others' answer comes at the deadline."""
    if os.geteuid() != 0:
        print("left out: only root can make networks")
        return
    deadline = 1.0
    with Cable() as cable, Cluster(arguments, deadline="1s") as cluster:
        server, one = cluster.servers[1], cluster.hosts[0]
        with open(server.data / "pg_hba.conf", "a") as rules:
            rules.write("host all all %s/32 trust\n" % cable.here)
        server.stop()
        server.as_user = [*cable.within, *server.as_user]
        server.start(cable.there)
        for host in cluster.hosts:
            text = host.daemon.toml.read_text()
            host.daemon.toml.write_text(text.replace("host=%s " % server.folder, "host=%s " % cable.there))
        cluster.fill(60)
        cluster.serve()
        files = cluster.files()
        seed = next(file for number, file in files if number == 1 and file["vector"] is not None)
        usual, _, is_right = cluster.ask(files, seed, [])
        check(is_right, "over a network: everything (%.2f s)" % usual)
        cable.plug("down")
        for what in ("a connection that was open", "a new one"):
            took, reply, is_right = cluster.ask(files, seed, [2])
            check(is_right, "the network is cut, %s: exactly what the others have (%s)" % (
                what, (reply.get("missing") or [{}])[0].get("why", "")))
            check(took < deadline + usual + 0.1, "and at the deadline: %.2f s" % took)
        (one.folder / "new.wav").write_bytes(noise())
        cable.plug("up")
        one.wait_until_published()
        check(differences(cluster.hosts, cluster.servers) == [], "the network is back: the shard has everything")
        files = cluster.files()
        until("all shards answer", lambda: cluster.ask(files, seed, [])[2])


def first_batch(host, shard, count):
    """What version 1 of publish() took in of a whole library."""
    database = sqlite3.connect("file:%s?mode=ro" % (host.daemon.state / "library.sqlite"), uri=True)

    def value(text):
        return database.execute(text).fetchone()[0]

    last = value("SELECT seq FROM sqlite_sequence WHERE name = 'change'")
    batch = dict(
        library=value("SELECT lower(hex(value)) FROM setting WHERE name = 'library'"),
        model="sha256:" + value("SELECT lower(hex(hash)) FROM model WHERE id = ("
                                "SELECT value FROM setting WHERE name = 'model')"),
        next=last, history=value("SELECT lower(hex(id)) FROM history ORDER BY first DESC LIMIT 1"), anew=True, last=True,
        gone=[], directories=[
            dict(id=id, path=base64.b64encode(bytes(path)).decode())
            for id, path in database.execute("SELECT id, path FROM directory")])
    homes = dict(map(reversed, database.execute("SELECT id, path FROM directory")))
    database.close()

    def text(data):
        return base64.b64encode(data).decode()

    batch["files"] = [
        dict(id=file["id"], directory=homes[os.path.dirname(file["path"])], name=text(os.path.basename(file["path"])),
             added=file["added"], offline=bool(file["offline"]), hash=text(file["hash"]), duration=file["duration"],
             channels=file["channels"], samples=file["samples"], codes=text(file["codes"]),
             low=None if file["vector"] is None else point(file["vector"][:64]),
             high=None if file["vector"] is None else point(file["vector"][64:]))
        for file in library(host) if shard_of(file["hash"], count) == shard]
    return json.dumps(batch)


def upgrade(arguments):
    """Shards that versions 1 and 3 have set up become what they are now"""
    with Cluster(arguments) as cluster:
        cluster.fill(60)
        for host in cluster.hosts:
            host.daemon.ctl("sync")
        for number, server in enumerate(cluster.servers):
            server.sql("DROP SCHEMA timbred CASCADE")
            server.sql("BEGIN; %s COMMIT" % (SCHEMA / "version-1.sql").read_text())
            server.sql("INSERT INTO timbred.cluster VALUES (1, '5d1e9c5e-0f4b-4a57-9d7a-6f8f1b1f3b0e', %d, %d)" % (
                number + 1, len(cluster.servers.all)))
            for place, host in enumerate(cluster.hosts):
                server.sql("SELECT timbred.add_host(%d::smallint, '%s', '%s')" % (place + 1, host.name, host.role))
                server.sql("SELECT timbred.publish(:'batch')", host.role,
                           batch=first_batch(host, number, len(cluster.servers.all)))
            # Some have been brought up to date before.
            for version in (2, 3) if number % 2 else ():
                server.sql("BEGIN; %s COMMIT" % (SCHEMA / ("version-%d.sql" % version)).read_text())
        refused = cluster.hosts[0].cluster("publish", check=False)
        check(refused.returncode == 69 and "run `timbre-cluster init`" in refused.stderr,
              "an earlier version is refused: " + refused.stderr.splitlines()[0])
        cluster.init()
        # Nothing is published yet: what is there is found.
        one = cluster.hosts[0]
        one.serve("--no-publish")
        files = cluster.files()
        seed = next(file for number, file in files if number == 1 and file["vector"] is not None)
        check(cluster.ask(files, seed, [])[2], "an earlier version is brought up to date, and answers exactly")
        one.end()
        (one.folder / "new.wav").write_bytes(noise())
        cluster.serve()
        found = differences(cluster.hosts, cluster.servers)
        check(found == [], "what it did not have is published, row for row%s" % "".join("\n    " + f for f in found))
        files = cluster.files()
        check(cluster.ask(files, seed, [])[2], "and a question is answered exactly")


def certificate(folder, name):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / (name + ".key"), "-out", folder / (name + ".crt")],
        check=True, capture_output=True)


def tls(arguments):
    """Over TLS only the server with the right certificate is believed."""
    with Cluster(arguments, names=("one",)) as cluster:
        server, host = cluster.servers[0], cluster.hosts[0]
        folder = cluster.servers.place / "keys"
        folder.mkdir()
        certificate(folder, "right")
        certificate(folder, "wrong")
        for name in ("right.key", "right.crt"):
            shutil.copy(folder / name, server.data / name)
            os.chmod(server.data / name, 0o600)
            if os.geteuid() == 0:
                shutil.chown(server.data / name, "postgres", "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        with open(server.data / "postgresql.auto.conf", "a") as conf:
            conf.write("ssl = on\nssl_cert_file = 'right.crt'\nssl_key_file = 'right.key'\nport = %d\n" % port)
        with open(server.data / "pg_hba.conf", "a") as rules:
            rules.write("hostssl all all 127.0.0.1/32 trust\n")
        server.stop()
        server.start("localhost")
        text = host.daemon.toml.read_text()
        for name, is_right in (("right", True), ("wrong", False)):
            address = "host=localhost port=%d dbname=sounds user=one sslmode=verify-full sslrootcert=%s" % (
                port, folder / (name + ".crt"))
            host.daemon.toml.write_text(text.replace(server.address("one"), address))
            done = host.cluster("publish", check=False)
            check((done.returncode == 0) == is_right and (is_right or "certificate" in done.stderr),
                  "with the %s certificate: %s" % (name, done.stderr.strip() or "published"))


CHANGES = {"cut": cut, "upgrade": upgrade, "tls": tls}
