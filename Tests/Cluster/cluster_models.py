"""A cluster that goes over to another model while questions go on, files change, and programs and servers are killed. A part of
cluster_check.py."""

import base64
import contextlib
import copy
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import numpy

from checked_cluster import Cluster, check, tone
from cluster_growth import STEADY, Asker, Beside, Resizing, prepare
from cluster_host import ClusterHost, until
from cluster_troubles import change, settle
from cluster_truth import answer, nearest
from private_timbred import PrivateTimbred

SHIPPED = Path(__file__).resolve().parents[2] / "Config/timbre-model.json"


def another_model(place, seed):
    """The file of a model by which other sounds are near: the shipped one, whose last projection weighs components otherwise."""
    model = json.loads(SHIPPED.read_text())
    del model["timbred"]["identifier"]
    network = model["timbred"]["network"]
    projection = numpy.frombuffer(base64.b64decode(network["projection_f16le_base64"]), dtype="<f2").astype(float)
    weights = numpy.random.default_rng(seed).uniform(.2, 1.6, 128)
    projection = (projection.reshape(-1, 128) * weights).astype("<f2")
    network["projection_f16le_base64"] = base64.b64encode(projection.tobytes()).decode()
    file = place / ("model %d.json" % seed)
    file.write_text(json.dumps(model))
    return file


class Models:
    """Some models, and the vectors of all sounds under each, as a timbred of its own has them that watches the same folders."""

    def __init__(self, cluster, arguments, count):
        self.files = [another_model(cluster.servers.place, arguments.seed + number) for number in range(count)]
        self.vectors = {}
        with PrivateTimbred(arguments.binaries) as oracle:
            oracle.toml.write_text("watch = [%s]\n" % ", ".join('"%s"' % host.folder for host in cluster.hosts))
            oracle.start()
            oracle.ctl("sync")
            self.shipped = oracle.ctl_json("model", "show")["model"]["hash"]
            self.hashes = [oracle.ctl_json("model", "import", file)["hash"] for file in self.files]
            for model in [*self.hashes, self.shipped]:
                oracle.ctl("model", "use", model)
                self.vectors[model] = self.read(oracle, model)

    @staticmethod
    def read(oracle, model):
        database = sqlite3.connect("file:%s?mode=ro" % (oracle.state / "library.sqlite"), uri=True)
        rows = database.execute(
            "SELECT content.hash, code.spans, code.vectors FROM content JOIN code ON code.content = content.id "
            "JOIN model ON model.id = code.model WHERE model.hash = ?", (bytes.fromhex(model[7:]),)).fetchall()
        database.close()
        vectors = {}
        for digest, spans, stored in rows:
            stride = len(stored) // (len(spans) // 16 + 1)
            vector = numpy.frombuffer(stored[:stride], dtype=numpy.int8).astype(int)
            vectors[digest] = vector if stride and vector[0] != -128 and any(spans) else None
        return vectors


class ModelAsker(Asker):
    """Asks at one host all the while, and compares with all distances under the model that the answer names."""

    def __init__(self, cluster, models, host, name):
        super().__init__(cluster, "%s %s" % (name, host.name), host)
        self.seeds = [file for file in self.seeds if all(of[file["hash"]] is not None for of in models.vectors.values())]
        self.truth = {
            model: [(number, {**file, "vector": vectors[file["hash"]]}) for number, file in self.files]
            for model, vectors in models.vectors.items()}
        self.by = {model: 0 for model in models.vectors}
        self.away = 0

    def ask(self, client, seed):
        try:
            reply = client.call(
                "Similar", queries=[{"path": os.fsdecode(seed["path"])}], count=10, filter={"glob": STEADY})
        except Exception as error:
            # What a sound is like, only this machine's timbred says.
            if not self.is_away(error):
                raise
            self.away += 1
            time.sleep(.05)
            return
        files = self.truth[reply["model"]]
        vector = next(file["vector"] for _, file in files if file["hash"] == seed["hash"])
        expected = [place[:2] for place in nearest(
            files, [vector], 10 if reply["complete"] else len(files),
            lambda file: (file["host"], file["id"]) != (self.host.name, seed["id"]))]
        found = answer(reply)
        self.asked += 1
        self.by[reply["model"]] += 1
        if reply["complete"]:
            is_right = found == expected
        else:
            self.partial += 1
            self.reasons |= {shard["why"] for shard in reply["missing"]}
            places = [expected.index(place) if place in expected else -1 for place in found]
            is_right = -1 not in places and all(a < b for a, b in zip(places, places[1:]))
        if not is_right:
            self.wrong.append("%s by %s: %s in place of %s" % (seed["path"], reply["model"][:15], found[:3], expected[:3]))

    @staticmethod
    def is_away(error):
        return any(words in str(error) for words in ("timbred answers at", "hung up", "Stopping"))

    def report(self, what, is_whole):
        super().report("%s, asked at %s" % (what, self.host.name), is_whole)
        print("     by model: %s; %d times timbred was away" % (
            ", ".join("%s %d" % (model[:15], count) for model, count in self.by.items() if count), self.away), flush=True)


