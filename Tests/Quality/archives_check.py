#!/usr/bin/env python3
"""archives_check.py BINARIES SOUNDS [--count 2000] [--seed 1] [--queries 200] [--only PART …]

Holds sounds in archives against the same sounds in a folder, with private daemons. The parts: `same`, archives of all forms
are answered as the folder is, in order and with the same distances, and take no more memory; `kill`, a daemon that is killed
with SIGKILL again and again decodes nothing twice and loses nothing; `replace`, an archive that changes, moves, goes and comes
back while it is watched; `hostile`, archives that nobody should meet, each with its reason; `spoilt`, COUNT mutated archives
(mutations.py), through which the daemon lives and each of which ends with a reason."""

import argparse
import hashlib
import os
import random
import re
import shutil
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path

import made_archives
import mutations
from hostile import Watch
from private_timbred import PrivateTimbred, exact, noise


def sounds_of(folder):
    """(path below the folder, bytes), in the order in which a scan finds them."""
    paths = [p for p in Path(folder).rglob("*") if p.is_file() and p.suffix.lower() in (".wav", ".flac", ".ogg", ".mp3")]
    paths.sort(key=lambda p: (os.fsencode(p.parent), os.fsencode(p.name)))
    return [(str(p.relative_to(folder)), p.read_bytes()) for p in paths]


def write(path, data):
    """Writes a file as a whole, and as old as one that was there before."""
    new = path.with_name("." + path.name + ".new")
    new.write_bytes(data)
    os.utime(new, (1e9, 1e9))
    new.rename(path)


def watched(daemon):
    watch = Watch(daemon.process.pid)
    watch.start()
    return watch


