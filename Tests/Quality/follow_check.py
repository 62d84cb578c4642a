#!/usr/bin/env python3
"""follow_check.py BINARIES [--seconds 60] [--seed N] [--pairs 5]

What `timbrectl follow` tells, beside a daemon to whose folder everything is done that can be done (torture.py), and which is
killed and restarted meanwhile: at every sync, and at the end, what was told must add up to the list, file by file; no event
may be missing or come twice. Then: a follower who does not read must be dropped with `lost`, and told how much it missed;
and what 100 followers cost, as processor time, in alternating pairs of runs without and with them: ingest itself (all
threads that the daemon had before anybody followed, and its workers), and the threads that serve the followers. Ends with 1
if something is not as it must be, or they cost ingest more than 5 %."""

import argparse
import contextlib
import os
import random
import selectors
import signal
import socket
import statistics
import struct
import sys
import threading
import time
from pathlib import Path

from followed_library import FollowProgram
from private_timbred import PrivateTimbred, noise
from torture import PATIENCE, Torture

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Benchmarks"))
from processes import cpu_seconds, memory, threads  # noqa: E402

FOLLOWERS = 100
MOST_COST = 0.05
# More events than the daemon keeps, which are 32,768: links of one sound are found, indexed and renamed again and again.
LINKS, RENAMES = 3000, 10
# Sounds of two seconds, as one-shots are.
MEASURED_FILES, MEASURED_SECONDS = 1500, 2


def last_number(daemon):
    """The number of the last event so far."""
    with contextlib.closing(daemon.connect()) as client:
        return next(client.stream("Follow"))["number"]


class FollowedTorture(Torture):
    """Holds what was told against the list wherever the list is held against the disk."""

    follower = None

    def compare(self, when, items, is_final):
        super().compare(when, items, is_final)
        self.follower = self.follower or FollowProgram(self.daemon)
        for _ in range(500):
            before, items = last_number(self.daemon), self.daemon.list()
            if last_number(self.daemon) == before:
                break
            time.sleep(0.01)
        else:
            return self.differ("%s: the library never rests" % when)
        library = self.follower.library
        if not self.follower.is_at(before):
            self.follower.read_until(before, PATIENCE)
        if differences := library.differences(items):
            self.differ("%s, told and listed: %d files" % (when, len(differences)), differences[:3])
        if library.wrong:
            self.differ("%s, told wrongly: %d" % (when, len(library.wrong)), library.wrong[:3])
            library.wrong = []
        self.counts["compared"] += 1


def adds_up(binaries, seconds, seed):
    daemon = PrivateTimbred(binaries)
    torture, ended = FollowedTorture(daemon, seed), False
    try:
        torture.run(seconds)
        torture.finish()
        status = torture.follower.interrupt()
        if status:
            torture.differ("follow ended with %d" % status)
        ended = True
        events = torture.follower.library.counts
        print("told beside torture: " + ", ".join("%s %d" % item for item in sorted(events.items())))
        print("%d comparisons of what was told with the list; kills %d, restarts %d; %d differences" % (
            torture.counts["compared"], torture.counts["kill_daemon"], torture.counts["restart"],
            len(torture.differences)))
    finally:
        torture.go_on(0)
        if ended and not torture.differences:
            daemon.close()
        else:
            daemon.stop(signal.SIGKILL)
            print("seed %d; kept: %s" % (seed, daemon.place))
    return not torture.differences


def drops_who_does_not_read(binaries):
    with PrivateTimbred(binaries) as daemon:
        daemon.start()
        silent, quick = daemon.connect(), daemon.connect()
        for client in (silent, quick):
            client.send("Follow", {}, more=True)
        start = silent.receive()["parameters"]["number"]
        told = []
        reader = threading.Thread(target=read_all, args=(quick, told))
        reader.start()
        make_links(daemon, LINKS)
        daemon.ctl("sync", timeout=PATIENCE)
        for round in range(RENAMES):
            for path in (daemon.folder / "links").iterdir():
                path.rename(path.with_name("%d %s" % (round, path.name.split(" ")[-1])))
            daemon.ctl("sync", timeout=PATIENCE)
        last = last_number(daemon)
        events = []
        while not events or events[-1].get("continues"):
            events.append(silent.receive())
        numbers = [event["parameters"]["number"] for event in events[:-1]]
        lost = events[-1]["parameters"]
        # Who reads is told a tenth of a second later, of more than this if the library has caught up since, and of less or
        # more at the beginning if something happened between the two calls.
        wait_until_told(told, last)
        quick.socket.shutdown(socket.SHUT_RDWR)
        reader.join()
        quick_ones = [event for event in told if event["event"] not in ("ready", "lost") and event["number"] <= last]
        print("who does not read: of %d events told %d, then %s, missed %d; who reads: %d of %d; the daemon took %.0f MB at most" % (
            last - start, len(numbers), lost["event"], lost.get("missed", 0), len(quick_ones), last - told[0]["number"],
            memory(daemon.process.pid)[1]))
        return (lost["event"] == "lost" and numbers == list(range(start + 1, start + 1 + len(numbers)))
                and lost["number"] == start + len(numbers) + lost["missed"] and lost["number"] <= last
                and [event["number"] for event in quick_ones] == list(range(told[0]["number"] + 1, last + 1)))


