"""What may happen to a cluster beside a question: kills, backups that are put back, copies of machines, and those who want
what is not theirs. Parts of cluster_check.py."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from checked_cluster import Cluster, check, tone
from cluster_host import ClusterHost
from cluster_truth import differences, library
from private_timbred import noise


def settle(cluster, what):
    for host in cluster.hosts:
        host.wait_until_published()
    found = differences(cluster.hosts, cluster.servers)
    check(found == [], "%s: each shard equals the libraries row for row%s" % (what, "".join("\n    " + f for f in found)))


def change(cluster, host, folder=None):
    """Does something to the files of a host, all or those below a folder."""
    chance, folder = cluster.chance, folder or host.folder
    files = sorted(path for path in folder.rglob("*.wav"))
    act = chance.choice(["add", "add", "copy", "remove", "rename", "replace", "move folder", "share"])
    name = "%d.wav" % chance.randrange(10 ** 9)
    if act == "add" or len(files) < 5:
        (folder / name).write_bytes(noise() if chance.random() < .5 else tone(chance, .2))
    elif act == "copy":
        shutil.copy(chance.choice(files), folder / name)
    elif act == "remove":
        chance.choice(files).unlink()
    elif act == "rename":
        chance.choice(files).rename(folder / name)
    elif act == "replace":
        (folder / "new").write_bytes(noise())
        (folder / "new").rename(chance.choice(files))
    elif act == "share":
        # What the other host has, too, or has no more.
        other = chance.choice([h for h in cluster.hosts if h is not host])
        there = sorted(other.folder.rglob("*.wav"))
        if there:
            shutil.copy(chance.choice(there), folder / name)
    else:
        folders = [path for path in folder.iterdir() if path.is_dir()]
        if folders:
            chance.choice(folders).rename(folder / ("folder %d" % chance.randrange(10 ** 6)))


def kills(arguments):
    """Servers and publishers are killed at random while files change; in the end everything is where it belongs."""
    with Cluster(arguments) as cluster:
        cluster.fill(60)
        cluster.serve()
        for number in range(arguments.kills):
            for host in cluster.hosts:
                for _ in range(cluster.chance.randrange(6)):
                    change(cluster, host)
            time.sleep(cluster.chance.uniform(0, .4))
            if cluster.chance.random() < .5:
                host = cluster.chance.choice(cluster.hosts)
                host.end(signal.SIGKILL)
                host.serve()
            else:
                server = cluster.chance.choice(cluster.servers.all)
                server.stop("immediate")
                server.start()
            if number % 25 == 24:
                settle(cluster, "after %d kills" % (number + 1))
        settle(cluster, "after %d kills" % arguments.kills)


def restores(arguments):
    """Backups of shards and of libraries are put back, and machines are copied."""
    with Cluster(arguments) as cluster:
        cluster.fill(40)
        cluster.serve()
        one, two = cluster.hosts
        server = cluster.servers[1]
        server.stop()
        backup = Path(str(server.data) + ".backup")
        subprocess.run([*server.as_user, "cp", "-a", server.data, backup], check=True)
        server.start()
        for _ in range(30):
            change(cluster, one)
        settle(cluster, "a shard was stopped")
        server.stop()
        shutil.rmtree(server.data)
        subprocess.run([*server.as_user, "mv", backup, server.data], check=True)
        server.start()
        settle(cluster, "a shard was restored from an older backup")

        one.daemon.stop()
        saved = one.daemon.place / "saved"
        shutil.copytree(one.daemon.state, saved)
        one.daemon.start()
        for _ in range(30):
            change(cluster, one)
        settle(cluster, "timbred was stopped")
        one.daemon.stop()
        shutil.rmtree(one.daemon.state)
        saved.rename(one.daemon.state)
        one.daemon.start()
        for _ in range(45):
            change(cluster, one)
        settle(cluster, "a library was restored from an older backup, and went on")

        # A machine is copied with everything that is on it; then with a role of its own.
        with ClusterHost(arguments.binaries, cluster.servers, "one") as copy:
            shutil.copytree(one.daemon.state, copy.daemon.state)
            copy.daemon.start()
            refused = copy.cluster("publish", check=False)
            check(refused.returncode == 69 and "another timbre-cluster publishes as one" in refused.stderr,
                  "a copy of a host that publishes is refused: " + refused.stderr.splitlines()[0])
            cluster.init("--host", "three=three")
            text = copy.daemon.toml.read_text().replace("user=one", "user=three")
            copy.daemon.toml.write_text(text)
            refused = copy.cluster("publish", check=False)
            check(refused.returncode == 69 and "the host one publishes this very library" in refused.stderr,
                  "the same library on another host is refused: " + refused.stderr.splitlines()[0])
        settle(cluster, "after both")

        two.end()
        two.daemon.stop()
        shutil.rmtree(two.daemon.state)
        two.daemon.start()
        two.daemon.ctl("sync")
        refused = two.cluster("publish", check=False)
        check(refused.returncode == 69 and "publishes another library here" in refused.stderr,
              "another library of a host is refused: " + refused.stderr.splitlines()[0])
        two.cluster("publish", "--replace-library")
        two.serve()
        settle(cluster, "a library replaced another one")
        other = cluster.init("--host", "one=other", check=False)
        check(other.returncode == 64, "a host keeps its role: " + other.stderr.strip())
        mixed = cluster.servers.place / "mixed.toml"
        mixed.write_text('[cluster]\nshards = ["%s", "%s"]\n' % (
            cluster.servers[1].address(), cluster.servers[0].address()))
        wrong = subprocess.run(
            [cluster.program, "init", "--config", mixed], capture_output=True, text=True)
        check(wrong.returncode == 78 and "order in which they were set up" in wrong.stderr,
              "shards in another order are refused: " + wrong.stderr.strip())


NAMES = [b"'); DROP TABLE timbred.file; --.wav", b'"; SELECT pg_sleep(9); --.wav', b"$1 $$ \\x00 \\ %s {}.wav",
         b"two\nlines\t.wav", b"not UTF-8 \xff\xfe.wav", "Grüße \U0001F941.wav".encode(), b"{1,2} (3,4).wav"]


SHADOWS = """
    CREATE FUNCTION pg_temp.evil() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN DELETE FROM timbred.content; RETURN NEW; END';
    CREATE TEMPORARY TABLE directory (
        host smallint, generation smallint, id bigint, path bytea, run int, PRIMARY KEY (host, generation, id));
    CREATE TRIGGER evil BEFORE INSERT ON directory FOR EACH ROW EXECUTE FUNCTION pg_temp.evil();
    GRANT ALL ON directory TO PUBLIC;
