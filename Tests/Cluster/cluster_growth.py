"""A cluster that gets more shards, or fewer, while questions go on, files change, and programs and servers are killed. A part
of cluster_check.py."""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from checked_cluster import Cluster, check
from cluster_host import until
from cluster_troubles import change, settle
from cluster_truth import answer, library, nearest
from private_timbred import Client, Failed

STEADY = "*/steady/*"


class Asker:
    """Asks all the while for what is like sounds that stay, among those that stay, and compares with all distances.

    It has a timbre-cluster of its own, which only looks and is never restarted."""

    def __init__(self, cluster, name="asker", host=None):
        self.cluster, self.host = cluster, host or cluster.hosts[0]
        own = cluster.hosts.index(self.host) + 1
        self.files = [
            (number + 1, file) for number, host in enumerate(cluster.hosts) for file in library(host)
            if b"/steady/" in file["path"]]
        self.seeds = [file for number, file in self.files if number == own and file["vector"] is not None]
        self.names = sorted(file["host"].encode() + b":" + file["path"] for _, file in self.files)
        self.asked = self.partial = 0
        self.wrong, self.reasons = [], set()
        self.socket = self.host.daemon.place / ("%s.sock" % name)
        self.toml = self.host.daemon.place / ("%s.toml" % name)
        self.toml.write_text(cluster.servers.configuration("looker", "5s"))
        self.is_over = threading.Event()
        self.environment = {
            **os.environ, "TIMBRED_SOCKET": str(self.host.daemon.socket), "TIMBRE_CLUSTER_SOCKET": str(self.socket)}
        self.process = subprocess.Popen(
            [cluster.program, "serve", "--no-publish", "--listen", self.socket, "--config", self.toml],
            env=self.environment, stderr=open(self.host.daemon.place / ("%s.log" % name), "ab"))
        until("the asker listens", self.answers, 20)
        self.thread = threading.Thread(target=self.run, daemon=True)

    def answers(self):
        with contextlib.suppress(OSError), contextlib.closing(Client(self.socket, "org.timbred.Cluster")) as client:
            return client.call("Shards")["version"]

    def run(self):
        with contextlib.closing(Client(self.socket, "org.timbred.Cluster")) as client:
            while not self.is_over.is_set():
                try:
                    self.ask(client, self.seeds[self.asked % len(self.seeds)])
                    if self.asked % 10 == 0:
                        self.list()
                except Failed as error:
                    self.wrong.append("refused: %s" % (error,))

    def ask(self, client, seed):
        reply = client.call(
            "Similar", queries=[{"path": os.fsdecode(seed["path"])}], count=10, filter={"glob": STEADY})
        expected = [place[:2] for place in nearest(
            self.files, [seed["vector"]], 10 if reply["complete"] else len(self.files),
            lambda file: (file["host"], file["id"]) != (self.host.name, seed["id"]))]
        found = answer(reply)
        self.asked += 1
        if not reply["complete"]:
            self.partial += 1
            self.reasons |= {shard["why"] for shard in reply["missing"]}
            # What is there stands in the right order, and nothing twice.
            places = [expected.index(place) if place in expected else -1 for place in found]
            is_right = -1 not in places and all(a < b for a, b in zip(places, places[1:]))
        else:
            is_right = found == expected
        if not is_right:
            self.wrong.append("%s: %s in place of %s" % (seed["path"], found, expected))

    def list(self):
        done = subprocess.run(
            [self.cluster.program.parent / "timbrectl", "list", "--everywhere", "-0"], env=self.environment,
            capture_output=True)
        listed = sorted(name for name in done.stdout.split(b"\0") if b"/steady/" in name)
        if done.stderr:
            self.partial += 1
            self.reasons.add(done.stderr.decode())
        is_right = listed == self.names if not done.stderr else set(listed) <= set(self.names)
        if not is_right or len(set(listed)) != len(listed):
            self.wrong.append("a list of %d in place of %d: %d %s" % (
                len(listed), len(self.names), done.returncode, done.stderr))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.thread.join(60)
        self.process.kill()
        self.process.wait()

    def report(self, what, is_whole):
        """What came of all questions so far; `is_whole` says that none may have been answered in part."""
        self.is_over.set()
        self.thread.join(60)
        check(not self.wrong, "%s: %d questions all the while are answered exactly, %d of them in part%s" % (
            what, self.asked, self.partial, "".join("\n    " + wrong for wrong in self.wrong[:3])))
        if is_whole:
            check(self.partial == 0, "and each as a whole%s" % "".join("\n    " + why for why in self.reasons))


