#!/usr/bin/env python3
"""figures.py BINARIES SOUNDS

Measures what docs/PERFORMANCE.md tells: the first indexing of a folder of sounds, the size of the database, questions over the
socket and by the command line, memory, and a restart."""

import argparse
import shutil
import statistics
import time
from pathlib import Path

from private_timbred import PrivateTimbred


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    a = parser.parse_args()
    with PrivateTimbred(a.binaries) as daemon:
        shutil.copytree(a.sounds, daemon.folder, dirs_exist_ok=True)
        start = time.monotonic()
        daemon.start()
        daemon.call("Sync")
        seconds = time.monotonic() - start
        files = [f for f in daemon.list() if f["state"] == "indexed"]
        audio = sum(f["duration"] for f in files)
        print("first indexing: %d files, %.0f s of audio in %.2f s: %.0f files/s" % (
            len(files), audio, seconds, len(files) / seconds))
        client, milliseconds = daemon.connect(), []
        for item in files[:500]:
            if item["spans"]:
                start = time.monotonic()
                client.call("Similar", queries=[{"path": item["path"]}])
                milliseconds.append((time.monotonic() - start) * 1000)
        milliseconds.sort()
        print("query over the socket: median %.2f ms, 99 %% %.2f ms" % (
            statistics.median(milliseconds), milliseconds[int(len(milliseconds) * 0.99)]))
        times = []
        for item in files[:50]:
            start = time.monotonic()
            daemon.ctl("similar", item["path"], check=False)
            times.append((time.monotonic() - start) * 1000)
        print("timbrectl similar, the whole process: median %.1f ms" % statistics.median(times))
        status = Path("/proc/%d/status" % daemon.process.pid).read_text()
        print("memory of the daemon: %s" % [line for line in status.splitlines() if "VmRSS" in line][0].split(":")[1].strip())
        assert daemon.stop() == 0
        size = sum(f.stat().st_size for f in daemon.state.glob("library.sqlite*"))
        print("database: %.1f kB per second of audio" % (size / 1000 / audio))
        start = time.monotonic()
        daemon.start()
        ready = time.monotonic() - start
        daemon.call("Sync")
        print("restart: answers after %.0f ms, all compared with the disk after %.0f ms, %d decoded" % (
            ready * 1000, (time.monotonic() - start) * 1000, daemon.call("Status")["decoded"]))


if __name__ == "__main__":
    main()
