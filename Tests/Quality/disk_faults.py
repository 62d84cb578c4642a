#!/usr/bin/env python3
"""disk_faults.py BINARIES [CASE...]

Lets the disk under the library fail in the ways that disks do, as root: it fills up, it becomes read-only, system calls
fail, the database is damaged. Each time the daemon must answer on, say what is wrong, and lose nothing: once the fault is
over, all files are indexed, the index equals the database, and the database is whole."""

import argparse
import concurrent.futures
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from fault_tools import (
    Manager, answers, expect_sound_database, expect_whole, fill, injected, make_sounds, remount, small_disk, until)
from private_timbred import Failed, PrivateTimbred


def trouble(daemon, word):
    return word in daemon.call("Status").get("trouble", "")


def logged(daemon, text):
    return daemon.log.read_text(errors="replace").count(text)


def full(binaries):
    """The disk fills up during ingest, the daemon is killed and started on the full disk, and then there is room."""
    with PrivateTimbred(binaries) as daemon, small_disk(daemon.state):
        manager = Manager(daemon.place)
        make_sounds(daemon.folder, range(40))
        daemon.start()
        expect_whole(daemon, 40, "at first")
        more = daemon.place / "more"
        more.mkdir()
        make_sounds(more, range(40, 1500), 1)
        more.rename(daemon.folder / "more")
        until(lambda: daemon.call("Status")["files"]["indexed"] > 60, "indexing")
        fill(daemon.state)
        until(lambda: trouble(daemon, "full"), "status says that the disk is full")
        until(lambda: "full" in manager.status(), "STATUS= says so")
        before = answers(daemon)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            assert set(pool.map(lambda _: answers(daemon), range(32))) == {before}
        assert daemon.call("Verify", queries=20)["differences"] == []
        said = logged(daemon, "nothing can be stored")
        counts = [daemon.call("Status")["files"]["indexed"]]
        for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            daemon.stop(how)
            fill(daemon.state)
            daemon.start()
            until(lambda: trouble(daemon, "full"), "after %s: status" % how.name)
            counts.append(daemon.call("Status")["files"]["indexed"])
            assert answers(daemon) == before, "after %s: another answer" % how.name
            assert daemon.call("Verify", queries=20)["differences"] == []
        assert len(set(counts)) == 1, counts
        os.unlink(daemon.state / "filler")
        start = time.monotonic()
        expect_whole(daemon, 1500, "with room again")
        return "%d files indexed when it was full, said %d time(s); 3 starts on the full disk answer; with room all 1,500 after %.0f s" % (
            counts[0], said, time.monotonic() - start)


def calls(binaries):
    """System calls of the daemon fail during ingest; also up to a kill."""
    seen = []
    faults = ["pwrite64:error=ENOSPC", "pwrite64:error=EIO:when=3+2", "pwrite64:error=EROFS", "pwrite64:retval=0:when=2+3",
              "fdatasync:error=EIO", "fdatasync:error=EIO:when=2+3", "pread64:error=EIO:when=5+4",
              "ftruncate:error=EIO"]
    for number, fault in enumerate(faults * 2):
        is_killed = number >= len(faults)
        with PrivateTimbred(binaries) as daemon:
            make_sounds(daemon.folder, range(20))
            daemon.start()
            expect_whole(daemon, 20, fault)
            before = answers(daemon)
            failed = 0
            with injected(daemon.process.pid, fault):
                make_sounds(daemon.folder, range(20, 120))
                end = time.monotonic() + 3
                while time.monotonic() < end:
                    try:
                        assert daemon.call("Verify", queries=5)["differences"] == [], fault
                        assert answers(daemon), fault
                    except (Failed, SystemExit):
                        failed += 1
                    time.sleep(0.1)
                with contextlib.suppress(Failed):
                    seen.append(daemon.call("Status").get("trouble", "no trouble"))
                if is_killed:
                    daemon.stop(signal.SIGKILL)
            if not is_killed and fault.startswith("pread64"):
                # SQLite takes a page that cannot be read for damage: the next start finds that there is none.
                daemon.stop()
                is_killed = True
            if is_killed:
                daemon.start()
            expect_whole(daemon, 120, fault)
            assert not list(daemon.state.glob("library.sqlite.damaged-*")), fault
            print("  %s%s: %d of the questions failed; %s" % (
                fault, ", then started anew" if is_killed else "", failed, seen[-1] if seen else ""), flush=True)
            assert before
            assert not failed or fault.split(":")[0] == "pread64", "%s: a question was not answered" % fault
    return "%d faults, each up to its end and up to a kill: all 120 files there" % len(faults)