class Beside:
    """A command that goes on beside."""

    def __init__(self, command, log, environment=None):
        self.log = log
        with open(log, "w") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env=environment)

    def says(self, words):
        until("it says: " + words, lambda: words in self.log.read_text() or self.process.poll() is not None)
        return words in self.log.read_text()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        """How it ended, by itself."""
        status = self.process.wait(300)
        return status, self.log.read_text()


class Resizing(Beside):
    """timbre-cluster resize."""

    def __init__(self, cluster, *arguments):
        super().__init__(
            [cluster.program, "resize", "--config", cluster.admin, *arguments], cluster.servers.place / "resize.log")


def prepare(cluster, count):
    """Sounds that stay, and others that do not."""
    cluster.fill(count)
    for host in cluster.hosts:
        steady, loose = host.folder / "steady", host.folder / "loose"
        steady.mkdir()
        loose.mkdir()
        for place, sound in enumerate(sorted(host.folder.glob("*.wav")) + sorted(host.folder.glob("kicks/*.wav"))):
            sound.rename((steady if place % 2 else loose) / ("%d %s" % (place, sound.name)))


def disturb(cluster, with_servers):
    """Changes files, and kills something."""
    for host in cluster.hosts:
        for _ in range(cluster.chance.randrange(6)):
            change(cluster, host, host.folder / "loose")
    time.sleep(cluster.chance.uniform(0, .5))
    if with_servers and cluster.chance.random() < .5:
        server = cluster.chance.choice(cluster.servers.all)
        server.stop("immediate")
        server.start()
    else:
        host = cluster.chance.choice(cluster.hosts)
        host.end(signal.SIGKILL)
        host.serve()


def name_all(cluster, hosts=None):
    """All configurations name all servers that there are by now; those of some hosts only, if these are given."""
    cluster.configure()
    for host in hosts or cluster.hosts:
        host.end()
        host.configure()
        host.serve()


def grow(cluster):
    """From four to six: one machine hears of it late, publishers and the change itself are killed; no answer is in part."""
    one, two = cluster.hosts
    cluster.servers.add()
    cluster.servers.add()
    name_all(cluster, [one])
    early = cluster.resize("--to", "7", check=False)
    check(early.returncode == 78 and "names 6 shards" in early.stderr, "too many are refused: " + early.stderr.strip())
    with Asker(cluster) as asker:
        until("it asks, with two servers that are nothing yet", lambda: asker.asked > 20)
        resizing = Resizing(cluster)
        check(resizing.says("two has not begun to publish to shard 5, 6"), "a machine that has not heard of it is waited for")
        until("it is said", lambda: one.ctl_json("status", "--everywhere").get("resizing") == 6)
        again = cluster.resize(check=False)
        check(again.returncode == 69 and "another timbre-cluster" in again.stderr, "one at a time: " + again.stderr.strip())
        for _ in range(6):
            disturb(cluster, False)
        resizing.kill()
        other = cluster.resize("--to", "5", check=False)
        check(other.returncode == 69 and "from 4 shards to 6" in other.stderr, "another number is refused: " + other.stderr.strip())
        resizing = Resizing(cluster)
        for _ in range(4):
            disturb(cluster, False)
        name_all(cluster, [two])
        for _ in range(3):
            disturb(cluster, False)
        status, text = resizing.end()
        check(status == 0 and "the cluster has 6 shards" in text, "it ends when all have published")
        for host in cluster.hosts:
            host.wait_until_published()
        asker.report("from 4 to 6 shards, publishers killed", True)
    settle(cluster, "six shards")