class Change(Beside):
    """timbre-cluster model use."""

    started = []

    def __init__(self, host, model, *arguments, config=None):
        super().__init__(
            [host.binaries / "timbre-cluster", "model", "use", model, *arguments, "--config", config or host.daemon.toml],
            host.daemon.place / "model.log", host.environment())
        Change.started.append(self)


def used(host):
    return host.daemon.ctl_json("model", "show")["model"]["hash"]


def follow(host, follows):
    """Lets a host take models in by itself, or not."""
    host.end()
    text = host.daemon.toml.read_text().replace("follow_model = true\n", "")
    host.daemon.toml.write_text(text + ("follow_model = true\n" if follows else ""))
    host.serve()


def restart_library(host):
    """timbred is killed, and starts again."""
    host.daemon.stop(signal.SIGKILL)
    host.daemon.start()


@contextlib.contextmanager
def asking(cluster, models, name):
    with contextlib.ExitStack() as stack:
        askers = [stack.enter_context(ModelAsker(cluster, models, host, name)) for host in cluster.hosts]
        until("all are asked", lambda: all(asker.asked > 5 for asker in askers))
        yield askers


def disturb(cluster, with_servers):
    """Changes files, and kills something."""
    for host in cluster.hosts:
        for _ in range(cluster.chance.randrange(4)):
            change(cluster, host, host.folder / "loose")
    time.sleep(cluster.chance.uniform(0, .5))
    host = cluster.chance.choice(cluster.hosts)
    act = cluster.chance.random()
    if with_servers and act < .35:
        server = cluster.chance.choice(cluster.servers.all)
        server.stop("immediate")
        server.start()
    elif act < .6:
        restart_library(host)
    else:
        host.end(signal.SIGKILL)
        host.serve()


def wait_for(cluster, model, what):
    """Waits until all hosts use a model, and nothing else is left."""
    until("all use it: " + what, lambda: {used(host) for host in cluster.hosts} == {model})
    until("the others are given up: " + what, lambda: all(
        server.sql("SELECT hash FROM timbred.generation") == [[model]]
        and server.sql("SELECT settled FROM timbred.offer") == [["t"]] for server in cluster.servers))
    settle(cluster, what)


