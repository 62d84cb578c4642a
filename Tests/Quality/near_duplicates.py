#!/usr/bin/env python3
"""near_duplicates.py BINARIES SOUNDS [--variants 300] [--seed 1]

Plants changed copies of sounds beside them, each of another sound, and tells what `timbrectl duplicates --near` makes of
them: precision, that is how many of the pairs that it lists are the same sound, and recall, that is how many of the
planted copies are listed together with their originals. As many transposed copies are planted as bait. What else it
lists was in the collection before: such pairs are held against each other sample by sample, and count as the same sound
if their normalised cross-correlation is above 0.99. Needs soundfile, soxr and numpy; MP3 is written by `lame`, Ogg by
`oggenc -q 5`."""

import argparse
import itertools
import json
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
import soxr

from private_timbred import PrivateTimbred

RATE = 44100


def write(path, samples, rate):
    soundfile.write(path, np.clip(samples, -1, 1), rate, subtype="PCM_16")
    return path


def fainter(x, rate, stem):
    return write(stem.with_suffix(".wav"), x / 10, rate)


def resampled(x, rate, stem):
    other = 44100 if rate == 48000 else 48000
    return write(stem.with_suffix(".wav"), soxr.resample(x, rate, other), other)


def flac(x, rate, stem):
    return write(stem.with_suffix(".flac"), x, rate)


def encoded(command, suffix):
    def make(x, rate, stem):
        with tempfile.NamedTemporaryFile(suffix=".wav") as plain:
            write(plain.name, x, rate)
            subprocess.run([*command(plain.name, stem.with_suffix(suffix))], check=True)
        return stem.with_suffix(suffix)
    return make


def late(x, rate, stem):
    return write(stem.with_suffix(".wav"), np.concatenate([np.zeros((int(0.2 * rate), x.shape[1])), x]), rate)


def transposed(semitones):
    return lambda x, rate, stem: write(
        stem.with_suffix(".wav"), soxr.resample(x, rate, rate * 2 ** (-semitones / 12)), rate)


VARIANTS = {
    "-20 dB": fainter, "48 kHz": resampled, "FLAC": flac,
    "Ogg q5": encoded(lambda source, to: ["oggenc", "-Q", "-q", "5", "-o", to, source], ".ogg"),
    "MP3 128k": encoded(lambda source, to: ["lame", "--quiet", "-b", "128", source, to], ".mp3"),
    "200 ms silence": late,
}
BAIT = {"+2 semitones": transposed(2), "-2 semitones": transposed(-2)}


def plant(folder, originals, makers):
    """Makes a variant of each sound, the kinds in turn; by its path: the kind and the original."""
    planted = {}
    for number, (original, kind) in enumerate(zip(originals, itertools.cycle(makers))):
        x, rate = soundfile.read(original, always_2d=True)
        folder.mkdir(exist_ok=True)
        planted[str(makers[kind](x, rate, folder / ("%04d" % number)))] = (kind, original)
    return planted


def correlation(first, second):
    """The greatest normalised cross-correlation of two sounds, whatever their levels, rates and beginnings."""
    sounds = []
    for path in (first, second):
        x, rate = soundfile.read(path, always_2d=True)
        x = x.mean(1)
        sounds.append(soxr.resample(x, rate, RATE) if rate != RATE else x)
    a, b = sounds
    size = 1 << (len(a) + len(b)).bit_length()
    c = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return np.abs(c).max() / max(np.sqrt((a @ a) * (b @ b)), 1e-30)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--variants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        library = Path(place, "library")
        shutil.copytree(a.sounds, library / "sounds")
        with PrivateTimbred(a.binaries, folder=library) as daemon:
            daemon.start()
            daemon.call("Sync")
            known = sorted(f["path"] for f in daemon.list() if f["state"] == "indexed" and f["spans"])
            drawn = random.Random(a.seed).sample(known, min(2 * a.variants, len(known)))
            planted = plant(library / "planted", drawn[:a.variants], VARIANTS)
            bait = plant(library / "bait", drawn[a.variants:], BAIT)
            daemon.call("Sync")
            start = time.monotonic()
            done = daemon.ctl("duplicates", "--near", "--json", check=False)
            assert done.returncode in (0, 1), done.stderr.decode()
            print("the search took %.1f s" % (time.monotonic() - start))
            judge(json.loads(done.stdout)["groups"], planted, bait)
            assert daemon.stop() == 0


def judge(groups, planted, bait):
    together, pairs, wrong, same = {}, 0, [], []
    source = {path: original for path, (_, original) in planted.items()}
    for group in groups:
        paths = [f["path"] for f in group["files"]]
        for path in paths:
            together[path] = set(paths)
        for first, second in itertools.combinations(paths, 2):
            pairs += 1
            roots = source.get(first, first), source.get(second, second)
            if roots[0] == roots[1]:
                continue
            # Bait is the same as no sound but bait, and as that only if it was made of the same sound in the same way.
            kinds = {bait[path][0] if path in bait else None for path in (first, second)}
            measured = correlation(*roots) if len(kinds) == 1 else 0
            (same if measured > 0.99 else wrong).append((measured, first, second))
    print("%d groups, %d pairs, %d of them in the collection before; precision %.4f" % (
        len(groups), pairs, len(same), 1 - len(wrong) / max(pairs, 1)))
    for measured, first, second in sorted(wrong):
        print("  wrong (correlation %.3f): %s  %s" % (measured, first, second))
    for measured, first, second in sorted(same):
        print("  the same (correlation %.3f): %s  %s" % (measured, first, second))
    found = {path: original in together.get(path, ()) for path, (_, original) in planted.items()}
    for kind in VARIANTS:
        of_kind = [found[path] for path in planted if planted[path][0] == kind]
        print("%-16s %d of %d" % (kind, sum(of_kind), len(of_kind)))
    for path, is_found in found.items():
        if not is_found:
            print("  missed: %s of %s" % planted[path])
    print("recall %.4f of %d" % (sum(found.values()) / len(found), len(found)))


if __name__ == "__main__":
    main()