def stir(cluster, kills):
    """More and fewer, with everything killed at random."""
    done = round = 0
    while done < kills:
        now = len(cluster.servers.all)
        count = cluster.chance.choice([n for n in range(2, 8) if n != now])
        while len(cluster.servers.all) < count:
            cluster.servers.add()
        name_all(cluster)
        with Asker(cluster, "asker%d" % round) as asker:
            resizing = Resizing(cluster, "--to", str(count))
            for _ in range(min(6, kills - done)):
                disturb(cluster, True)
                done += 1
                if cluster.chance.random() < .4:
                    resizing.kill()
                    resizing = Resizing(cluster, "--to", str(count))
            status, text = resizing.end()
            if status:
                # A server was away just when it began.
                status = cluster.resize("--to", str(count)).returncode
            check(status == 0, "from %d shards to %d" % (now, count))
            asker.report("from %d shards to %d, all killed at random" % (now, count), False)
        for server in cluster.servers.all[count:]:
            check(server.sql("SELECT (SELECT count(*) FROM timbred.file) + (SELECT count(*) FROM timbred.content)"
                             " + (SELECT count(*) FROM timbred.sound) + (SELECT count(*) FROM timbred.directory)") == [["0"]],
                  "a shard that is left out has nothing any more")
        while len(cluster.servers.all) > count:
            cluster.servers.take_out()
        name_all(cluster)
        settle(cluster, "%d shards, after %d kills" % (count, done))
        round += 1


def give_up(cluster):
    """A change that was begun is taken back; a machine that is gone for good is not waited for."""
    two = cluster.hosts[1]
    count = len(cluster.servers.all)
    cluster.servers.add()
    two.end()
    name_all(cluster, cluster.hosts[:1])
    resizing = Resizing(cluster)
    check(resizing.says("two has not begun"), "a machine that is away is waited for")
    resizing.kill()
    check(cluster.resize("--to", str(count)).returncode == 0, "a change is given up")
    with Asker(cluster) as asker:
        until("it is asked", lambda: asker.asked > 20)
        asker.report("after it", True)
    wrong = cluster.resize("--without", "nobody", check=False)
    check(wrong.returncode == 64, "who is not waited for must be a host: " + wrong.stderr.strip())
    cluster.resize("--without", "two")
    one = cluster.hosts[0]
    listed = one.ctl("list", "--everywhere", "-0").stdout.split(b"\0")[:-1]
    check(len(listed) == len(library(one)) and all(name.startswith(b"one:") for name in listed),
          "without a machine that is gone, the others' sounds are there")
    two.configure()
    two.serve()
    settle(cluster, "%d shards, and it is back" % (count + 1))


def bury(cluster):
    """A server that dies before anything is on it: the change is given up without it, whatever becomes of it later."""
    one, two = cluster.hosts
    count = len(cluster.servers.all)
    cluster.servers.add()
    dead = cluster.servers[-1]
    two.end()
    name_all(cluster, [one])
    resizing = Resizing(cluster)
    check(resizing.says("two has not begun"), "a server is to come")
    resizing.kill()
    dead.stop("immediate")
    refused = cluster.resize(check=False)
    check(refused.returncode == 69 and "--to %d` gives the change up without it" % count in refused.stderr,
          "it died, and what can be done is said: " + refused.stderr.strip())
    done = cluster.resize("--to", str(count))
    check("it was not told" in done.stdout, "the change is given up without it: " + done.stdout.strip().splitlines()[-1])
    with Asker(cluster, "asker after a death") as asker:
        until("it is asked", lambda: asker.asked > 20)
        dead.start()
        two.configure()
        two.serve()
        map = dead.sql("SELECT shards, ready FROM timbred.map")
        check(map == [[str(count + 1), "f"]], "it comes back with what it was told then: %s" % map)
        asked = asker.asked
        until("it is asked", lambda: asker.asked > asked + 20)
        asker.report("it is back", True)
    check("resizing" not in one.ctl_json("status", "--everywhere"), "and nobody takes it for one that is to come")
    cluster.resize("--to", str(count))
    check(dead.sql("SELECT number FROM timbred.map") == [], "told of it, it forgets what was to be")
    # And where another map has the number meanwhile.
    dead.sql("INSERT INTO timbred.map SELECT max(number) + 1, %d, false FROM (VALUES (%s)) newest (number)" % (
        count + 1, cluster.servers[0].sql("SELECT max(number) FROM timbred.map")[0][0]))
    cluster.servers.take_out()
    name_all(cluster)
    cluster.resize("--to", str(count - 1))
    cluster.servers.add()
    name_all(cluster)
    cluster.resize("--to", str(count - 1))
    check(dead.sql("SELECT number FROM timbred.map") == [], "nor does the same number of another map mislead it")
    cluster.resize()
    settle(cluster, "it is part of the cluster, which has %d shards" % (count + 1))