def go_over(cluster, models):
    """One host follows by itself, the other one after a confirmation; publishers, timbred and the command are killed."""
    one, two = cluster.hosts
    model = models.hashes[0]
    one.daemon.ctl("model", "import", models.files[0])
    unknown = one.cluster("model", "use", "sha256:0123456789", check=False)
    check(unknown.returncode == 64 and "timbrectl model import" in unknown.stderr, "a model is one of the library: "
          + unknown.stderr.strip())
    nothing = one.cluster("model", "accept", check=False)
    check(nothing.returncode == 69 and "no model is offered" in nothing.stderr, "nothing to accept: " + nothing.stderr.strip())
    with asking(cluster, models, "over") as askers:
        begin = time.monotonic()
        change = Change(one, model)
        check(change.says("two has not accepted it"), "it is said who has not accepted")
        until("the journal of the other host says so", lambda: "model accept" in two.log())
        told = two.ctl_json("status", "--everywhere")
        check(told["model"]["hash"] == model and "two has not accepted" in told["model"]["waiting"]
              and {host["model"] for host in told["hosts"]} == {models.shipped}, "and status: " + told["model"]["waiting"])
        resized = cluster.resize("--to", "2", check=False)
        check(resized.returncode == 69 and "about to use the model" in resized.stderr,
              "the number of shards stays meanwhile: " + resized.stderr.strip())
        for _ in range(3):
            disturb(cluster, False)
        change.kill()
        two.daemon.ctl("model", "import", models.files[1])
        another = two.cluster("model", "use", models.hashes[1], check=False)
        check(another.returncode == 69 and "is offered already" in another.stderr,
              "one at a time: " + another.stderr.strip())
        check({used(host) for host in cluster.hosts} == {models.shipped}, "nobody goes over before all have published")
        done = two.cluster("model", "accept")
        check("taken in" in done.stdout, "the other host accepts: " + done.stdout.strip())
        change = Change(two, model)
        change.says("is offered")
        for _ in range(4):
            disturb(cluster, False)
        status, text = change.end()
        check(status == 0 and "all hosts use it" in text, "it ends when all use it, after %.1f s: %s" % (
            time.monotonic() - begin, text.strip().replace("\n", " / ")))
        wait_for(cluster, model, "another model")
        until("they are asked by the new one", lambda: all(asker.by[model] > 20 for asker in askers))
        for asker in askers:
            asker.report("to another model", True)
            check(asker.by[models.shipped] > 20, "%d questions by the old one" % asker.by[models.shipped])
    listed = one.cluster("model").stdout
    check("host one: uses it" in listed and "host two: uses it" in listed, "model says so: " + listed.strip().replace("\n", " / "))


def stir(cluster, models, kills):
    """To and fro, with everything killed at random."""
    done = number = 0
    for host in cluster.hosts:
        follow(host, True)
        for file in models.files:
            host.daemon.ctl("model", "import", file)
    while done < kills:
        now = used(cluster.hosts[0])
        model = cluster.chance.choice([model for model in models.vectors if model != now])
        with asking(cluster, models, "stir%d" % number) as askers:
            begin = time.monotonic()
            change = Change(cluster.chance.choice(cluster.hosts), model)
            change.says("is offered")
            for _ in range(min(6, kills - done)):
                disturb(cluster, True)
                done += 1
                if cluster.chance.random() < .4:
                    change.kill()
                    change = Change(cluster.chance.choice(cluster.hosts), model)
            if change.process.wait(300):
                # timbred or a server was away just when it began.
                until("it is said again", lambda: not change.process.poll() or not Change(
                    cluster.hosts[0], model).process.wait(300))
            wait_for(cluster, model, "to %s after %d kills" % (model[:15], done))
            print("     it took %.1f s" % (time.monotonic() - begin))
            for asker in askers:
                asker.report("all killed at random", False)
        number += 1