def unwritable(binaries):
    """The daemon is started where nothing can be written, after a clean stop and after a kill."""
    for fault in ("full", "read-only"):
        for how in (signal.SIGTERM, signal.SIGKILL):
            when = "%s, after %s" % (fault, how.name)
            with PrivateTimbred(binaries) as daemon, small_disk(daemon.state):
                manager = Manager(daemon.place)
                make_sounds(daemon.folder, range(30))
                daemon.start()
                expect_whole(daemon, 30, when)
                before = answers(daemon)
                if fault == "read-only":
                    assert not remount(daemon.state, "ro"), "the kernel lets a disk in use become read-only?"
                daemon.stop(how)
                if fault == "full":
                    fill(daemon.state)
                else:
                    assert remount(daemon.state, "ro")
                daemon.start()
                assert answers(daemon) == before
                # After a kill there may be some room left in SQLite's log.
                make_sounds(daemon.folder, range(30, 130), 2)
                until(lambda: daemon.call("Status").get("trouble"), when)
                told = daemon.call("Status")["trouble"]
                until(lambda: "waiting: " in manager.status(), "%s: STATUS=" % when)
                assert logged(daemon, "nothing can be stored") == 1
                assert answers(daemon)
                assert daemon.call("Verify", queries=20)["differences"] == []
                if fault == "full":
                    os.unlink(daemon.state / "filler")
                else:
                    assert remount(daemon.state, "rw")
                expect_whole(daemon, 130, when)
                assert daemon.stop() == 0
                print("  %s: %s" % (when, told), flush=True)
    with PrivateTimbred(binaries) as daemon, small_disk(daemon.state):
        assert remount(daemon.state, "ro")
        daemon.start(wait=False)
        assert daemon.process.wait(20) == 69
        line = daemon.log.read_text()
        assert line.count("\n") == 1, line
        daemon.process = None
        print("  nothing there: %s" % line.strip(), flush=True)
    return "answers at once, and goes on when it can; where there is nothing to answer from, it ends with 69"


