#!/usr/bin/env python3
"""growing.py BINARIES [--seed 1] [--minutes 60] [--kills 6]: what is found inside a recording that does not stay as it is.

An hour with sounds planted in it grows in the watched folder, as a recorder writes WAV and as FLAC is written anew, is cut
short, renamed, moved, deleted and put back, and the daemon is killed meanwhile at random moments. After each step and a
sync, the sounds are searched for: places lie in files that are there and within their lengths; what is planted in the file as
it is by then, 20 dB above the background, is found; the answers are those of a fresh library of the same folder; verify finds
nothing. Needs numpy."""

import argparse
import os
import random
import shutil
import signal
import struct
import sys
import time
from pathlib import Path

try:
    import numpy as np
except ImportError:
    sys.exit("growing.py: numpy is needed: apt install python3-numpy, or pip install numpy")

from backgrounds import background
from fault_tools import until
from instruments import RATE, instruments
from place_scores import hits
from place_search import similar
from planted_recordings import LEVEL, recording, samples_of, write, write_alone, write_samples
from private_timbred import PrivateTimbred

QUERIES = 8
ABOVE = (20,)
# Of what is planted such a share has to be found.
LEAST = 0.9
# So many seconds may a place end after its file does: the last frame is longer than what is left of the sound.
SLACK = 0.1


class Recording:
    """What a recorder writes, bit by bit."""

    def __init__(self, chance, minutes, sounds):
        x = background("wind", chance, minutes * 60) * LEVEL
        self.plantings = recording(chance, "", x, sounds, ABOVE)
        self.samples = samples_of(x * min(1, 0.9 / np.abs(x).max()))

    def piece(self, start, end):
        return self.samples[int(start * RATE):int(end * RATE)]

    def write(self, path, seconds):
        """The file as it is after so many seconds, at once."""
        write_samples(path, self.piece(0, seconds))

    def append(self, path, start, end, pieces=20):
        """More of a WAV file, piece by piece; its header says so at the end, as recorders have it."""
        with open(path, "r+b") as file:
            file.seek(0, os.SEEK_END)
            for a, b in zip(np.linspace(start, end, pieces + 1), np.linspace(start, end, pieces + 1)[1:]):
                file.write(self.piece(a, b).tobytes())
                file.flush()
            size = file.tell()
            for at, value in ((4, size - 8), (40, size - 44)):
                file.seek(at)
                file.write(struct.pack("<I", value))


def in_order(rows):
    """Results without their ranks. What is equally near comes in the order in which files were met, which is another one
    in a fresh library: so by path, and without the last ones, of which there may be more."""
    kept = [{key: value for key, value in row.items() if key != "rank"} for row in rows
            if row["distance"] != rows[-1]["distance"]]
    return sorted(kept, key=lambda row: (-row["score"], row["distance"], row["path"], row["start"]))


