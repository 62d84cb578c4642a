#!/usr/bin/env python3
"""rename_tree.py BINARIES SOUNDS [--files 500]

Renames a folder with many indexed files: all have to be found under the new name within a second, none decoded again;
then a copy of all of it, which is hashed, but not decoded either."""

import argparse
import os
import shutil
import time
from pathlib import Path

from private_timbred import PrivateTimbred


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--files", type=int, default=500)
    a = parser.parse_args()
    sounds = sorted(p for p in Path(a.sounds).rglob("*") if p.suffix in (".flac", ".wav", ".ogg"))[:a.files]
    with PrivateTimbred(a.binaries) as daemon:
        old, new = daemon.folder / "pack" / "old", daemon.folder / "pack" / "new name"
        (old / "deeper").mkdir(parents=True)
        for number, sound in enumerate(sounds):
            place = old / "deeper" if number % 3 == 0 else old
            shutil.copyfile(sound, place / ("%03d%s" % (number, sound.suffix)))
        daemon.start()
        daemon.call("Sync")
        decoded = daemon.call("Status")["decoded"]
        start = time.monotonic()
        os.rename(old, new)
        while True:
            found = [f for f in daemon.list(directory=str(new)) if f["state"] == "indexed"]
            if len(found) == len(sounds):
                break
            assert time.monotonic() - start < 10, "%d of %d found" % (len(found), len(sounds))
        seconds = time.monotonic() - start
        assert not daemon.list(directory=str(old)), "the old name is still listed"
        reply = daemon.call("Similar", queries=[{"path": found[0]["path"]}], include_self=True, count=len(sounds))
        assert all(r["path"].startswith(str(new)) for r in reply["results"])
        assert daemon.call("Status")["decoded"] == decoded, "something was decoded again"
        shutil.copytree(new, daemon.folder / "copy")
        daemon.call("Sync")
        status = daemon.call("Status")
        assert status["decoded"] == decoded and status["files"]["indexed"] == 2 * len(sounds), status
        assert daemon.call("Verify")["differences"] == []
        print("%d files found under the new name after %.0f ms; copied as well: %d recognized, none decoded again" % (
            len(sounds), seconds * 1000, status["recognized"]))
        assert seconds < 1


if __name__ == "__main__":
    main()
