"""Extraction beside librosa's and essentia's, and beside a plain read of the same files."""

import contextlib
import json
import os
import subprocess
import tempfile
from pathlib import Path

from figure_table import FigureTable, median
from peer import Peer

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ["× real time", "files/s", "timbred is faster by", "for the same work", "CPU of reading"]
# What librosa and essentia do as well: no hash, no codes, no vectors.
SAME_WORK = ["read", "resample", "transform", "bands"]


def own_seconds(binaries, files):
    """The processor time from these files to codes and vectors, that to cepstra alone, and the length of the sounds, as
    timbre-bench says."""
    done = subprocess.run(
        [Path(binaries) / "timbre-bench", "extract", "--json", "--runs", "1", "--model",
         ROOT / "Config/timbre-model.json", *files], capture_output=True, check=True)
    table = json.loads(done.stdout.splitlines()[0])
    seconds, speed = table["columns"].index("seconds"), table["columns"].index("× real time")
    steps = [table["columns"].index(step + " µs/s") for step in SAME_WORK]
    kinds = [row["figures"] for row in table["rows"]]
    same = sum(kind[seconds] * kind[step] * 1e-6 for kind in kinds for step in steps)
    return sum(kind[seconds] / kind[speed] for kind in kinds), same, sum(kind[seconds] for kind in kinds)


def reader(folder):
    """The program that only reads, compiled; None where there is no compiler or no libsndfile."""
    program = Path(folder) / "read_sounds"
    try:
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "sndfile"], capture_output=True, check=True,
                               text=True)
        subprocess.run(["cc", "-O2", "-o", program, Path(__file__).parent / "read_sounds.c", *flags.stdout.split()],
                       check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return program


def measure(binaries, sounds, show, runs):
    """Shows a table for each kind of file; every round has all of them, one after the other."""
    sounds = Path(sounds)
    kinds = {
        "one-shots, WAV": sorted((sounds / "shots").rglob("*.wav"))[:400],
        "minutes of stereo, WAV": sorted((sounds / "long/wav").glob("*"))[:2],
        "minutes of stereo, FLAC": sorted((sounds / "long/flac").glob("*"))[:2],
    }
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        read = reader(folder)
        peers = [stack.enter_context(Peer(library)) for library in ("librosa", "essentia")]
        for kind, files in kinds.items():
            if files:
                show(compare(binaries, kind, [os.fspath(file) for file in files], read, peers, runs))


def compare(binaries, kind, files, read, peers, runs):
    own, same, floor, theirs = [], [], [], {peer: [] for peer in peers if not peer.missing}
    for run in range(runs + 1):
        seconds, cepstra, audio = own_seconds(binaries, files)
        times = {peer: peer.do(files=files)["cpu"] for peer in theirs}
        least = read and float(subprocess.run([read, *files], capture_output=True, check=True).stdout)
        # The first time, files come into memory, and what a library compiles is compiled.
        if run:
            own.append(seconds)
            same.append(cepstra)
            floor.append(least)
            for peer, time in times.items():
                theirs[peer].append(time)
    table = FigureTable("extraction beside peers: %d files of 44.1 kHz, %s, %.0f s, per second of CPU time" % (
        len(files), kind, audio), COLUMNS)

    def add(name, times, ratio=True):
        table.add(name, audio / median(times), len(files) / median(times),
                  median([time / ours for time, ours in zip(times, own)]) if ratio else None,
                  median([time / ours for time, ours in zip(times, same)]) if ratio else None,
                  median([time / least for time, least in zip(times, floor)]) if read else None)
    add("timbred, to codes and vectors", own, ratio=False)
    add("timbred, to cepstra", same, ratio=False)
    for peer in peers:
        add(peer.name, theirs[peer]) if peer in theirs else table.say(peer.missing)
    add("libsndfile, reading alone", floor) if read else table.say("libsndfile's reading: needs cc and libsndfile1-dev")
    return table
