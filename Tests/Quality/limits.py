#!/usr/bin/env python3
"""limits.py BINARIES [--files 60000]: what happens at the kernel's limits, and to names that programs trip over.

60,000 files come while the daemon stands still, more than the kernel remembers; a user may have 50 inotify watches, or no
queue at all; names are the same but for a byte or a normal form, or hold a newline, or are as long as can be. Each time
everything is found, and what went wrong is said. Needs root or user namespaces."""

import argparse
import os
import signal
import stat
import time
import unicodedata
from pathlib import Path

from private_timbred import PrivateTimbred, exact
from unruly_folder import UnrulyFolder

failed = 0


def say(what, is_so, seen=""):
    global failed
    failed += not is_so
    print("%-4s - %s  %s" % ("ok" if is_so else "FAIL", what, seen), flush=True)


def until(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    say(what, condition())


def limited(daemon, name, value):
    """Has a daemon run under a limit of its own, in a user namespace."""
    directory = daemon.place / "bin"
    directory.mkdir()
    program = directory / "timbred"
    program.write_text('#!/bin/sh\nexec unshare --user --map-root-user sh -c \'echo %d >/proc/sys/user/%s && exec "$0" "$@"\' '
                       '%s "$@"\n' % (value, name, daemon.binaries / "timbred"))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (directory / "timbrectl").symlink_to(daemon.binaries / "timbrectl")
    daemon.binaries = directory
    return daemon


def folder_of(daemon):
    return daemon.call("Status")["folders"][0]


def overflow(binaries, sounds, count):
    with PrivateTimbred(binaries) as daemon:
        for number in range(0, count, 1000):
            (daemon.folder / ("%03d" % (number // 1000))).mkdir()
        daemon.start()
        daemon.ctl("sync")
        os.kill(daemon.process.pid, signal.SIGSTOP)
        for number in range(count):
            path = daemon.folder / ("%03d" % (number // 1000)) / ("%05d.wav" % number)
            path.write_bytes(sounds[number % len(sounds)])
        os.kill(daemon.process.pid, signal.SIGCONT)
        began = time.monotonic()
        daemon.ctl("sync", timeout=900)
        status = daemon.call("Status")
        say("%d files created while the daemon stood still are indexed" % count,
            status["files"]["indexed"] == count, "%s, %.0f s" % (status["files"], time.monotonic() - began))
        listed = {item["path"] for item in daemon.list()}
        there = {str(path) for path in daemon.folder.rglob("*.wav")}
        say("and listed, each by its name", listed == there, len(listed))
        if count >= 16384:
            told = "the queue of inotify overflowed" in daemon.log.read_text(errors="replace")
            say("the overflow is counted and told", status["overflows"] > 0 and told, status["overflows"])


def storm(binaries, sounds):
    """Overflows one after the other: the scans that follow must not."""
    with PrivateTimbred(binaries) as daemon:
        for number in range(100):
            (daemon.folder / ("%d.wav" % number)).write_bytes(sounds[number % len(sounds)])
        daemon.start()
        daemon.ctl("sync")
        paths = [str(daemon.folder / ("%d.wav" % number)) for number in range(100)]
        began, rounds = time.monotonic(), 0
        while time.monotonic() - began < 10:
            os.kill(daemon.process.pid, signal.SIGSTOP)
            for number in range(20000):
                os.utime(paths[number % 100])
            os.kill(daemon.process.pid, signal.SIGCONT)
            rounds += 1
            daemon.call("Similar", queries=[{"path": paths[0]}])
        daemon.ctl("sync", timeout=60)
        status = daemon.call("Status")
        say("a storm of overflows is survived", status["overflows"] > 0, "%d in %d rounds" % (
            status["overflows"], rounds))
        say("and nothing lost", status["files"]["indexed"] == 100, status["files"])


def few_watches(binaries, sounds):
    with limited(PrivateTimbred(binaries), "max_inotify_watches", 50) as daemon:
        paths = []
        for number in range(200):
            folder = daemon.folder / ("kit %03d" % number)
            folder.mkdir()
            paths.append(folder / "x.wav")
            paths[-1].write_bytes(sounds[number % len(sounds)])
        daemon.start()
        daemon.ctl("sync", timeout=60)
        folder = folder_of(daemon)
        say("with 50 watches for 200 folders the folder is polled", folder["mode"] == "polling", folder.get("reason"))
        say("and what to do is said", "sysctl fs.inotify.max_user_watches=" in folder.get("reason", ""))
        shown = daemon.ctl("status").stdout.decode()
        say("by status for people, too", "sysctl fs.inotify.max_user_watches=" in shown)
        say("and in the journal", "sysctl fs.inotify.max_user_watches=" in daemon.log.read_text(errors="replace"))
        say("all are found", daemon.call("Status")["files"]["indexed"] == 200)
        new = daemon.folder / "kit 100" / "new.wav"
        new.write_bytes(sounds[3])
        daemon.ctl("sync", timeout=60)
        until("a new file is found after a sync", lambda: daemon.call("Info", path=str(new))["state"] == "indexed")
        later = daemon.folder / "kit 150" / "later.wav"
        later.write_bytes(sounds[4])
        until("and without one", lambda: any(item["path"] == str(later) and item["state"] == "indexed"
                                             for item in daemon.list()))
        paths[7].unlink()
        until("a deleted file is gone", lambda: str(paths[7]) not in {item["path"] for item in daemon.list()})


def no_queue(binaries, sounds):
    with limited(PrivateTimbred(binaries), "max_inotify_instances", 0) as daemon:
        (daemon.folder / "x.wav").write_bytes(sounds[0])
        daemon.start()
        daemon.ctl("sync", timeout=60)
        folder = folder_of(daemon)
        say("without a queue of inotify the folder is polled", folder["mode"] == "polling", folder.get("reason"))
        say("and what to do is said", "sysctl fs.inotify.max_user_instances=" in folder.get("reason", ""))
        say("what is there is found", daemon.call("Status")["files"]["indexed"] == 1)


def names(binaries, sounds):
    accent = "Säge é.wav"
    awkward = [unicodedata.normalize("NFC", accent).encode(), unicodedata.normalize("NFD", accent).encode(),
               b"bad\x80.wav", b"bad\x81.wav", b"new\nline.wav", b"n" * 251 + b".wav", b" .wav", b"-n.wav",
               b"a'b\"c$d`e.wav", b"\\x80.wav", b"\xf0\x9f\xa5\x81.wav", b"\xed\xa0\x80.wav", b"t\tab\x7f.wav"]
    with PrivateTimbred(binaries) as daemon:
        top = os.fsencode(daemon.folder)
        for number, name in enumerate(awkward):
            Path(os.fsdecode(os.path.join(top, name))).write_bytes(sounds[number])
        daemon.start()
        daemon.ctl("sync")

        def listed():
            return {exact(item): item for item in daemon.list()}

        def paths():
            return {os.path.join(top, name) for name in awkward}

        say("each awkward name is listed", set(listed()) == paths(), len(listed()))
        contents = {item["content"] for item in listed().values()}
        say("with its own content", len(contents) == len(awkward), len(contents))
        for name in awkward:
            path = os.fsdecode(os.path.join(top, name))
            answer = daemon.ctl("similar", "--self", "-0", "-n", "1", "--", path).stdout
            say("found by its name: %r" % name[:20], answer == os.path.join(top, name) + b"\0", "")
        decoded = daemon.call("Status")["decoded"]
        for place, name in enumerate(awkward[:6]):
            new = name[:200] + b" 2.wav"
            os.rename(os.path.join(top, name), os.path.join(top, new))
            awkward[place] = new
            daemon.ctl("sync")
            say("renamed on its own: %r" % name[:20], set(listed()) == paths())
        say("nothing was decoded again", daemon.call("Status")["decoded"] == decoded)
        for name in awkward[:6]:
            awkward.remove(name)
            os.unlink(os.path.join(top, name))
            daemon.ctl("sync")
            say("deleted on its own: %r" % name[:20], set(listed()) == paths())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--files", type=int, default=60000)
    a = parser.parse_args()
    sounds = UnrulyFolder("/tmp", "/tmp", 1).sounds
    names(a.binaries, sounds)
    few_watches(a.binaries, sounds)
    no_queue(a.binaries, sounds)
    storm(a.binaries, sounds)
    overflow(a.binaries, sounds, a.files)
    print("%d differences" % failed)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