def damaged(binaries):
    """The database is damaged while the daemon is stopped."""
    pages = lambda start, end: lambda data: data[:start] + b"\xa5" * (end - start) + data[end:]
    damages = {
        "a header of zeros": lambda data: bytes(4096) + data[4096:],
        "a page in the middle": lambda data: pages(len(data) // 8192 * 4096, len(data) // 8192 * 4096 + 4096)(data),
        "cut in half": lambda data: data[:len(data) // 2],
        "text": lambda data: b"no database at all\n" * 300,
        "cut to nothing": lambda data: b"",
    }
    for what, damage in damages.items():
        with PrivateTimbred(binaries) as daemon:
            make_sounds(daemon.folder, range(60))
            more = daemon.place / "more"
            more.mkdir()
            make_sounds(more, range(60, 70))
            daemon.start()
            daemon.ctl("watch", "add", str(more))
            expect_whole(daemon, 70, what)
            daemon.stop()
            path = daemon.state / "library.sqlite"
            before = damage(path.read_bytes())
            path.write_bytes(before)
            daemon.start()
            aside = sorted(daemon.state.glob("library.sqlite.damaged-*"))
            kept = any(folder["path"] == str(more) for folder in daemon.call("Status")["folders"])
            if what == "cut to nothing":
                assert aside == [], aside
            else:
                assert len(aside) == 1 and aside[0].read_bytes() == before, aside
                assert aside[0].name in str(daemon.call("Status")["last_errors"]), "status does not name it"
                assert logged(daemon, aside[0].name) >= 1, "the journal does not name it"
            expect_whole(daemon, 70 if kept else 60, what)
            daemon.stop()
            daemon.start()
            expect_whole(daemon, 70 if kept else 60, what + ", next start")
            assert sorted(daemon.state.glob("library.sqlite.damaged-*")) == aside
            print("  %s: moved aside: %s; the added folder is %s" % (
                what, "yes" if aside else "no", "kept" if kept else "lost"), flush=True)
            # An empty file is a database that was begun anew.
            assert kept == (what != "cut to nothing"), what
    for name, sql in {"another's": "CREATE TABLE song (title)", "marked": "PRAGMA application_id = 7"}.items():
        with PrivateTimbred(binaries) as daemon:
            daemon.state.mkdir()
            with contextlib.closing(sqlite3.connect(daemon.state / "library.sqlite")) as database:
                database.execute(sql)
            before = (daemon.state / "library.sqlite").read_bytes()
            daemon.start(wait=False)
            assert daemon.process.wait(20) == 69
            daemon.process = None
            assert (daemon.state / "library.sqlite").read_bytes() == before
    return "made anew from the sounds; another program's database is left alone"


def damaged_meanwhile(binaries):
    """The database is damaged under the running daemon: it says so, and the next start makes it anew."""
    with PrivateTimbred(binaries) as daemon:
        make_sounds(daemon.folder, range(60), 1)
        daemon.start()
        expect_whole(daemon, 60, "at first")
        daemon.stop()
        path = daemon.state / "library.sqlite"
        with contextlib.closing(sqlite3.connect(path)) as database:
            page = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'bands'").fetchone()[0]
        daemon.start()
        before = answers(daemon)
        with open(path, "r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(b"\xa5" * 4096)
        with contextlib.suppress(SystemExit):
            daemon.ctl("duplicates", "--near")
        with contextlib.suppress(SystemExit):
            daemon.ctl("retrain", "--dry-run", check=False)
        make_sounds(daemon.folder, range(60, 70))
        until(lambda: trouble(daemon, "restart timbred"), "status says what to do")
        told = daemon.call("Status")["trouble"]
        assert logged(daemon, "restart timbred") >= 1
        assert answers(daemon) == before
        daemon.stop()
        daemon.start()
        expect_whole(daemon, 70, "after the restart")
        assert len(list(daemon.state.glob("library.sqlite.damaged-*"))) == 1
        return "said: %s" % told


def elsewhere(binaries):
    """Nothing needs /tmp: neither SQLite nor the daemon opens a file there, and there may be none."""
    place = "/var/tmp/timbred-faults-%d" % os.getpid()
    os.mkdir(place)
    os.environ.update(TMPDIR="/nowhere", SQLITE_TMPDIR="/nowhere")
    try:
        with PrivateTimbred(binaries) as daemon:
            make_sounds(daemon.folder, range(30))
            daemon.state = daemon.place.__class__(place) / "state"
            with small_disk(daemon.state):
                daemon.start()
                trace = daemon.place / "trace"
                tracer = subprocess.Popen(["strace", "-f", "-qq", "-o", trace, "-e", "trace=openat,creat,mknod,mkdir",
                                           "-p", str(daemon.process.pid)])
                time.sleep(1)
                make_sounds(daemon.folder, range(30, 60))
                expect_whole(daemon, 60, "elsewhere")
                daemon.ctl("retrain", "--dry-run", check=False)
                tracer.send_signal(signal.SIGINT)
                tracer.wait(20)
                opened = {line.split('"')[1] for line in trace.read_text().splitlines() if '"/tmp' in line}
                # The loader looks for libraries beside the programs, which may lie there as well.
                opened = {path for path in opened if not path.startswith(str(daemon.binaries))}
                strange = [path for path in opened if not path.startswith(str(daemon.place))]
                assert not strange, strange
                expect_sound_database(daemon, "elsewhere")
                return "state on a file system of its own, TMPDIR and SQLITE_TMPDIR nowhere: %d opens under /tmp, all in the watched folder" % len(opened)
    finally:
        del os.environ["TMPDIR"], os.environ["SQLITE_TMPDIR"]
        shutil.rmtree(place)


def main():
    cases = {case.__name__.replace("_", "-"): case for case in (
        full, calls, unwritable, damaged, damaged_meanwhile, elsewhere)}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries")
    parser.add_argument("cases", nargs="*", choices=[*cases, []], metavar="CASE", help=", ".join(cases))
    a = parser.parse_args()
    can_mount = os.geteuid() == 0 and subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], stderr=subprocess.DEVNULL).returncode == 0
    different = 0
    for name in a.cases or cases:
        if name in ("full", "unwritable", "elsewhere") and not can_mount:
            print("%s: skipped; it needs root and mount(8)" % name)
            continue
        if name in ("calls", "elsewhere") and not shutil.which("strace"):
            print("%s: skipped; it needs strace" % name)
            continue
        start = time.monotonic()
        os.environ.pop("NOTIFY_SOCKET", None)
        try:
            print("%s: %s (%.0f s)" % (name, cases[name](a.binaries), time.monotonic() - start), flush=True)
        except (AssertionError, Failed, OSError, SystemExit, subprocess.SubprocessError) as error:
            print("%s: DIFFERENT: %r" % (name, error), flush=True)
            different += 1
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
