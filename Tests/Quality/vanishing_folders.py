#!/usr/bin/env python3
"""vanishing_folders.py BINARIES: what becomes of a library whose folders go away and come back.

A watched tmpfs of 1,000 sounds is unmounted and mounted again, is not mounted at the start, gets another folder bind
mounted over it, loses a nested mount, becomes unreadable, is moved away, is deleted while nobody looks. Each time: what
is away is listed as offline and left out of the answers, nothing is forgotten, and all is back at once, without decoding.
Mounts in a mount namespace of its own; needs root."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from private_timbred import PrivateTimbred
from unruly_folder import UnrulyFolder

COUNT = 1000


def run(*command):
    subprocess.run(command, check=True)


class Check:
    def __init__(self, daemon):
        self.daemon, self.failed = daemon, 0

    def states(self, folder):
        counts = {}
        for item in self.daemon.list():
            if item["path"].startswith(str(folder) + "/"):
                counts[item["state"]] = counts.get(item["state"], 0) + 1
        return counts

    def wait(self, what, folder, expected, mode=None):
        """Waits until the files of a folder are in the states that are expected."""
        end, counts, found = time.monotonic() + 30, None, None
        while time.monotonic() < end:
            began = time.monotonic()
            counts = self.states(folder)
            found = {f["path"]: f["mode"] for f in self.daemon.call("Status")["folders"]}.get(str(folder))
            if counts == expected and (mode is None or found == mode):
                return self.say(what, True, counts)
            time.sleep(max(0, 0.02 - time.monotonic() + began))
        self.say(what, False, (counts, found, "expected", expected, mode))

    def say(self, what, is_so, seen=""):
        self.failed += not is_so
        print("%-4s - %s  %s" % ("ok" if is_so else "FAIL", what, seen), flush=True)

    def found(self, query):
        reply = self.daemon.call("Similar", queries=[{"path": str(query)}], count=10000)
        return {Path(r["path"]) for r in reply["results"]}

    def decoded(self):
        return self.daemon.call("Status")["decoded"]


def main():
    if "TIMBRED_UNSHARED" not in os.environ:
        environment = {**os.environ, "TIMBRED_UNSHARED": "1"}
        os.execvpe("unshare", ["unshare", "--mount", sys.executable, *sys.argv], environment)
    daemon = PrivateTimbred(sys.argv[1])
    disk, here = daemon.place / "disk", daemon.folder
    disk.mkdir()
    daemon.toml.write_text('watch = ["%s", "%s"]\n' % (here, disk))
    maker = UnrulyFolder(daemon.place / "unused", daemon.place / "outside", 1)
    # The content of the disk, from which it is filled again: a tmpfs forgets.
    store = daemon.place / "store"
    store.mkdir()
    for number in range(COUNT):
        sound = bytearray(maker.sounds[number % len(maker.sounds)])
        sound[-4:] = number.to_bytes(4, "little")
        (store / ("%04d.wav" % number)).write_bytes(sound)
    (here / "query.wav").write_bytes(maker.sounds[0])
    check = Check(daemon)

    def mount():
        run("mount", "-t", "tmpfs", "-o", "size=200m", "none", str(disk))
        run("cp", "-a", str(store) + "/.", str(disk))

    try:
        mount()
        daemon.start()
        daemon.ctl("sync", timeout=120)
        query = here / "query.wav"
        check.wait("1,000 files on a disk", disk, {"indexed": COUNT}, "inotify")
        before = check.found(query)
        check.say("all are found", len(before) == COUNT, len(before))

        run("umount", str(disk))
        check.wait("unmounted: offline", disk, {"offline": COUNT}, "offline")
        check.say("left out of the answers", not check.found(query))
        decoded = check.decoded()
        mount()
        check.wait("mounted again: back", disk, {"indexed": COUNT}, "inotify")
        check.say("nothing was decoded", check.decoded() == decoded, check.decoded() - decoded)
        check.say("the answers are those of before", check.found(query) == before)

        run("umount", "--lazy", str(disk))
        check.wait("unmounted lazily: offline", disk, {"offline": COUNT}, "offline")
        daemon.stop()
        daemon.start()
        daemon.ctl("sync", timeout=60)
        check.wait("an empty mount point at the start: offline", disk, {"offline": COUNT})
        (disk / "stray.wav").write_bytes(maker.sounds[1])
        check.wait("a stray file in it is a file", disk, {"offline": COUNT, "indexed": 1})
        mount()
        check.wait("mounted after the start: back", disk, {"indexed": COUNT, "offline": 1})
        check.say("nothing was decoded but the stray file", check.decoded() == 1, check.decoded())
        run("umount", str(disk))
        check.wait("what it had covered comes to light", disk, {"offline": COUNT, "indexed": 1})
        (disk / "stray.wav").unlink()
        check.wait("and is gone when it is deleted", disk, {"offline": COUNT})
        mount()
        daemon.ctl("sync", timeout=60)

        other = daemon.place / "other"
        other.mkdir()
        (other / "other.wav").write_bytes(maker.sounds[2])
        decoded = check.decoded()
        run("mount", "--bind", str(other), str(disk))
        check.wait("another folder mounted over it: the old files are offline", disk, {"offline": COUNT, "indexed": 1})
        run("umount", str(disk))
        check.wait("and back when it goes", disk, {"indexed": COUNT, "offline": 1}, "inotify")
        check.say("nothing was decoded but the other file", check.decoded() - decoded <= 1, check.decoded() - decoded)
        daemon.ctl("prune", "--offline", str(disk), "--yes", check=False)
        check.wait("prune forgets what is offline, and that alone", disk, {"indexed": COUNT})

        nested = here / "nested"
        nested.mkdir()
        run("mount", "-t", "tmpfs", "none", str(nested))
        for number in range(50):
            shutil.copy(store / ("%04d.wav" % number), nested)
        check.wait("a mount within a folder is seen", nested, {"indexed": 50})
        run("umount", str(nested))
        check.wait("it goes while its parent stays", here, {"indexed": 1, "offline": 50}, "inotify")
        run("mount", "-t", "tmpfs", "none", str(nested))
        run("cp", "-a", *[str(store / ("%04d.wav" % n)) for n in range(50)], str(nested))
        check.wait("and is back", here, {"indexed": 51}, "inotify")
        run("umount", str(nested))
        check.wait("it goes again", here, {"indexed": 1, "offline": 50})
        daemon.stop()
        daemon.start()
        daemon.ctl("sync", timeout=60)
        check.wait("after a restart it is still away", here, {"indexed": 1, "offline": 50})

        away = daemon.place / "away"
        inside = disk / "kit"
        inside.mkdir()
        for number in range(100):
            os.rename(disk / ("%04d.wav" % number), inside / ("%04d.wav" % number))
        daemon.ctl("sync", timeout=60)
        check.wait("files moved into a folder of the same disk", disk, {"indexed": COUNT})
        os.rename(here, away)
        check.wait("the folder itself moved away: offline", here, {"offline": 51}, "offline")
        os.rename(away, here)
        check.wait("and back", here, {"indexed": 1, "offline": 50}, "inotify")

        daemon.stop()
        for number in range(100, 400):
            (disk / ("%04d.wav" % number)).unlink()
        daemon.start()
        daemon.ctl("sync", timeout=60)
        check.wait("300 files deleted meanwhile are gone", disk, {"indexed": COUNT - 300})
        folder = next(f for f in daemon.call("Status")["folders"] if f["path"] == str(disk))
        check.say("status says so", folder.get("vanished") == 300, folder.get("vanished"))
        told = "300 known files are not there any more" in daemon.log.read_text(errors="replace")
        check.say("the journal says so", told)
        decoded = check.decoded()
        for number in range(100, 400):
            shutil.copy(store / ("%04d.wav" % number), disk)
        check.wait("they come back", disk, {"indexed": COUNT})
        check.say("without being decoded", check.decoded() == decoded, check.decoded() - decoded)
        check.say("verify holds", not daemon.call("Verify", queries=200)["differences"])
        daemon.stop()
    finally:
        daemon.close()
    print("%d differences" % check.failed)
    raise SystemExit(1 if check.failed else 0)


if __name__ == "__main__":
    main()