def read_all(client, events):
    with contextlib.suppress(OSError):
        while True:
            events.append(client.receive()["parameters"])


def wait_until_told(events, number):
    """Waits for an event of this number, or for what comes in its place to be late."""
    deadline = time.monotonic() + PATIENCE
    while events[-1]["number"] < number and time.monotonic() < deadline:
        time.sleep(0.01)


def make_links(daemon, count):
    outside = daemon.place / "links"
    outside.mkdir()
    first = outside / "0.wav"
    first.write_bytes(noise())
    for number in range(1, count):
        os.link(first, outside / ("%d.wav" % number))
    os.rename(outside, daemon.folder / "links")


class Followers:
    """Clients that follow and read, in a thread of this process."""

    def __init__(self, daemon, count):
        self.clients, self.byte_count = [daemon.connect() for _ in range(count)], 0
        self.selector = selectors.DefaultSelector()
        for client in self.clients:
            client.send("Follow", {}, more=True)
            client.receive()
            self.selector.register(client.socket, selectors.EVENT_READ)
        self.is_over = False
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        while not self.is_over:
            for key, _ in self.selector.select(0.05):
                self.byte_count += len(key.fileobj.recv(1 << 20))

    def close(self):
        self.is_over = True
        self.thread.join()
        for client in self.clients:
            client.close()


def cost_of_one_run(binaries, count, sounds):
    """Taking in a folder: processor seconds of ingest, of the threads that serve followers, and bytes that were told."""
    with PrivateTimbred(binaries) as daemon:
        daemon.start()
        daemon.call("Sync")
        outside = daemon.place / "new"
        outside.mkdir()
        for number, sound in enumerate(sounds):
            (outside / ("%d.wav" % number)).write_bytes(sound)
        pid = daemon.process.pid
        before, all_before = threads(pid), cpu_seconds(pid)
        followers = Followers(daemon, count)
        os.rename(outside, daemon.folder / "new")
        daemon.ctl("sync", timeout=PATIENCE)
        now, all_seconds = threads(pid), cpu_seconds(pid) - all_before
        own = sum(now[thread][2] - before[thread][2] for thread in before if thread in now) / 1e9
        ingest = own + cpu_seconds(*daemon.call("Status")["workers"])
        assert sum(item["state"] == "indexed" for item in daemon.list()) == len(sounds)
        followers.close()
        return ingest, all_seconds - own, followers.byte_count


def long_noise(seconds):
    """A sound like noise(), and longer."""
    data = noise()[44:] * (seconds * 4)
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, 22050, 44100, 2, 16,
                       b"data", len(data)) + data


def costs_little(binaries, pairs):
    sounds = [long_noise(MEASURED_SECONDS) for _ in range(MEASURED_FILES)]
    ratios, serving = [], []
    for pair in range(pairs):
        runs = {count: cost_of_one_run(binaries, count, sounds) for count in random.sample([0, FOLLOWERS], 2)}
        (alone, others, _), (beside, served, told) = runs[0], runs[FOLLOWERS]
        ratios.append(beside / alone)
        serving.append(served - others)
        print("pair %d: ingest took %.3f s of processor time without, %.3f s with %d followers, who took %.3f s" % (
            pair + 1, alone, beside, FOLLOWERS, served - others), flush=True)
    cost = statistics.median(ratios) - 1
    print("%d followers cost ingest %.1f %% (median of %d pairs, %.1f to %.1f); to tell each %.1f MB of %d files of %d s "
          "took %.3f s beside" % (
              FOLLOWERS, 100 * cost, pairs, 100 * (min(ratios) - 1), 100 * (max(ratios) - 1), told / FOLLOWERS / 1e6,
              MEASURED_FILES, MEASURED_SECONDS, statistics.median(serving)))
    return cost <= MOST_COST


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--only", choices=["adds", "drops", "costs"])
    a = parser.parse_args()
    print("seed %d" % a.seed, flush=True)
    checks = {"adds": lambda: adds_up(a.binaries, a.seconds, a.seed),
              "drops": lambda: drops_who_does_not_read(a.binaries),
              "costs": lambda: costs_little(a.binaries, a.pairs)}
    results = {name: check() for name, check in checks.items() if a.only in (None, name)}
    print(", ".join("%s: %s" % (name, "as it must be" if is_right else "WRONG") for name, is_right in results.items()))
    raise SystemExit(0 if all(results.values()) else 1)


if __name__ == "__main__":
    main()
