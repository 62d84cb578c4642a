"""A shard that was taken out, and comes back when a host has another library. A part of cluster_check.py."""

import copy
import re
import shutil
import sqlite3
import subprocess

from checked_cluster import Cluster, check, tone
from cluster_growth import Resizing, name_all
from cluster_host import until
from cluster_troubles import settle


def replace_by_backup(host):
    """Another library takes the place of a host's: an earlier one of its own, as another machine would have it."""
    host.daemon.ctl("restore", "--copy", host.daemon.place / "backup.tar")
    (host.folder / "new.wav").write_bytes(host.new_sound)
    host.daemon.ctl("sync")


def back_up(cluster, host):
    """A backup, and many changes that it knows nothing of: its journal is behind."""
    host.new_sound = tone(cluster.chance, .4)
    host.daemon.ctl("backup", "--force", host.daemon.place / "backup.tar")
    for number in range(12):
        (host.folder / ("later %d.wav" % number)).write_bytes(tone(cluster.chance, .2))
    host.wait_until_published()
    for number in range(12):
        (host.folder / ("later %d.wav" % number)).unlink()


def replace(cluster, host):
    """Lets the shards take the other library, and serves again."""
    host.end()
    done = host.cluster("publish", "--replace-library", check=False)
    host.serve()
    return done


def library_name(host):
    """The random name of a host's library."""
    library = sqlite3.connect("file:%s?mode=ro" % (host.daemon.state / "library.sqlite"), uri=True)
    name = library.execute("SELECT lower(hex(value)) FROM setting WHERE name = 'library'").fetchone()[0]
    library.close()
    return name


def hurry(cluster):
    """Another library comes just after a change for which everything was read, and just before the next, while the host
    serves: what was read before is not published any more."""
    one = cluster.hosts[0]
    back_up(cluster, one)
    cluster.resize("--to", "2")
    one.daemon.ctl("restore", "--copy", one.daemon.place / "backup.tar")
    name = library_name(one)

    def is_taken():
        one.cluster("publish", "--replace-library", check=False)
        return all(server.sql("SELECT library FROM timbred.host WHERE name = 'one'") == [[name]]
                   for server in cluster.servers.all[:2])

    until("the other library is taken", is_taken)
    cluster.resize()
    known = [server.sql("SELECT library FROM timbred.host WHERE name = 'one'")[0][0] for server in cluster.servers]
    check(known == [name] * 3, "in a hurry: all shards have the library that there is now")
    settle(cluster, "in a hurry")


def come_back(cluster, what, are_named):
    """Three shards, then two, then three, and another library in between; `are_named`: also while there are two."""
    one = cluster.hosts[0]
    back_up(cluster, one)
    cluster.resize("--to", "2")
    if not are_named:
        cluster.servers.take_out()
        name_all(cluster)
    replace_by_backup(one)
    refused = until("another library is refused", lambda: [
        shard["held"] for shard in one.ctl_json("status", "--everywhere")["shards"]
        if "publishes another library here" in shard.get("held", "")])
    check("publish --replace-library" in refused[0], "another library is refused: %s" % refused[0])
    done = replace(cluster, one)
    said = done.stdout + done.stderr
    check(done.returncode == (69 if are_named else 0) and len(re.findall("has all of this machine", said)) == 2,
          "%s: those that are left take it: %s" % (what, said.strip()))
    if not are_named:
        cluster.servers.add()
        name_all(cluster)
    said = cluster.resize().stdout
    check("another library" not in said, "%s: the shard takes the library that there is now: %s" % (what, said.strip()))
    settle(cluster, what)


def stay_behind(cluster):
    """The third shard is put back as it was before: it keeps the other library until somebody says so."""
    one, server = cluster.hosts[0], cluster.servers[2]
    back_up(cluster, one)
    server.stop()
    backup = server.data.with_name(server.data.name + ".backup")
    subprocess.run([*server.as_user, "cp", "-a", server.data, backup], check=True)
    server.start()
    replace_by_backup(one)
    check(replace(cluster, one).returncode == 0, "a library replaces another one")
    settle(cluster, "three shards")
    server.stop()
    shutil.rmtree(server.data)
    subprocess.run([*server.as_user, "mv", backup, server.data], check=True)
    server.start()
    resizing = Resizing(cluster)
    check(resizing.says("shard 3 keeps another library of one"), "a shard that refuses a host is not taken for filled")
    resizing.kill()
    smaller = cluster.resize("--to", "2")
    check(smaller.returncode == 0, "the shard can be left out all the same")
    resizing = Resizing(cluster)
    status, text = resizing.end()
    check(status == 0 and "the cluster has 3 shards" in text, "and comes back without what it had: " + text.strip())
    settle(cluster, "three shards again")


def libraries(arguments):
    """Libraries of hosts are replaced while shards are left out."""
    arguments = copy.copy(arguments)
    arguments.shards = 3
    with Cluster(arguments) as cluster:
        cluster.fill(40)
        cluster.serve()
        hurry(cluster)
        come_back(cluster, "a shard that was named all the while", True)
        come_back(cluster, "a shard that was not named meanwhile", False)
        stay_behind(cluster)


LIBRARIES = {"libraries": libraries}
