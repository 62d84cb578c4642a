#!/usr/bin/env python3
"""hostile.py BINARIES SOUNDS [HOSTILE …] [--count 20000] [--seed 1] [--batch 500] [--keep FOLDER] [--foreign | --foreign-only]

Spoils the sounds of a folder in many ways (mutations.py) and gives the files to a private daemon, a batch at a time, with
sound files beside them; further folders are given to it as they are. The daemon must live through it, with bounded
memory; each file must end as indexed, or as failed or skipped with a reason, and every sound beside must be indexed. The
same seed makes the same files. With --foreign, every second one is made of a file in one of the formats that libsndfile does
not decode (foreign_formats.py; ffmpeg), with --foreign-only all. With --keep, the files of which a worker died are put aside."""

import argparse
import math
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import threading
import time
import wave
from collections import Counter
from pathlib import Path

import foreign_formats
import mutations
from private_timbred import PrivateTimbred, exact

# Sounds beside each batch.
NEIGHBOURS = 10
# Larger files are left out of the sources: there is no more to be spoilt in them.
LONGEST_SOURCE = 300_000


class Watch(threading.Thread):
    """Looks at the daemon's processes and at the most memory that they ever had, in kilobytes."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.over, self.peaks, self.workers = pid, threading.Event(), Counter(), set()

    def run(self):
        while not self.over.wait(0.01):
            self.look()

    def look(self):
        found = set()
        for children in Path("/proc/%d/task" % self.pid).glob("*/children"):
            try:
                found |= {int(child) for child in children.read_text().split()}
            except OSError:
                continue
        self.workers |= found
        for pid, who in [(self.pid, "daemon"), *((child, "worker") for child in found)]:
            try:
                status = Path("/proc/%d/status" % pid).read_text()
            except OSError:
                continue
            # A worker that has just been forked has its parent's name and memory.
            if who == "daemon" or "Name:\ttimbre-extract" in status:
                peak = re.search(r"VmHWM:\s*(\d+)", status)
                self.peaks[who] = max(self.peaks[who], int(peak[1]) if peak else 0)


class Trial:
    def __init__(self, daemon, options):
        self.daemon, self.options = daemon, options
        self.states, self.reasons, self.wrong = Counter(), Counter(), []
        self.neighbours = self.made = 0

    def run(self):
        sources = [(p.read_bytes(), p.suffix) for p in sorted(Path(self.options.sounds).rglob("*"))
                   if p.is_file() and p.suffix and 0 < p.stat().st_size <= LONGEST_SOURCE]
        if self.options.foreign or self.options.foreign_only:
            # The one kind as often as the other.
            foreign = list(self.foreign_sources())
            sources = foreign if self.options.foreign_only else sources + foreign * math.ceil(len(sources) / len(foreign))
        for folder in self.options.hostile:
            self.batch(lambda place: shutil.copytree(folder, place, dirs_exist_ok=True, symlinks=True), {})
        while self.made < self.options.count:
            done = {}
            self.batch(lambda place: self.spoil(place, sources, done), done)

    def foreign_sources(self):
        """Short sounds in each of the formats, by the ends of names that are looked at."""
        chance = random.Random(self.options.seed)
        tone = self.daemon.place / "tone.wav"
        write_tone(self.daemon.place / "plain.wav", 1)
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(self.daemon.place / "plain.wav"), "-ar", "44100", "-ac", "2",
                        str(tone)], check=True, stdin=subprocess.DEVNULL)
        for form in foreign_formats.FORMATS:
            path = foreign_formats.make(tone, self.daemon.place, form)
            suffix = ".mka" if form.suffix[1:] in foreign_formats.VIDEO else form.suffix
            yield path.read_bytes(), suffix
            path.unlink()
        yield foreign_formats.phone_call(chance, 25), ".amr"
        yield foreign_formats.phone_call(chance, 25, wide=True), ".awb"

    def spoil(self, place, sources, done):
        for _ in range(min(self.options.batch, self.options.count - self.made)):
            data, suffix, what = mutations.mutate(random.Random("%d %d" % (self.options.seed, self.made)), sources)
            name = "%06d%s" % (self.made, suffix)
            (place / name).write_bytes(data)
            done[name] = what
            self.made += 1

    def batch(self, fill, done):
        """Makes a folder of files elsewhere, moves it to where it is watched, and sees what becomes of it."""
        staging, place = self.daemon.place / "staging", self.daemon.folder / "batch"
        staging.mkdir()
        fill(staging)
        for _ in range(NEIGHBOURS):
            self.neighbours += 1
            write_tone(staging / ("neighbour %d.wav" % self.neighbours), 100 + self.neighbours)
        # As old as files are that were there before; young ones could still be written, and would be looked at twice.
        for path in staging.rglob("*"):
            os.utime(path, (1e9, 1e9), follow_symlinks=False)
        staging.rename(place)
        self.daemon.call("Sync")
        listed = self.daemon.list(directory=str(place), all=True)
        reasons = {exact(f): f["error"] for r in self.stream("Errors") for f in r["files"]}
        for item in listed:
            name = os.fsdecode(os.path.basename(exact(item)))
            self.judge(name, item, item.get("error") or reasons.get(exact(item)), done.get(name))
        missing = {name for name in done if (place / name).exists()} - {os.fsdecode(os.path.basename(exact(f))) for f in listed}
        heard = sum(f["state"] == "indexed" and "neighbour" in f["path"] for f in listed)
        self.wrong += ["%s is not listed" % name for name in sorted(missing) if Path(name).suffix.lower() != ".bak"]
        if heard != NEIGHBOURS:
            self.wrong.append("%d of %d sounds beside are indexed" % (heard, NEIGHBOURS))
        if self.daemon.process.poll() is not None:
            raise SystemExit("the daemon has ended: %d" % self.daemon.process.returncode)
        print("\r%d files " % self.made, end="", file=sys.stderr, flush=True)
        shutil.rmtree(place)

    def judge(self, name, item, reason, done):
        if "neighbour" in name:
            return
        state = item["state"]
        self.states[state] += 1
        if state not in ("indexed", "failed", "skipped") or state != "indexed" and not reason:
            self.wrong.append("%s is %s: %s" % (name, state, reason))
        if state != "indexed" and reason:
            self.reasons[re.sub(r"\d+", "N", reason)] += 1
            if reason.startswith(("the decoder", "decoding took")):
                print("\n%s: %s (%s)" % (name, reason, ", ".join(done or ["as it is"])))
                if self.options.keep:
                    Path(self.options.keep).mkdir(parents=True, exist_ok=True)
                    shutil.copy(self.daemon.folder / "batch" / name, self.options.keep)

    def stream(self, method):
        client = self.daemon.connect()
        yield from client.stream(method)
        client.close()


def write_tone(path, number):
    """A sound of half a second that no other number has."""
    hertz = 100 * 1.003 ** number
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(22050)
        sound.writeframes(b"".join(
            struct.pack("<h", int(20000 * math.sin(6.283185 * hertz * n / 22050))) for n in range(11025)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("hostile", nargs="*")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--daemon-memory", type=int, default=300, help="megabytes that the daemon may have")
    parser.add_argument("--worker-memory", type=int, default=300, help="megabytes that a worker may have")
    parser.add_argument("--foreign", action="store_true", help="spoil files as well that libsndfile does not decode")
    parser.add_argument("--foreign-only", action="store_true", help="spoil no others")
    parser.add_argument("--keep", help="where to put files aside that a worker died of")
    options = parser.parse_args()
    with PrivateTimbred(options.binaries) as daemon:
        daemon.start()
        watch = Watch(daemon.process.pid)
        watch.start()
        pid, start = daemon.call("Status")["pid"], time.monotonic()
        trial = Trial(daemon, options)
        trial.run()
        seconds = time.monotonic() - start
        watch.over.set()
        watch.join()
        watch.look()
        status = daemon.call("Status")
        assert status["pid"] == pid == daemon.process.pid, "the daemon is another"
        verify = daemon.call("Verify", queries=50)
        assert verify["differences"] == [], verify["differences"]
        for reason, count in trial.reasons.most_common():
            print("%7d  %s" % (count, reason))
        print("%d spoilt files, seed %d, in %.0f s: %s" % (
            trial.made, options.seed, seconds, ", ".join("%d %s" % (n, s) for s, n in trial.states.most_common())))
        print("%d sounds beside; %d workers in all; most memory: daemon %d MB, worker %d MB" % (
            trial.neighbours, len(watch.workers), watch.peaks["daemon"] // 1000, watch.peaks["worker"] // 1000))
        assert not trial.wrong, "%d wrong: %s" % (len(trial.wrong), trial.wrong[:20])
        assert watch.peaks["daemon"] <= options.daemon_memory * 1000, "the daemon took too much memory"
        assert watch.peaks["worker"] <= options.worker_memory * 1000, "a worker took too much memory"


if __name__ == "__main__":
    main()