def give_up(cluster, models):
    """An offer is taken back by the model of before, also when one host uses the new one already."""
    one, two = cluster.hosts
    old = used(one)
    model = next(model for model in models.vectors if model != old)
    follow(two, False)
    # It has to be a model that the second host does not have, as having one is accepting it.
    fresh = another_model(cluster.servers.place, 1)
    fresh_model = one.daemon.ctl_json("model", "import", fresh)["hash"]
    with asking(cluster, models, "up") as askers:
        change = Change(one, fresh_model)
        check(change.says("two has not accepted it"), "an offer")
        until("one host publishes under it", lambda: one.cluster("model").stdout.count("everything under it") == 1)
        done = one.cluster("model", "use", old)
        check("all hosts use it" in done.stdout, "an offer is given up: " + done.stdout.strip().replace("\n", " / "))
        status, text = change.end()
        check(status == 69 and "was offered meanwhile" in text, "who waits for it is told: " + text.strip().splitlines()[-1])
        wait_for(cluster, old, "after it")
        for asker in askers:
            asker.report("an offer is given up", True)
    # One has gone over, the other one is dead just then.
    with asking(cluster, models, "back") as askers:
        change = Change(one, model)
        change.says("is offered")
        until("the other host has published", lambda: any("two: has published everything" in line or "two: uses it" in line
              for line in one.cluster("model").stdout.splitlines()))
        two.end(signal.SIGKILL)
        until("one of them uses it", lambda: model in {used(host) for host in cluster.hosts}, 60)
        change.kill()
        change = Change(one, old)
        change.says("is offered")
        two.serve()
        status, text = change.end()
        check(status == 0, "and back again: " + text.strip().replace("\n", " / "))
        wait_for(cluster, old, "and back again")
        for asker in askers:
            asker.report("back again", True)


def offers(cluster):
    """What each shard was told."""
    return [server.sql("SELECT number, hash, without, settled FROM timbred.offer") for server in cluster.servers]


def back_up(server):
    """A copy of a shard's server."""
    server.stop()
    backup = Path(str(server.data) + ".backup")
    subprocess.run([*server.as_user, "cp", "-a", server.data, backup], check=True)
    server.start()
    return backup


def put_back(server, backup):
    server.stop()
    shutil.rmtree(server.data)
    subprocess.run([*server.as_user, "mv", backup, server.data], check=True)
    server.start()


def lose(server):
    """All that a shard has is gone. Those who ask and publish just then may be in the way: of two that wait for each other,
    PostgreSQL refuses one."""
    until("it is lost", lambda: server.sql("DROP SCHEMA timbred CASCADE", check=False).returncode == 0)


def at_once(cluster, models):
    """Two hosts offer different models at once: all shards end with one of them, and who waits for the other one is told."""
    for host in cluster.hosts:
        follow(host, True)
        for file in models.files:
            host.daemon.ctl("model", "import", file)
    for _ in range(4):
        now = used(cluster.hosts[0])
        changes = {model: Change(host, model) for host, model in zip(
            cluster.hosts, [model for model in models.vectors if model != now])}
        ends = {model: change.end() for model, change in changes.items()}
        won = [model for model, (status, _) in ends.items() if status == 0]
        lost = [text.strip().splitlines()[-1] for status, text in ends.values() if status == 69]
        check(len(won) >= 1 and len(won) + len(lost) == 2, "of two offers at once one counts: %s" % (lost or "both, in turn"))
        until("all shards have one", lambda: len({offer[0][1] for offer in offers(cluster)}) == 1)
        wait_for(cluster, offers(cluster)[0][0][1], "after two at once")


def leave_out(cluster, models):
    """A host that is gone is not waited for; when it comes back, it follows."""
    one, two = cluster.hosts
    old = used(one)
    model = next(model for model in models.vectors if model != old)
    follow(two, False)
    two.end()
    before = offers(cluster)
    refused = one.cluster("model", "use", model, "--without", "two", check=False)
    check(refused.returncode == 69 and "permission denied" in refused.stderr, "a host leaves none out: " + refused.stderr.strip())
    check(offers(cluster) == before, "and has offered nothing")
    few = cluster.servers.place / "few.toml"
    few.write_text('[cluster]\nshards = [%s]\n' % ", ".join('"%s"' % server.address() for server in cluster.servers[:2]))
    unnamed = Change(one, model, config=few).end()
    check(unnamed[0] == 69 and "has 3 shards, and timbred.toml names 2" in unnamed[1] and offers(cluster) == before,
          "all shards must be named: " + unnamed[1].strip())
    backup = back_up(cluster.servers[1])
    wrong = Change(one, model, "--without", "nobody", config=cluster.admin).end()
    check(wrong[0] == 64 and "no host has that name" in wrong[1], "who is left out must be a host: " + wrong[1].strip())
    status, text = Change(one, model, "--without", "two", config=cluster.admin).end()
    check(status == 0 and used(one) == model and used(two) == old, "without a host that is off: "
          + text.strip().replace("\n", " / "))
    put_back(cluster.servers[1], backup)
    until("it is said who does not know of that", lambda: "model use %s --without two" % model[:15] in one.cluster("model").stdout)
    status, text = Change(one, model, "--without", "two", config=cluster.admin).end()
    check(status == 0 and offers(cluster) == 3 * offers(cluster)[:1], "a shard of a time before is told who is left out: "
          + text.strip().replace("\n", " / "))
    listed = one.ctl("list", "--everywhere", "-0").stdout.split(b"\0")[:-1]
    check(bool(listed) and all(name.startswith(b"one:") for name in listed), "the others' sounds are there")
    two.serve()
    wait_for(cluster, model, "it is back")