def rival(cluster):
    """The lock of one who changes the number is lost with its connection, and somebody else does so meanwhile."""
    one, two = cluster.hosts
    count = len(cluster.servers.all)
    cluster.servers.add()
    two.end()
    name_all(cluster, [one])

    def overtaken(number, what):
        """Begins a change that stands still while its lock is lost and something else is done."""
        first = Resizing(cluster)
        check(first.says("two has not begun"), "a change is under way")
        first.process.send_signal(signal.SIGSTOP)
        cluster.servers[0].sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
            " AND classid = hashtext('timbred.resize')::oid")
        what()
        cluster.resize("--to", str(number))
        first.process.send_signal(signal.SIGCONT)
        return first.end()

    with Asker(cluster, "asker of rivals") as asker:
        status, text = overtaken(count, lambda: None)
        check(status == 69 and "has given up the change" in text,
              "who was overtaken stops: " + text.strip().splitlines()[-1])
        check(cluster.servers[-1].sql("SELECT number FROM timbred.map") == [], "and nothing of it is left")
        status, text = overtaken(count + 1, lambda: (two.configure(), two.serve()))
        check(status == 0, "who finds it done is content")
        asker.report("two who change the number", True)
    settle(cluster, "two who change the number, %d shards" % (count + 1))


def lose(cluster):
    """A shard that is lost, or restored from a time before, has nothing of what belongs there: this is said until it has."""
    server = cluster.servers[1]
    server.stop()
    backup = Path(str(server.data) + ".backup")
    subprocess.run([*server.as_user, "cp", "-a", server.data, backup], check=True)
    server.start()
    old = Asker(cluster, "old")
    cluster.servers.add()
    name_all(cluster)
    cluster.resize()
    with old:
        until("one that was told of fewer shards asks", lambda: old.asked > 5)
        old.report("one that was told of fewer shards", False)
        check(old.partial >= old.asked and any("names only the first" in why for why in old.reasons),
              "it says so: %s" % sorted(old.reasons))
    for what in ("restored from a time before", "lost"):
        server.stop()
        if what == "lost":
            server.start().sql("DROP SCHEMA timbred CASCADE")
            said = cluster.init().stdout
            check("`timbre-cluster resize` fills it" in said, "init says what is left to do")
        else:
            shutil.rmtree(server.data)
            subprocess.run([*server.as_user, "mv", backup, server.data], check=True)
            server.start()
        with Asker(cluster, "asker of what was " + what.split()[0]) as asker:
            until("it is asked", lambda: asker.asked > 5)
            asker.report("a shard was " + what, False)
            check(asker.partial >= asker.asked and any("resize" in why for why in asker.reasons),
                  "and what is missing is said: %s" % sorted(asker.reasons))
        cluster.resize()
        settle(cluster, "a shard that was %s is filled" % what)


def growth(arguments):
    """Shards are added and taken out while questions go on."""
    with Cluster(arguments) as cluster:
        prepare(cluster, max(60, arguments.files // 4))
        cluster.serve()
        grow(cluster)
        stir(cluster, max(6, arguments.kills // 4))
        give_up(cluster)
        bury(cluster)
        rival(cluster)
        lose(cluster)


GROWTH = {"growth": growth}