class Check:
    def __init__(self, daemon, material, queries, chance):
        self.daemon, self.recording, self.queries, self.chance = daemon, material, queries, chance
        self.path, self.seconds, self.failed = daemon.folder / "night.wav", 0, 0
        self.kills = self.kills_at_work = 0

    def say(self, what, is_so, seen=""):
        self.failed += not is_so
        print("%-4s - %s  %s" % ("ok" if is_so else "FAIL", what, seen), flush=True)

    def answers(self, daemon):
        """{query: results}, once all is searchable."""
        until(lambda: daemon.ctl("sync", check=False).returncode == 0, "sync")
        return {query.name: in_order(similar(daemon, query, "--segments", "-n", "1000")) for query in self.queries}

    def judge(self, when):
        """Compares what is found with what is there, and with a fresh library."""
        found = self.answers(self.daemon)
        self.say("%s: places lie within files that are there" % when, *self.within(found))
        verified = self.daemon.call("Verify", queries=20)["differences"]
        self.say("%s: verify finds nothing" % when, not verified, verified[:1])
        with PrivateTimbred(self.daemon.binaries, folder=self.daemon.folder) as fresh:
            fresh.start()
            new = self.answers(fresh)
        others = [name for name in new if new[name] != found[name]]
        self.say("%s: as a fresh library has it" % when, not others, self.first_difference(found, new, others))
        if self.seconds:
            recall, count = self.recall(found)
            self.say("%s: what is planted is found" % when, recall >= LEAST, "recall@2R %.3f of %d" % (recall, count))

    def first_difference(self, found, new, others):
        if not others:
            return ""
        pairs = zip(found[others[0]] + [None], new[others[0]] + [None])
        return "%s: %s, fresh %s" % (others[0], *next((a, b) for a, b in pairs if a != b))

    def within(self, found):
        lengths = {str(self.path): self.seconds, str(self.daemon.folder / "other.flac"): float("inf")}
        if not self.seconds:
            del lengths[str(self.path)]
        wrong = [row for rows in found.values() for row in rows
                 if row["path"] not in lengths or row["end"] > lengths[row["path"]] + SLACK]
        return not wrong, wrong[:1] or ""

    def recall(self, found):
        met = total = 0
        for query, rows in found.items():
            places = [p._replace(file=self.path.name) for p in self.recording.plantings
                      if p.query == query and p.end <= self.seconds]
            met += len({i for of_row in hits(rows, places)[:2 * len(places)] for i in of_row})
            total += len(places)
        return met / max(total, 1), total

    # What happens to the recording.

    def write(self, seconds):
        self.recording.write(self.path, seconds)
        self.seconds = seconds

    def append(self, seconds):
        self.recording.append(self.path, self.seconds, seconds)
        self.seconds = seconds

    def cut(self, seconds):
        """Shorter, through a new file that takes its place."""
        shorter = self.daemon.place / ("cut" + self.path.suffix)
        self.recording.write(shorter, seconds)
        os.replace(shorter, self.path)
        self.seconds = seconds

    def rename(self, name):
        path = self.daemon.folder / name
        path.parent.mkdir(exist_ok=True)
        os.rename(self.path, path)
        self.path = path

    def kill(self, most):
        """Ends the daemon at a random moment of the next seconds, whatever it does then."""
        time.sleep(self.chance.uniform(0, most))
        states = {item["path"]: (item["state"], item["size"]) for item in self.daemon.list()}
        self.kills += 1
        self.kills_at_work += states.get(str(self.path)) != ("indexed", self.path.stat().st_size)
        self.daemon.stop(signal.SIGKILL)
        self.daemon.start()

    def decoded(self):
        return self.daemon.call("Status")["decoded"]

    def run(self, minutes, kills):
        whole = minutes * 60
        self.daemon.start()
        began = time.monotonic()
        self.write(whole / 3)
        self.daemon.ctl("sync")
        took = time.monotonic() - began
        self.judge("a third of it")
        self.append(whole / 2)
        self.judge("it has grown to a half")
        self.append(whole)
        self.kill(took)
        self.judge("it has grown to the end, with a kill")
        self.cut(whole / 4)
        self.judge("cut to a quarter")
        before = self.decoded()
        self.rename("renamed.wav")
        self.judge("renamed")
        self.rename("folder/moved.wav")
        self.judge("moved")
        self.say("nothing was decoded for that", self.decoded() == before, self.decoded() - before)
        kept, length = self.daemon.place / "kept.wav", self.seconds
        shutil.move(self.path, kept)
        self.seconds = 0
        self.judge("deleted")
        shutil.move(kept, self.path)
        self.seconds = length
        self.judge("put back")
        self.path.unlink()
        self.path = self.daemon.folder / "night.flac"
        for number in range(kills):
            self.write(whole * (number + 1) / kills)
            self.kill(took)
        self.judge("as FLAC, written anew, with a kill each time")
        print("       %d kills, %d of them while it was at work" % (self.kills, self.kills_at_work), flush=True)
        self.daemon.stop()
        self.cut(whole / 2)
        self.rename("again.flac")
        self.daemon.start()
        self.judge("cut and renamed while nobody looked")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--kills", type=int, default=6)
    a = parser.parse_args()
    chance = np.random.default_rng(a.seed)
    sounds = [(name + ".wav", label, x) for name, label, x in instruments(chance)[:2 * QUERIES]]
    with PrivateTimbred(a.binaries) as daemon:
        queries = [daemon.place / name for name, _, _ in sounds[:QUERIES]]
        for query, (_, _, x) in zip(queries, sounds):
            write_alone(query, x)
        other = background("room", chance, 120) * LEVEL
        recording(chance, "other.flac", other, sounds, ABOVE)
        write(daemon.folder / "other.flac", other)
        check = Check(daemon, Recording(chance, a.minutes, sounds), queries, random.Random(a.seed))
        check.run(a.minutes, a.kills)
        assert daemon.stop() == 0
    print("%d of these went wrong" % check.failed if check.failed else "all as it has to be")
    raise SystemExit(1 if check.failed else 0)


if __name__ == "__main__":
    main()
