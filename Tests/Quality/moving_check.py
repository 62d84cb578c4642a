#!/usr/bin/env python3
"""moving_check.py BINARIES [backups|restores|elsewhere|rebase...] [--times 100] [--sounds 9000] [--seed N]

A library in one file, and back, as root: backups while new sounds come all the time and others are renamed and deleted, of
which most are cut off by a kill of timbrectl, a kill of the daemon or a full disk. What has the name of a backup must be a
whole one, of one moment; else there must be nothing at all. Restores that a kill of the daemon cuts off: the next start has
either library, and the one that was there before is whole wherever it is. A backup that is read into an empty state
directory must list and answer the same, and decode nothing. Then rebase: folders that moved on a disk, and to another one,
with the time it takes and what is read."""

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tarfile
import threading
import time
from pathlib import Path

from fault_tools import expect_sound_database, small_disk, until
from private_timbred import PrivateTimbred, noise


class Traffic:
    """Somebody who makes, renames and deletes sounds all the time."""

    def __init__(self, folder, seed):
        self.folder, self.chance, self.isOver = folder, random.Random(seed), False
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.isOver = True
        self.thread.join()

    def run(self):
        names, number = [], 0
        while not self.isOver:
            number += 1
            name = self.folder / ("%d.wav" % number)
            name.write_bytes(noise())
            names.append(name)
            if len(names) > 20 and self.chance.random() < 0.5:
                old = names.pop(self.chance.randrange(len(names)))
                if self.chance.random() < 0.5:
                    new = self.folder / ("renamed %s" % old.name)
                    old.rename(new)
                    names.append(new)
                else:
                    old.unlink()
            time.sleep(0.002)


def expect_whole_backup(path, scratch):
    """Looks at a backup with nothing of timbred's own: hashes, the database, and that it is of one moment."""
    with tarfile.open(path) as archive:
        archive.extractall(scratch, filter="data")
    sums = dict(line.split("  ")[::-1] for line in (scratch / "SHA256SUMS").read_text().splitlines())
    for name, expected in sums.items():
        assert hashlib.sha256((scratch / name).read_bytes()).hexdigest() == expected, name
    told = json.loads((scratch / "timbred-backup.json").read_text())
    with contextlib.closing(sqlite3.connect("file:%s?immutable=1" % (scratch / "library.sqlite"), uri=True)) as database:
        def one(query):
            return database.execute(query).fetchone()[0]
        assert one("PRAGMA integrity_check") == "ok"
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert one("SELECT count(*) FROM file") == told["files"]
        # What triggers count in each transaction is what there is: no half of one is in it.
        assert one("SELECT coalesce(sum(count), 0) FROM census") == told["files"]
        assert one("""SELECT count(*) FROM file WHERE state = 1 AND content NOT IN
                      (SELECT content FROM code WHERE model = (SELECT value FROM setting WHERE name = 'model'))""") == 0
        end = database.execute("SELECT max(position) FROM events").fetchone()[0]
        assert end is None or (scratch / "library.sqlite-events").stat().st_size > end
    return told["files"]