def lie(cluster, models):
    """What a host offers must be the model that it says."""
    one, two = cluster.hosts
    old = used(one)
    follow(one, True)
    false = "sha256:" + hashlib.sha256(b"another").hexdigest()
    document = "\\x" + models.files[0].read_bytes().hex()
    number = int(cluster.servers[0].sql("SELECT number FROM timbred.offer")[0][0]) + 1
    for server in cluster.servers:
        server.sql("SELECT timbred.offer_model(%d, '%s', '%s', 'two', '', false)" % (number, false, document), "two")
    until("the lie is found out", lambda: "and not " + false in one.log())
    listed = [model["hash"] for model in one.daemon.ctl_json("model", "list")["models"]]
    check(false not in listed and used(one) == old, "a lie is found out, and nothing taken in: " + next(
        line for line in one.log().splitlines() if "and not " + false in line)[:200])
    with asking(cluster, models, "lie") as askers:
        one.cluster("model", "use", old)
        wait_for(cluster, old, "a lie is given up")
        for asker in askers:
            asker.report("while it is", True)


def restore(cluster, models):
    """A shard comes back from a time before the change, and is told of it."""
    one = cluster.hosts[0]
    old = used(one)
    model = next(model for model in models.vectors if model != old)
    for host in cluster.hosts:
        follow(host, True)
    backup = back_up(cluster.servers[1])
    status, _ = Change(one, model).end()
    check(status == 0, "another change")
    put_back(cluster.servers[1], backup)
    wait_for(cluster, model, "a shard of a time before is told of it")
    with asking(cluster, models, "old") as askers:
        for asker in askers:
            asker.report("after it", True)


def refill(cluster, models):
    """A shard is lost when one host uses the new model and the other one, which is dead, the old one: it is filled under both."""
    one, two = cluster.hosts
    old = used(one)
    model = next(model for model in models.vectors if model != old)
    with asking(cluster, models, "fill") as askers:
        change = Change(one, model)
        change.says("is offered")
        until("the other host has published", lambda: any("two: has published everything" in line or "two: uses it" in line
              for line in one.cluster("model").stdout.splitlines()))
        two.end(signal.SIGKILL)
        until("one of them uses it", lambda: model in {used(host) for host in cluster.hosts}, 60)
        lose(cluster.servers[1])
        cluster.init()
        resizing = Resizing(cluster)
        check(resizing.says("two has not begun to publish to shard 2"), "a shard that was lost waits for the host that is dead")
        two.serve()
        status, text = resizing.end()
        check(status == 0, "it is filled while hosts go over: " + text.strip().splitlines()[-1])
        status, text = change.end()
        check(status == 0, "and they go over: " + text.strip().replace("\n", " / "))
        wait_for(cluster, model, "a shard was lost in between")
        for asker in askers:
            asker.report("a shard was lost in between", False)