def peaks(watch):
    watch.over.set()
    watch.join()
    watch.look()
    return {who: watch.peaks[who] // 1000 for who in ("daemon", "worker")}


def below(root, path):
    return os.fsdecode(os.path.relpath(path, os.fsencode(root)))


def answers(daemon, root, names):
    """What is found for each of some sounds below a folder or archive."""
    found = []
    for name in names:
        reply = daemon.call("Similar", queries=[{"path": str(root / name)}], count=20)
        found.append([(below(root, exact(r)), r["distance"], r["score"]) for r in reply["results"]])
    return found


def same(options):
    sounds = sounds_of(options.sounds)
    names = [name for name, _ in sounds]
    asked = random.Random(options.seed).sample(names, min(options.queries, len(names)))
    with PrivateTimbred(options.binaries) as daemon:
        for name, data in sounds:
            path = daemon.folder / "drums" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        daemon.start()
        watch = watched(daemon)
        daemon.call("Sync")
        plain = answers(daemon, daemon.folder / "drums", asked)
        contents = {below(daemon.folder / "drums", exact(f)): f.get("content") for f in daemon.list()}
        print("folder: %d files, most memory %s" % (len(contents), peaks(watch)))
    for form in made_archives.FORMS:
        with PrivateTimbred(options.binaries) as daemon:
            archive = daemon.folder / ("drums." + form.replace("stored.", ""))
            archive.write_bytes(made_archives.make(form, sounds))
            daemon.start()
            watch, start = watched(daemon), time.monotonic()
            daemon.call("Sync")
            seconds = time.monotonic() - start
            packed = answers(daemon, archive, asked)
            listed = {below(archive, exact(f)): f.get("content") for f in daemon.list()}
            assert listed == contents, "%s: other contents than the folder's" % form
            different = [name for name, one, other in zip(asked, plain, packed) if one != other]
            assert not different, "%s: other answers for %s" % (form, different[:5])
            assert daemon.call("Verify", queries=20)["differences"] == []
            for name in random.Random(options.seed).sample(names, 5):
                data = daemon.ctl("cat", str(archive / name)).stdout
                assert "sha256:" + hashlib.sha256(data).hexdigest() == contents[name], "%s: cat %s" % (form, name)
            print("%s: %d queries answered as in the folder; read in %.1f s, most memory %s" % (
                form, len(asked), seconds, peaks(watch)))


def rows(daemon):
    with sqlite3.connect("file:%s?mode=ro" % (daemon.state / "library.sqlite"), uri=True) as database:
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        # The kill may have come before there was a table.
        made = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'content'").fetchone()[0]
        return {hash for hash, in database.execute("SELECT hash FROM content")} if made else set()


def kill(options):
    chance = random.Random(options.seed)
    sounds = sounds_of(options.sounds)
    unique = len({hashlib.sha256(data).digest() for _, data in sounds})
    for form in ("zip", "tar.gz"):
        with PrivateTimbred(options.binaries, "workers = 1\n") as daemon:
            archive = daemon.folder / ("drums." + form)
            archive.write_bytes(made_archives.make(form, sounds))
            kills, known, longest = 0, set(), 0.5
            while kills < 25 and len(known) < unique:
                daemon.start(wait=chance.random() < 0.5)
                time.sleep(chance.uniform(0.02, longest))
                daemon.stop(signal.SIGKILL)
                kills += 1
                now = rows(daemon) if (daemon.state / "library.sqlite").exists() else set()
                assert known <= now, "what was committed is lost"
                # What is in the archive has to be gone through before anything new is learnt.
                longest *= 1.3 if now == known else 1
                known = now
            before = len(known)
            daemon.start()
            daemon.call("Sync")
            decoded, now = daemon.call("Status")["decoded"], rows(daemon)
            assert decoded == len(now) - before, "%d decoded, %d new" % (decoded, len(now) - before)
            listed = daemon.list()
            assert len(listed) == len(sounds) and len(now) == unique, (len(listed), len(sounds), len(now), unique)
            assert daemon.call("Verify", queries=20)["differences"] == []
            print("%s: killed %d times, %d of %d contents were there in the end; %d decoded then, none twice, none lost" % (
                form, kills, before, unique, decoded))


class Replaced:
    """A daemon and what it must know of an archive."""

    def __init__(self, daemon):
        self.daemon = daemon
        self.decoded = 0

    def expect(self, what, paths, decoded):
        self.daemon.call("Sync")
        self.decoded += decoded
        now = self.daemon.call("Status")["decoded"]
        listed = sorted(below(self.daemon.folder, exact(f)) for f in self.daemon.list() if f["state"] == "indexed")
        assert (listed, now) == (sorted(paths), self.decoded), "%s: %s, %d decoded" % (what, listed, now)
        print("%s: %d files, %d decoded" % (what, len(paths), decoded))


def replace(options):
    a, b, c, d = (noise() for _ in range(4))
    with PrivateTimbred(options.binaries) as daemon:
        folder, check = daemon.folder, Replaced(daemon)
        daemon.start()
        pack = folder / "pack.zip"
        write(pack, made_archives.zip_of([("k/a.wav", a), ("k/b.wav", b)]))
        check.expect("a new archive", ["pack.zip/k/a.wav", "pack.zip/k/b.wav"], 2)
        write(pack, made_archives.zip_of([("k/a.wav", a), ("k/b.wav", c), ("d.wav", d)]))
        check.expect("another in its place", ["pack.zip/k/a.wav", "pack.zip/k/b.wav", "pack.zip/d.wav"], 2)
        pack.rename(folder / "renamed.zip")
        check.expect("renamed", ["renamed.zip/k/a.wav", "renamed.zip/k/b.wav", "renamed.zip/d.wav"], 0)
        (folder / "deep").mkdir()
        (folder / "renamed.zip").rename(folder / "deep" / "pack.zip")
        moved = ["deep/pack.zip/k/a.wav", "deep/pack.zip/k/b.wav", "deep/pack.zip/d.wav"]
        check.expect("moved", moved, 0)
        shutil.copy(folder / "deep" / "pack.zip", folder / "copy.zip")
        os.utime(folder / "copy.zip", (1e9, 1e9))
        copied = ["copy.zip/k/a.wav", "copy.zip/k/b.wav", "copy.zip/d.wav"]
        check.expect("copied", moved + copied, 0)
        os.unlink(folder / "copy.zip")
        check.expect("the copy removed", moved, 0)
        write(folder / "same.tar.gz", made_archives.make("tar.gz", [("a.wav", a)]))
        check.expect("the same sound in another form", moved + ["same.tar.gz/a.wav"], 0)
        os.unlink(folder / "same.tar.gz")
        with open(folder / "deep" / "pack.zip", "r+b") as file:
            # Written in place and slowly, as a download is: half of it first.
            data = made_archives.zip_of([("k/a.wav", a), ("k/b.wav", b), ("e.wav", noise())], 0)
            file.truncate(0)
            file.write(data[:len(data) // 2])
            file.flush()
            time.sleep(0.6)
            file.write(data[len(data) // 2:])
        check.expect("written in place", ["deep/pack.zip/k/a.wav", "deep/pack.zip/k/b.wav", "deep/pack.zip/e.wav"], 1)
        kept = ["deep/pack.zip/k/a.wav", "deep/pack.zip/k/b.wav", "deep/pack.zip/e.wav"]
        daemon.stop()
        daemon.start()
        check.decoded = 0
        check.expect("after a restart", kept, 0)
        for verb in ("scan",):
            daemon.ctl(verb, str(folder / "deep" / "pack.zip" / "k"), check=False)
            check.expect("after %s of a place inside" % verb, kept, 0)
        away = folder.with_name("away")
        folder.rename(away)
        wait(lambda: all(f["state"] == "offline" for f in daemon.list()), "the members to be offline")
        assert len(daemon.list()) == 3
        away.rename(folder)
        wait(lambda: all(f["state"] == "indexed" for f in daemon.list()), "the members to be back")
        check.expect("away and back", kept, 0)
        os.unlink(folder / "deep" / "pack.zip")
        (folder / "deep" / "pack.zip").mkdir()
        write(folder / "deep" / "pack.zip" / "own.wav", d)
        check.expect("a folder in its place", ["deep/pack.zip/own.wav"], 0)
        shutil.rmtree(folder / "deep" / "pack.zip")
        write(folder / "deep" / "pack.zip", made_archives.zip_of([("f.wav", a)]))
        check.expect("an archive in the folder's place", ["deep/pack.zip/f.wav"], 0)
        shutil.rmtree(folder / "deep")
        check.expect("removed with its folder", [], 0)
        assert daemon.call("Verify", queries=5)["differences"] == []


def wait(condition, what, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain for %s" % what
        time.sleep(0.02)


def hostile(options):
    cases = made_archives.hostile(noise)
    with PrivateTimbred(options.binaries) as daemon:
        daemon.start()
        watch = watched(daemon)
        for name, data, *_ in cases:
            write(daemon.folder / name, data)
        write(daemon.folder / "beside.wav", noise())
        daemon.call("Sync")
        listed = {below(daemon.folder, exact(f)): f for f in daemon.list()}
        for name, _, reason, member, heard in cases:
            indexed = {path for path, file in listed.items() if path.startswith(name + "/") and file["state"] == "indexed"}
            expected = {name + "/" + os.fsdecode(path) for path in heard}
            assert indexed == expected, "%s: %s is heard, and not %s" % (name, indexed, expected)
            where = name if member is None else name + "/" + member
            said = listed.get(where, {}).get("error", "")
            if reason is None:
                assert where not in listed, "%s: %s" % (where, said)
            else:
                assert reason in said and listed[where]["state"] in ("failed", "skipped"), "%s: %r" % (where, said)
            print("%-14s %s" % (name, "%s%s" % (member + ": " if member else "", said) if said else "read"))
        assert listed["beside.wav"]["state"] == "indexed"
        outside = [p for p in (daemon.place, daemon.place.parent) for p in p.glob("*.wav")]
        assert not outside, outside
        assert daemon.call("Verify", queries=5)["differences"] == []
        most = peaks(watch)
        print("%d archives; most memory %s" % (len(cases), most))
        assert most["daemon"] < 300 and most["worker"] < 400, most


def spoilt(options):
    chance = random.Random(options.seed)
    sources = []
    for form in made_archives.FORMS:
        # Compressible, so that what is spoilt is the compression.
        members = [("kit/%d.wav" % i, noise()[:44] + bytes(range(256)) * 8 + os.urandom(600)) for i in range(4)]
        sources.append((made_archives.make(form, members), "." + form.replace("stored.", "")))
    sources.append((made_archives.overlapping_zip(1 << 20, 40), ".zip"))
    sources.append((made_archives.encrypted(noise()), ".zip"))
    with PrivateTimbred(options.binaries) as daemon:
        daemon.start()
        watch, states, reasons, wrong, made = watched(daemon), Counter(), Counter(), [], 0
        while made < options.count:
            staging, place = daemon.place / "staging", daemon.folder / "batch"
            staging.mkdir()
            names = []
            for _ in range(min(250, options.count - made)):
                data, suffix, _ = mutations.mutate(random.Random("%d %d" % (options.seed, made)), sources)
                if not suffix.startswith("."):
                    suffix = "." + suffix
                names.append("%06d%s" % (made, suffix))
                (staging / names[-1]).write_bytes(data)
                os.utime(staging / names[-1], (1e9, 1e9))
                made += 1
            (staging / "beside.wav").write_bytes(noise())
            staging.rename(place)
            daemon.call("Sync")
            listed = {below(place, exact(f)): f for f in daemon.list(directory=str(place))}
            for path, file in listed.items():
                if "/" in path and file["state"] != "indexed" and not file.get("error"):
                    wrong.append("%s is %s without a reason" % (path, file["state"]))
                if file.get("error"):
                    reasons[re.sub(r"[0-9a-f]*\d[0-9a-f]*", "N", file["error"])[:90]] += 1
                if re.match("the decoder|decoding took", file.get("error", "")):
                    print("%s: %s" % (path, file["error"]))
            for name in names:
                state = daemon.call("Info", path=str(place / name))
                states["read" if state["state"] == "indexed" else state["state"]] += 1
                if state["state"] == "pending" or state["state"] != "indexed" and not state.get("error"):
                    wrong.append("%s is %s" % (name, state["state"]))
            if listed["beside.wav"]["state"] != "indexed":
                wrong.append("the sound beside is %s" % listed["beside.wav"]["state"])
            assert daemon.process.poll() is None, "the daemon has ended"
            shutil.rmtree(place)
        for reason, count in reasons.most_common(25):
            print("%7d  %s" % (count, reason))
        assert daemon.call("Verify", queries=10)["differences"] == []
        most = peaks(watch)
        print("%d spoilt archives, seed %d: %s; %d workers in all; most memory %s" % (
            made, options.seed, dict(states), len(watch.workers), most))
        assert not wrong, "%d wrong: %s" % (len(wrong), wrong[:20])
        assert most["daemon"] < 300 and most["worker"] < 400, most


PARTS = {"same": same, "kill": kill, "replace": replace, "hostile": hostile, "spoilt": spoilt}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    options = parser.parse_args()
    for name in options.only:
        print("== %s" % name)
        PARTS[name](options)


if __name__ == "__main__":
    main()