def backups(daemon, times, seed):
    chance, ends = random.Random(seed), {}
    place = daemon.place / "backups"
    seconds, whole = [], 0
    with small_disk(place, 4096), small_disk(daemon.place / "full", 1), Traffic(daemon.folder, seed):
        until(lambda: daemon.call("Status")["files"]["indexed"] > 300, "sounds are indexed")
        for number in range(times):
            how = ["nothing", "timbrectl is killed", "the daemon is killed", "the disk is full"][number % 4]
            target = (daemon.place / "full" if how == "the disk is full" else place) / "b.tar"
            start = time.monotonic()
            program = subprocess.Popen(
                [daemon.binaries / "timbrectl", "backup", target], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                env={**os.environ, "TIMBRED_SOCKET": str(daemon.socket)})
            if how.endswith("killed"):
                time.sleep(chance.uniform(0, 1.3 * (sum(seconds) / len(seconds) if seconds else 0.1)))
            if how == "timbrectl is killed":
                program.kill()
            if how == "the daemon is killed":
                daemon.stop(signal.SIGKILL)
            complaint = program.communicate(timeout=60)[1].decode()
            if how == "nothing":
                seconds.append(time.monotonic() - start)
                assert program.returncode == 0, complaint
            names = os.listdir(target.parent)
            if "b.tar" in names:
                assert program.returncode == 0 or how == "timbrectl is killed", (how, complaint)
                scratch = daemon.place / "scratch"
                expect_whole_backup(target, scratch)
                shutil.rmtree(scratch)
                target.unlink()
                whole += 1
            else:
                assert program.returncode != 0, how
                assert names == [], "left behind: %s" % names
                assert how == "timbrectl is killed" or complaint.count("\n") == 1, complaint
                if how == "the disk is full":
                    assert "No space left on device" in complaint, complaint
            ends[how] = ends.get(how, 0) + 1
            if how == "the daemon is killed":
                daemon.start()
    return "%d backups during ingest (%s), %d of them whole and of one moment, nothing left of the others; %.2f s each" % (
        times, ", ".join("%s %d" % (how, count) for how, count in ends.items()), whole, sum(seconds) / len(seconds))


def restores(daemon, times, seed):
    """The daemon is killed while it reads a backup, and while it begins anew with it."""
    chance = random.Random(seed)
    until(lambda: daemon.ctl("sync", check=False).returncode == 0, "sync")
    # Nothing comes or goes, so that what is listed tells the libraries apart.
    counts, tars = {}, {}
    for name in ("one", "two"):
        (daemon.folder / name).mkdir()
        for number in range(200 if name == "one" else 400):
            (daemon.folder / name / ("%d.wav" % number)).write_bytes(noise())
        daemon.ctl("sync")
        daemon.ctl("pause")
        tars[name] = daemon.place / (name + ".tar")
        counts[name] = daemon.call("Status")["contents"]
        daemon.ctl("backup", tars[name])
        daemon.ctl("resume")
    start = time.monotonic()
    daemon.ctl("restore", tars["two"])
    seconds, taken = time.monotonic() - start, {"old": 0, "new": 0}
    for number in range(times):
        name, other = ("one", "two") if number % 2 == 0 else ("two", "one")
        before = daemon.call("Status")["contents"]
        program = subprocess.Popen(
            [daemon.binaries / "timbrectl", "restore", tars[name]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "TIMBRED_SOCKET": str(daemon.socket)})
        # Every other time while the backup is being read, which is the shorter part.
        time.sleep(chance.uniform(0, 1.3 * seconds if number % 4 < 2 else seconds / 4))
        daemon.stop(signal.SIGKILL)
        program.kill()
        program.wait()
        daemon.start()
        now = daemon.call("Status")["contents"]
        assert now in (before, counts[name]), (before, now, counts)
        taken["new" if now == counts[name] else "old"] += 1
        expect_sound_database(daemon, "after a kill")
        names = os.listdir(daemon.state)
        assert not [n for n in names if n.startswith("restore-")], names
        for aside in daemon.state.glob("before-restore-*"):
            with contextlib.closing(sqlite3.connect(aside / "library.sqlite")) as database:
                assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok", aside
            shutil.rmtree(aside)
    return "%d restores cut off by kill -9: the old library %d times, the new one %d times, nothing between; one takes %.2f s" % (
        times, taken["old"], taken["new"], seconds)


def answers(daemon, files):
    return [[(hit["path"], hit["distance"]) for hit in
             daemon.call("Similar", queries=[{"path": path}], count=20)["results"]] for path in files]