def join(cluster, models, arguments):
    """A new machine whose library has another model is told so, and is part of it all once it has accepted that of the cluster."""
    model = used(cluster.hosts[0])
    if model == models.shipped:
        model = models.hashes[0]
        Change(cluster.hosts[0], model).end()
    cluster.init("--host", "three=three")
    with ClusterHost(arguments.binaries, cluster.servers, "three") as three:
        sound = three.folder / "new.wav"
        sound.write_bytes(tone(cluster.chance, .3))
        three.daemon.start()
        three.daemon.ctl("sync")
        three.serve()
        held = until("nothing is published", lambda: [
            shard["held"] for shard in three.ctl_json("status", "--everywhere", check=False)["shards"] if "held" in shard])
        check("`timbre-cluster model accept`" in held[0], "a new machine publishes nothing: " + held[0])
        asked = three.ctl("similar", "--everywhere", "--strict", sound, check=False)
        check(asked.returncode == 69 and b"`timbre-cluster model accept`" in asked.stderr,
              "and finds nothing: %d %s" % (asked.returncode, asked.stderr.decode().strip().replace("\n", " / ")))
        # A shard that is taken in again knows at once what the others have settled.
        cluster.resize("--to", "2")
        lose(cluster.servers[2])
        cluster.resize("--to", "3")
        strangers = [server.sql("SELECT count(*) FROM timbred.published JOIN timbred.host ON number = host WHERE name = 'three'")
                     for server in cluster.servers]
        check(strangers == 3 * [[["0"]]] and len({offer[0][3] for offer in offers(cluster)}) == 1,
              "a machine that has not accepted publishes nothing to a new shard either: %s" % strangers)
        wait_for(cluster, model, "a shard was taken in again")
        three.cluster("model", "accept")
        until("it uses the model", lambda: used(three) == model)
        three.wait_until_published()
        asked = three.ctl("similar", "--everywhere", "--strict", sound, check=False)
        check(asked.returncode == 0 and b"one:" in asked.stdout, "until it has accepted: " + asked.stderr.decode().strip())
        elsewhere = cluster.hosts[0].ctl("list", "--everywhere", "three:").stdout
        check(b"new.wav" in elsewhere, "and it is found elsewhere")
        # By hand, and back again.
        three.daemon.ctl("model", "use", models.shipped)
        until("it is brought back", lambda: used(three) == model)
        three.wait_until_published()
        check(three.ctl("similar", "--everywhere", "--strict", sound, check=False).returncode == 0,
              "a machine that was given another model by hand is brought back")
    cluster.init("--reader", "guest")
    with ClusterHost(arguments.binaries, cluster.servers, "guest") as guest:
        guest.daemon.start()
        guest.serve("--no-publish")
        sound = sorted(cluster.hosts[0].folder.glob("**/*.wav"))[0]
        asked = guest.ctl("similar", "--everywhere", "--strict", sound, check=False)
        check(asked.returncode == 69 and b"`timbre-cluster model accept`" in asked.stderr,
              "a machine that only asks is told so: %d %s" % (asked.returncode, asked.stderr.decode().strip().replace("\n", " / ")))
        # Also with a shard away: all hosts use it.
        cluster.servers[0].stop("immediate")
        guest.cluster("model", "accept")
        until("it uses the model", lambda: used(guest) == model)
        cluster.servers[0].start()
        until("all shards answer", lambda: guest.ctl("similar", "--everywhere", "--strict", sound, check=False).returncode == 0)
        check(used(guest) == model, "a machine that only asks goes by the model, though a shard was away when it accepted")


def models(arguments):
    """All hosts go over to another model while questions go on."""
    arguments = copy.copy(arguments)
    arguments.shards = 3
    with Cluster(arguments) as cluster:
        prepare(cluster, max(60, arguments.files // 4))
        for host in cluster.hosts:
            host.daemon.ctl("sync")
        known = Models(cluster, arguments, 2)
        cluster.serve()
        follow(cluster.hosts[0], True)
        try:
            go_over(cluster, known)
            stir(cluster, known, max(6, arguments.kills // 4))
            at_once(cluster, known)
            give_up(cluster, known)
            leave_out(cluster, known)
            lie(cluster, known)
            restore(cluster, known)
            refill(cluster, known)
            join(cluster, known, arguments)
        finally:
            for change in Change.started:
                change.kill()


MODELS = {"models": models}
