#!/usr/bin/env python3
"""crash_loop.py BINARIES SOUNDS [--times 20] [--seed 1]

Kills the daemon with SIGKILL at random moments while it indexes a copy of a folder of sounds, then starts it a last
time: what it lists must be what is on disk, the live index must equal the database, nothing that was committed may
have been decoded twice, and nothing may be half there."""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import time
from pathlib import Path

from private_timbred import PrivateTimbred, exact

AUDIO = {".wav", ".flac", ".ogg", ".mp3", ".aif", ".aiff"}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=1.2, help="seconds between start and kill at the most")
    a = parser.parse_args()
    chance = random.Random(a.seed)
    with PrivateTimbred(a.binaries) as daemon:
        shutil.copytree(a.sounds, daemon.folder, dirs_exist_ok=True)
        on_disk = {os.fsencode(p) for p in daemon.folder.rglob("*") if p.suffix.lower() in AUDIO and p.is_file()}
        known, rows = [], set()
        for _ in range(a.times):
            daemon.start(wait=False)
            time.sleep(chance.uniform(0.02, a.longest))
            daemon.stop(signal.SIGKILL)
            if (daemon.state / "library.sqlite").exists():
                now = contents(daemon)
                assert rows <= now, "%d committed contents are lost" % len(rows - now)
                rows = now
                known.append(len(rows))
        daemon.start()
        daemon.call("Sync")
        status = daemon.call("Status")
        listed = {exact(f): f["state"] for f in daemon.list()}
        assert set(listed) == on_disk, "list and disk differ: %s" % sorted(set(listed) ^ on_disk)[:5]
        assert set(listed.values()) == {"indexed"}, [f for f in listed.items() if f[1] != "indexed"][:5]
        again = status["decoded"] - (len(contents(daemon)) - len(rows))
        assert again == 0, "%d files were decoded again" % again
        verify = daemon.call("Verify", queries=100)
        assert verify["differences"] == [], verify["differences"]
        print("contents after each kill: %s" % known)
        print("%d kills: %d files, all indexed; %d decoded in the last run, none twice; %d queries verified" % (
            a.times, len(listed), status["decoded"], verify["queries"]))


def contents(daemon):
    database = sqlite3.connect(daemon.state / "library.sqlite")
    try:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        missing = database.execute(
            "SELECT count(*) FROM content WHERE featureCount > 0 AND failure IS NULL AND "
            "(NOT EXISTS (SELECT 1 FROM cepstra WHERE key >> 20 = content.id) OR "
            "NOT EXISTS (SELECT 1 FROM code WHERE code.content = content.id))").fetchone()[0]
        assert missing == 0, "%d contents are half there" % missing
        return {row[0] for row in database.execute("SELECT hash FROM content")}
    except sqlite3.OperationalError as error:
        # Killed before the first table was made.
        assert "no such table" in str(error), error
        return set()
    finally:
        database.close()


if __name__ == "__main__":
    main()
