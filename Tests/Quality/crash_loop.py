#!/usr/bin/env python3
"""crash_loop.py BINARIES [SOUNDS] [--times 200] [--seed 1]

Kills the daemon with SIGKILL at random moments while it indexes a copy of a folder of sounds, or sounds of its own making
of which there are always more; now and then it kills an extraction process. After each kill the database must be whole,
nothing that was committed may be lost, and nothing may be half there; after each start, what was listed as indexed must be
listed so still, with the same content. At the end, what is listed must be what is on disk, the live index must equal the
database, no content may have been decoded twice after the last kill, and all features and codes must equal those of a
daemon that nobody has killed."""

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import time
from pathlib import Path

from fault_tools import expect_sound_database, make_sounds
from private_timbred import PrivateTimbred, exact
from torture import FEATURES

AUDIO = {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"}


class CrashLoop:
    def __init__(self, daemon, seed, longest):
        self.daemon, self.chance, self.longest = daemon, random.Random(seed), longest
        # Contents in the database, and indexed files with their content, as they were last seen.
        self.rows, self.listed = set(), {}
        self.counts = {"kills": 0, "worker_kills": 0, "lists_compared": 0}
        self.made = 0

    def round(self, number, makes_sounds):
        if makes_sounds:
            more = self.chance.randrange(25)
            make_sounds(self.daemon.folder, range(self.made, self.made + more), self.chance.choice([0.1, 0.2, 1]))
            self.made += more
        # Half of the kills meet the start itself.
        self.daemon.start(wait=self.chance.random() < 0.5)
        end = time.monotonic() + self.chance.uniform(0.02, self.longest)
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                self.look()
            if self.chance.random() < 0.1:
                self.kill_worker()
            time.sleep(self.chance.uniform(0, 0.1))
        assert self.daemon.process.poll() is None, "the daemon ended by itself: %s" % self.daemon.log.read_text()[-2000:]
        self.daemon.stop(signal.SIGKILL)
        self.counts["kills"] += 1
        if (self.daemon.state / "library.sqlite").exists():
            self.rows = self.contents(is_thorough=number % 10 == 0)

    def look(self):
        now = {exact(item): item["content"] for item in self.daemon.list() if item["state"] == "indexed"}
        self.counts["lists_compared"] += 1
        lost = {path: hash for path, hash in self.listed.items() if now.get(path) != hash}
        assert not lost, "%d files that were indexed are so no more, such as %s" % (len(lost), sorted(lost)[0])
        self.listed = now

    def kill_worker(self):
        for task in Path("/proc/%d/task" % self.daemon.process.pid).glob("*/children"):
            for child in task.read_text().split():
                os.kill(int(child), signal.SIGKILL)
                self.counts["worker_kills"] += 1
                return

    def contents(self, is_thorough):
        """What the database knows, all of it whole."""
        with contextlib.closing(sqlite3.connect(self.daemon.state / "library.sqlite")) as database:
            check = "integrity_check" if is_thorough else "quick_check"
            answer = database.execute("PRAGMA %s" % check).fetchone()
            assert answer == ("ok",), answer
            try:
                rows = {row[0] for row in database.execute("SELECT hash FROM content")}
                bare = database.execute(
                    "SELECT count(*) FROM file LEFT JOIN code ON code.content = file.content "
                    "WHERE state = 1 AND length(spans) IS NULL").fetchone()[0]
            except sqlite3.OperationalError as error:
                # Killed before the first table was made.
                assert "no such table" in str(error), error
                return set()
        assert bare == 0, "%d indexed files have no codes" % bare
        assert self.rows <= rows, "%d committed contents are lost" % len(self.rows - rows)
        expect_sound_database(self.daemon, "after kill %d" % self.counts["kills"])
        return rows

    def finish(self):
        daemon = self.daemon
        on_disk = {os.fsencode(p): "sha256:" + hashlib.sha256(p.read_bytes()).hexdigest()
                   for p in daemon.folder.rglob("*") if p.suffix.lower() in AUDIO and p.is_file()}
        daemon.start()
        daemon.ctl("sync")
        # A file whose worker was killed often enough counts as its killer, which these are not.
        crashed = [item for item in daemon.list() if item["state"] == "failed"]
        if crashed:
            daemon.ctl("retry")
            daemon.ctl("sync")
        else:
            decoded = daemon.call("Status")["decoded"]
            again = decoded - (len(self.contents(is_thorough=True)) - len(self.rows))
            assert again == 0, "%d contents were decoded again" % again
        self.look()
        assert self.listed == on_disk, "list and disk differ: %s" % sorted(set(self.listed) ^ set(on_disk))[:5]
        verify = daemon.call("Verify", queries=100)
        assert verify["differences"] == [], verify["differences"]
        daemon.stop()
        with PrivateTimbred(daemon.binaries, folder=daemon.folder) as fresh:
            fresh.start()
            fresh.ctl("sync")
            fresh.stop()
            assert features(daemon) == features(fresh), "features or codes differ from those of a fresh library"
        return len(crashed)


def features(daemon):
    with contextlib.closing(sqlite3.connect(daemon.state / "library.sqlite")) as database:
        return sorted(database.execute(FEATURES), key=lambda row: row[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("sounds", nargs="?")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=1.2, help="seconds between start and kill at the most")
    a = parser.parse_args()
    start = time.monotonic()
    with PrivateTimbred(a.binaries) as daemon:
        loop = CrashLoop(daemon, a.seed, a.longest)
        if a.sounds:
            shutil.copytree(a.sounds, daemon.folder, dirs_exist_ok=True)
        for number in range(a.times):
            loop.round(number, makes_sounds=not a.sounds)
            if number % 20 == 19:
                print("%d kills: %d contents, %d files listed as indexed" % (
                    number + 1, len(loop.rows), len(loop.listed)), flush=True)
        crashed = loop.finish()
        print("%(kills)d kills of the daemon, %(worker_kills)d of workers, %(lists_compared)d lists compared: nothing lost"
              % loop.counts)
        print("%d files, all indexed (%d after a retry); 100 queries verified; features and codes equal those of a fresh "
              "library; %.0f s" % (len(loop.listed), crashed, time.monotonic() - start))


if __name__ == "__main__":
    main()
