#!/usr/bin/env python3
"""hung_folders.py BINARIES: what becomes of a library of which one folder does not answer.

Beside a folder on a disk the daemon watches one on a FUSE file system (stoppable_disk.py) that stops answering: before the
start, while nothing happens, in a scan, during sync, scan --wait, watch add and questions, while its files are decoded,
nested in the other folder, and unmounted meanwhile. Each time the daemon is ready in time, answers at once what concerns
the other folder, says which one does not answer, is not killed by its watchdog, and ends when it is told to; once there are
answers again, all is back by itself: nothing decoded twice, nothing forgotten. Mounts in a mount namespace of its own;
needs root."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

from fault_tools import make_sounds
from private_timbred import Failed, PrivateTimbred
from stoppable_disk import StoppableDisk

COUNT = 40
# Seconds that the daemon gives a folder that has answered before, and some for a slow machine.
PATIENCE = 10
SLACK = 10


class Notified:
    """Stands for systemd, with a watchdog."""

    def __init__(self, place):
        import socket
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(place / "notify"))
        os.environ["NOTIFY_SOCKET"] = str(place / "notify")
        os.environ["WATCHDOG_USEC"] = "3000000"
        self.ready, self.alive = threading.Event(), time.monotonic()
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            for line in self.socket.recv(1 << 16).decode().splitlines():
                if line == "READY=1":
                    self.ready.set()
                if line in ("READY=1", "WATCHDOG=1"):
                    self.alive = time.monotonic()


class Check:
    def __init__(self, daemon, folder, manager):
        self.daemon, self.folder, self.manager, self.failed = daemon, folder, manager, 0
        self.longest = 0

    def say(self, what, is_so, seen=""):
        self.failed += not is_so
        print("%-4s - %s  %s" % ("ok" if is_so else "FAIL", what, seen), flush=True)

    def start(self):
        self.manager.ready.clear()
        began = time.monotonic()
        self.daemon.start(wait=False)
        is_ready = self.manager.ready.wait(20)
        return time.monotonic() - began if is_ready else None

    def mode(self, folder):
        found = next(f for f in self.daemon.call("Status")["folders"] if f["path"] == str(folder))
        return found["mode"], found.get("reason", "")

    def states(self, folder):
        counts = {}
        for item in self.daemon.list():
            if item["path"].startswith(str(folder) + "/"):
                counts[item["state"]] = counts.get(item["state"], 0) + 1
        return counts

    def wait(self, what, condition, within):
        """Waits for something; the daemon must answer all the while, and live."""
        began, seen = time.monotonic(), None
        while time.monotonic() - began < within:
            asked = time.monotonic()
            is_so, seen = condition()
            self.longest = max(self.longest, time.monotonic() - asked)
            if is_so:
                return self.say(what, True, "%.1f s %s" % (time.monotonic() - began, seen))
            time.sleep(0.05)
        self.say(what, False, seen)

    def expect_offline(self, what, folder=None, count=COUNT, within=PATIENCE + SLACK):
        folder = folder or self.folder

        def is_offline():
            mode, reason = self.mode(folder)
            counts = self.states(folder)
            return mode == "offline" and "does not answer since" in reason and counts == {"offline": count}, (reason, counts)

        self.wait(what, is_offline, within)

    def expect_back(self, what, folder=None, count=COUNT, within=60):
        folder = folder or self.folder

        def is_back():
            mode, counts = self.mode(folder)[0], self.states(folder)
            return mode == "polling" and counts == {"indexed": count}, (mode, counts)

        self.wait(what, is_back, within)

    def timed(self, what, most, *arguments, code=0):
        began = time.monotonic()
        try:
            done = self.daemon.ctl(*arguments, check=False, timeout=most)
        except subprocess.TimeoutExpired:
            return self.say("%s: answered within %d s" % (what, most), False)
        took = time.monotonic() - began
        words = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[:1]
        self.say("%s: answered within %d s" % (what, most), done.returncode == code, "%.1f s, code %d %s" % (
            took, done.returncode, words))
        return done

    def other_is_well(self, what):
        """Whether the folder on the disk is searched, and what is dropped there is found."""
        here = self.daemon.folder
        new = here / ("new-%d.wav" % time.monotonic_ns())
        make_sounds(here.parent / "drop", [time.monotonic_ns() % 10**9])
        os.rename(next((here.parent / "drop").iterdir()), new)

        def is_found():
            try:
                reply = self.daemon.call("Similar", queries=[{"path": str(new)}], count=3)
                return len(reply["results"]) > 0, ""
            except Failed as failure:
                return False, failure.args[0]

        self.wait("%s: a new sound elsewhere is searchable" % what, is_found, 10)

    def decoded(self):
        return self.daemon.call("Status")["decoded"]


def main():
    if "TIMBRED_UNSHARED" not in os.environ:
        environment = {**os.environ, "TIMBRED_UNSHARED": "1"}
        os.execvpe("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv], environment)
    daemon = PrivateTimbred(sys.argv[1])
    here = daemon.folder
    store, nested_store = daemon.place / "store", daemon.place / "nested-store"
    for folder in (store, store / "Sounds", nested_store, daemon.place / "drop"):
        folder.mkdir()
    disk = StoppableDisk(daemon.place / "disk", store)
    folder = disk.place / "Sounds"
    nested = StoppableDisk(here / "nested", nested_store)
    daemon.toml.write_text('watch = ["%s", "%s"]\n' % (folder, here))
    make_sounds(store / "Sounds", range(COUNT))
    make_sounds(here, range(1000, 1010))
    make_sounds(nested_store, range(2000, 2005))
    check = Check(daemon, folder, Notified(daemon.place))
    try:
        run(daemon, disk, nested, check)
    finally:
        for one in (disk, nested):
            one.end()
        daemon.close()
    print("%d differences" % check.failed)
    raise SystemExit(1 if check.failed else 0)


def run(daemon, disk, nested, check):
    here, folder = daemon.folder, check.folder
    one, sounds = folder / "0000.wav", disk.store / "Sounds"
    disk.mount()
    took = check.start()
    check.say("ready", took is not None, took)
    check.timed("sync", 120, "sync")
    check.expect_back("a folder on FUSE is polled, and indexed")

    disk.stop()
    check.timed("sync while a folder hangs", PATIENCE + SLACK, "sync")
    check.expect_offline("the folder that hangs is offline", within=5)
    check.other_is_well("while a folder hangs")
    check.timed("sync while the folder is known to hang", 5, "sync")
    check.timed("scan --wait while it hangs", 5, "scan", "--wait")
    check.timed("info on a file in it", 8, "info", str(one))
    check.timed("similar to a file in it", 8, "similar", str(one))
    check.timed("list --all", 10, "list", "--all")
    check.timed("watch add of a folder in it", 8, "watch", "add", str(folder / "folder"), code=66)
    check.timed("watch list", 2, "watch", "list")
    decoded = check.decoded()
    disk.go_on()
    check.expect_back("it answers again: back by itself")
    check.say("nothing was decoded for it", check.decoded() == decoded, check.decoded() - decoded)

    disk.stop()
    check.timed("scan --wait as it falls silent", PATIENCE + SLACK, "scan", "--wait")
    check.expect_offline("a scan has found it to be silent", within=5)
    began = time.monotonic()
    status = daemon.stop()
    check.say("SIGTERM while it hangs: ends", status == 0, "%.1f s, status %s" % (time.monotonic() - began, status))
    took = check.start()
    check.say("ready within 3.5 s, though a folder hangs at the start", took is not None and took < 3.5, took)
    check.expect_offline("it is offline from the start", within=5)
    check.other_is_well("after a start with a folder that hangs")
    disk.go_on()
    check.expect_back("it answers after the start: back by itself")
    made = check.decoded()
    check.say("nothing but the new sound was decoded since the start", made == 1, made)

    make_sounds(sounds, range(COUNT, 2 * COUNT), seconds=20)
    check.wait("new files in it are being decoded", lambda: (check.decoded() > made, check.decoded()), 60)
    disk.stop()
    check.wait("it falls silent while its files are decoded", lambda: (check.mode(folder)[0] == "offline", ""), 40)
    check.other_is_well("while workers may hang")
    disk.go_on()
    check.expect_back("it answers again: all of them are indexed", count=2 * COUNT, within=120)
    check.say("none was decoded twice", check.decoded() <= made + COUNT + 1, check.decoded() - made)
    check.say("none failed", not daemon.call("Status")["last_errors"], daemon.call("Status")["last_errors"])

    disk.stop()
    check.expect_offline("it falls silent once more", count=2 * COUNT, within=2 * (PATIENCE + SLACK))
    disk.unmount()
    check.wait("unmounted while it hangs: nothing is forgotten",
               lambda: (check.states(folder) == {"offline": 2 * COUNT}, check.mode(folder)), 20)
    disk.end()
    disk.mount()
    check.expect_back("mounted anew: back", count=2 * COUNT)

    disk.swallow()
    check.timed("sync while questions are taken and not answered", PATIENCE + SLACK, "sync")
    check.expect_offline("offline as well", count=2 * COUNT, within=5)
    check.other_is_well("while questions are swallowed")
    disk.answer()
    check.expect_back("and back", count=2 * COUNT)

    make_sounds(sounds, range(2 * COUNT, 3 * COUNT), seconds=20)
    made = check.decoded()
    check.wait("more files in it are being decoded", lambda: (check.decoded() > made, check.decoded()), 60)
    disk.swallow()
    check.wait("workers read what is not answered, and cannot be killed",
               lambda: (check.mode(folder)[0] == "offline", ""), 40)
    check.other_is_well("while workers cannot be killed")
    disk.answer()
    check.expect_back("and back, with all that was under way", count=3 * COUNT, within=120)
    check.say("none failed this time", not daemon.call("Status")["last_errors"], daemon.call("Status")["last_errors"])

    nested.mount()
    inside = lambda expected: lambda: (check.states(nested.place) == expected, check.states(nested.place))
    check.wait("a FUSE file system mounted in a local folder is indexed", inside({"indexed": 5}), 60)
    nested.stop()
    check.timed("scan --wait while it hangs", 3 * PATIENCE, "scan", "--wait")
    check.wait("only what lies on it is offline", inside({"offline": 5}), 40)
    check.say("its folder is not", check.mode(here)[0] == "inotify", check.mode(here))
    check.other_is_well("while it hangs")
    decoded = check.decoded()
    nested.go_on()
    check.wait("it answers again: back by itself", inside({"indexed": 5}), 40)
    check.say("nothing was decoded for it", check.decoded() == decoded, check.decoded() - decoded)

    nested.end()
    disk.end()
    daemon.stop()
    follow_links(daemon, disk, check)

    check.say("verify holds", not daemon.call("Verify", queries=50)["differences"])
    check.say("no question about others took longer than 2 s", check.longest < 2, "%.2f s" % check.longest)
    silent = time.monotonic() - check.manager.alive
    check.say("the watchdog was fed to the end", silent < 3, "%.1f s ago" % silent)
    log = daemon.log.read_text(errors="replace")
    stuck = [line for line in log.splitlines() if "no sign of life" in line]
    check.say("no part of the service was stuck", not stuck, stuck[:3])
    check.say("the end", daemon.stop() == 0)


def follow_links(daemon, disk, check):
    """A folder is on a disk, but a link in it leads to a server: the folder holds up no other."""
    linked = daemon.place / "linked"
    linked.mkdir()
    make_sounds(linked, range(3000, 3003))
    (linked / "away.wav").symlink_to(check.folder / "0001.wav")
    (linked / "kit").symlink_to(check.folder)
    daemon.toml.write_text('watch = ["%s", "%s"]\nfollow_symlinks = true\n' % (daemon.folder, linked))
    disk.mount()
    check.start()
    check.timed("sync with links to a server", 120, "sync")
    count = {"indexed": 3 + 1 + 3 * COUNT}
    check.wait("links are followed", lambda: (check.states(linked) == count, check.states(linked)), 60)
    disk.stop()
    check.timed("scan --wait while links lead to a server that hangs", 2 * PATIENCE + SLACK, "scan", "--wait")
    check.wait("their folder is offline", lambda: (check.mode(linked)[0] == "offline", check.mode(linked)), 20)
    check.other_is_well("while links lead to a server that hangs")
    disk.go_on()
    check.wait("and back by itself", lambda: (check.states(linked) == count, check.states(linked)), 60)


if __name__ == "__main__":
    main()