"""


MODEL = "sha256:" + 64 * "0"


def offered(number, model=MODEL, by="'two'", left_out="", settled="false"):
    """A statement that offers a model."""
    return "SELECT timbred.offer_model(%d, '%s', 'x', %s, '%s', %s)" % (number, model, by, left_out, settled)


def rights(arguments):
    """Nobody changes what is another's, and names are no SQL."""
    with Cluster(arguments) as cluster:
        cluster.fill(20)
        one = cluster.hosts[0]
        for name in NAMES:
            Path(os.fsdecode(bytes(one.folder) + b"/" + name)).write_bytes(noise())
        strange = Path(os.fsdecode(bytes(one.folder) + b"/';--\xff\\"))
        strange.mkdir()
        (strange / "a.wav").write_bytes(noise())
        cluster.serve()
        settle(cluster, "with names that look like SQL")
        listed = one.ctl("list", "--everywhere", "-0").stdout
        check(all(b"/" + name + b"\0" in listed for name in NAMES), "such names are listed byte for byte")
        below = one.ctl_json("similar", "--everywhere", "--under", strange, "-n", "5", sorted(one.folder.glob("*.wav"))[0])
        check(len(below["results"]) == 1, "and searched below")
        server = cluster.servers[0]
        before = server.sql("SELECT * FROM timbred.file ORDER BY host, id")
        attempts = {
            "two": ["UPDATE timbred.file SET name = 'x'", "DELETE FROM timbred.file", "DELETE FROM timbred.content",
                    "INSERT INTO timbred.directory VALUES (1, 1, 99, 'x', 1)", "UPDATE timbred.publication SET next = 0",
                    "SELECT timbred.forget_contents(ARRAY(SELECT number FROM timbred.content))",
                    "SELECT timbred.add_host(9::smallint, 'x', 'two')", "SET ROLE timbred_owner", "SET ROLE one",
                    "DROP FUNCTION timbred.publish", "TRUNCATE timbred.file",
                    offered(1, left_out="one"), offered(1, settled="true"), offered(102), offered(2**63 - 1), offered(0),
                    offered(1, model="x"), offered(1, model="sha256:" + 64 * "A"), offered(1, by=r"E'a\x1b[2J'"),
                    offered(1, by="''"), offered(1, by="repeat('x', 256)"),
                    "SELECT timbred.stand('x', NULL, false)", "SELECT timbred.stand('%s', 'x', false)" % MODEL,
                    "INSERT INTO timbred.standing VALUES (1, '%s', NULL, true)" % MODEL,
                    "UPDATE timbred.standing SET uses = '%s'" % MODEL,
                    "DELETE FROM timbred.offer", "UPDATE timbred.offer SET settled = true",
                    "DELETE FROM timbred.map", "INSERT INTO timbred.map VALUES (9, 1, true)",
                    "UPDATE timbred.map SET ready = true", "UPDATE timbred.generation SET map = NULL",
                    "CREATE FUNCTION timbred.evil() RETURNS int LANGUAGE sql AS 'SELECT 1'"],
            "looker": ["SELECT timbred.publish('{}')", offered(9),
                       "SELECT timbred.settle(1)", "SELECT timbred.sweep(1)", "SELECT timbred.stand('x', NULL, true)",
                       "DELETE FROM timbred.file", "SELECT timbred.forget_library()",
                       "UPDATE timbred.host SET library = 'x'"],
        }
        done = [(role, text) for role, texts in attempts.items() for text in texts
                if server.sql(text, role, check=False).returncode == 0]
        check(server.sql("SELECT count(*) FROM timbred.offer") == [["0"]], "what is refused is not offered")
        check(done == [], "hosts and readers are refused what is not theirs%s" % (done or ""))
        # A host that says it was another: the role decides, not what it says. Its own publisher would repair things meanwhile.
        cluster.hosts[1].end()
        batch = ('{"library": "%s", "model": "m", "map": 1, "shards": ' + str(len(cluster.servers.all)) +
                 ', "anew": true, "last": true, "next": 1, "history": "x", "directories": [], "files": [], "gone": [%s]}')
        two = server.sql("SELECT library FROM timbred.host WHERE name = 'two'")[0][0]
        victims = ",".join(str(file["id"]) for file in library(one))
        publish = "BEGIN; SELECT timbred.prepare(); SELECT timbred.publish(:'batch'); COMMIT"
        for place in (-1, 2**53 + 1, 2**63):
            refused = server.sql(publish, "two", check=False, batch=(batch % (two, "")).replace(
                '"next": 1', '"next": %d' % place))
            check("is none" in refused.stderr, "a place that cannot be is refused: " + refused.stderr.strip()[:100])
        server.sql(publish, "two", batch=batch % (two, victims))
        after = server.sql("SELECT * FROM timbred.file ORDER BY host, id")
        mine = server.sql("SELECT number FROM timbred.host WHERE name = 'one'")[0][0]
        check([row for row in before if row[0] == mine] == [row for row in after if row[0] == mine],
              "the rows of a host are what they were")
        # A host that puts a table of its own in the place of one of ours, to have its trigger run as the owner of all.
        contents = server.sql("SELECT count(*) FROM timbred.content")
        server.sql(SHADOWS + publish, "two", batch=(batch % (two, "")).replace(
            '"directories": []', '"directories": [{"id": 1, "path": "L3g="}]'))
        check(server.sql("SELECT count(*) FROM timbred.content") == contents, "a host's own tables stand in for none")
        stand_in = server.sql("CREATE TEMPORARY TABLE arriving (id bigint); " + publish, "two", check=False,
                              batch=batch % (two, ""))
        check("prepare() comes first" in stand_in.stderr, "nor for the one that files are copied into")
        # The number of a map that was given up is used again, for another number of shards.
        other = server.sql(publish, "two", check=False, batch=(batch % (two, "")).replace('"shards": ', '"shards": 1'))
        check("not spread that way" in other.stderr, "nothing is taken in for another map of the same number")
        check(server.sql("SELECT count(*) >= 0 FROM timbred.file", "looker") == [["t"]], "a reader looks")


TROUBLES = {"kills": kills, "restores": restores, "rights": rights}