def elsewhere(daemon, binaries):
    """A backup is read into an empty state directory."""
    (daemon.folder / "more").mkdir()
    for number in range(300):
        (daemon.folder / "more" / ("%d.wav" % number)).write_bytes(noise())
    daemon.ctl("resume")
    daemon.ctl("sync")
    files = sorted(item["path"] for item in daemon.list())[::23]
    tar = daemon.place / "elsewhere.tar"
    daemon.ctl("backup", tar)
    listed, answered = daemon.list(), answers(daemon, files)
    with PrivateTimbred(binaries, folder=daemon.folder) as second:
        second.toml.write_text('watch = ["%s/nothing yet"]\n' % second.place)
        second.start()
        second.toml.write_text(daemon.toml.read_text())
        second.ctl("restore", tar)
        second.ctl("sync")
        status = second.call("Status")
        assert second.list() == listed
        assert answers(second, files) == answered
        assert (status["decoded"], status["recognized"]) == (0, 0), status
        return "in an empty state directory %d files are listed and %d questions answered the same; decoded: 0" % (
            len(listed), len(files))


def rebase(binaries, count):
    with PrivateTimbred(binaries) as daemon, small_disk(daemon.place / "disk", 4096) as disk:
        for number in range(count):
            folder = daemon.folder / ("%03d" % (number // 100))
            folder.mkdir(exist_ok=True)
            (folder / ("%d.wav" % number)).write_bytes(noise())
        daemon.start()
        daemon.ctl("sync", timeout=1200)
        before = {item["content"]: item for item in daemon.list()}
        assert len(before) == count
        (daemon.folder / "000" / "7.wav").unlink()
        daemon.ctl("sync")
        decoded, told = daemon.call("Status")["decoded"], []

        def move(new, how, decoded_before, gone):
            old = Path(daemon.toml.read_text().split('"')[1])
            how(old, new)
            refused = daemon.ctl("rebase", old, new, check=False)
            assert refused.returncode == 64 and b"in its place" in refused.stderr, refused.stderr
            daemon.toml.write_text('watch = ["%s"]\n' % new)
            dry = daemon.ctl("rebase", "-n", old, new).stdout.decode().strip()
            start = time.monotonic()
            done = daemon.ctl("rebase", old, new).stdout.decode().strip()
            took = time.monotonic() - start
            daemon.ctl("sync", timeout=600)
            synced = time.monotonic() - start
            status = daemon.call("Status")
            files = daemon.list()
            indexed = [item for item in files if item["state"] == "indexed"]
            assert len(indexed) == count - 1 - gone and all(i["path"].startswith(str(new) + "/") for i in files)
            assert status["decoded"] == decoded_before, "%d decoded" % (status["decoded"] - decoded_before)
            assert "%s files would be under %s" % (format(count - 1, ","), new) in dry, dry
            told.append("%s (%.2f s; known again after %.1f s, read: %d, decoded: 0)" % (
                done.splitlines()[-1], took, synced, status["recognized"]))

        move(daemon.place / "moved", lambda old, new: old.rename(new), decoded, 0)

        def copy(old, new):
            shutil.copytree(old, new)
            for number in (1, 2, 3):
                (new / "000" / ("%d.wav" % number)).unlink()
            shutil.rmtree(old)
        move(disk / "copied", copy, decoded, 3)
        assert daemon.call("Status")["files"]["offline"] == 3
        assert daemon.call("Verify", queries=50)["differences"] == []
        return "; ".join(told)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="backups, restores, elsewhere, rebase; all if none is named")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--sounds", type=int, default=9000)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print("seed %d" % options.seed, flush=True)
    cases = options.cases or ["backups", "restores", "elsewhere", "rebase"]
    with PrivateTimbred(options.binaries) as daemon:
        daemon.start()
        if "backups" in cases:
            print(backups(daemon, options.times, options.seed), flush=True)
        if "restores" in cases:
            print(restores(daemon, options.times, options.seed), flush=True)
        if "elsewhere" in cases:
            print(elsewhere(daemon, options.binaries), flush=True)
    if "rebase" in cases:
        print(rebase(options.binaries, options.sounds), flush=True)


if __name__ == "__main__":
    main()
