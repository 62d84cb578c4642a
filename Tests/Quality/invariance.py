#!/usr/bin/env python3
"""invariance.py BINARIES SOUNDS [--files 300] [--seed 1] [--noise-under FOLDER]

How often the original is the first answer, and among the first five, when a changed copy is searched by: fainter, at
another sampling rate, in other formats, after 200 ms of silence, transposed. Drum kits hold recordings several times, at
several levels: the last column counts those twins of the original, told by their waveforms, as the original. It also
searches by white noise, in a folder of sounds that are none, and asks what is said of it. Needs soundfile, soxr and numpy; MP3 is written by `lame`, Ogg by `oggenc -q 5`."""

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

from private_timbred import PrivateTimbred


def changes(x, rate, place):
    """Pairs of what was changed, and the file that holds the result."""
    def write(name, samples, rate, suffix="wav", **keywords):
        path = place / ("%s.%s" % (name, suffix))
        soundfile.write(path, np.clip(samples, -1, 1), rate, **keywords)
        return path

    plain = write("plain", x, rate, subtype="PCM_16")
    yield "-20 dB", write("fainter", x / 10, rate, subtype="PCM_16")
    other = 44100 if rate == 48000 else 48000
    yield "48 kHz", write("48k", soxr.resample(x, rate, other), other, subtype="PCM_16")
    yield "FLAC", write("flac", x, rate, "flac", subtype="PCM_16")
    subprocess.run(["oggenc", "-Q", "-q", "5", "-o", place / "x.ogg", plain], check=True)
    yield "Ogg q5", place / "x.ogg"
    # As raw samples: lame does not take WAV files of a few hundred samples.
    mp3 = ["lame", "--quiet", "-r", "-s", str(rate / 1000), "-m", "m" if x.shape[1] == 1 else "j", "-b", "128"]
    pcm = (np.clip(x, -1, 1) * 32767).astype("<i2").tobytes()
    subprocess.run([*mp3, "-", place / "x.mp3"], input=pcm, stderr=subprocess.DEVNULL, check=True)
    yield "MP3 128k", place / "x.mp3"
    low = soxr.resample(x, rate, 16000)
    yield "16 kHz and back", write("low", soxr.resample(low, 16000, rate), rate, subtype="PCM_16")
    generator = np.random.default_rng(len(x))
    noise = lambda seconds, level: generator.normal(0, 10 ** (level / 20), (int(seconds * rate), x.shape[1]))  # noqa: E731
    hum = np.sin(2 * np.pi * 50 * np.arange(rate) / rate)[:, None] * np.full(x.shape[1], 10 ** (-60 / 20))
    for name, before, behind in (
            ("DC .005 behind", x[:0], np.full((rate, x.shape[1]), 0.005)), ("-66 dBFS behind", x[:0], noise(1, -66)),
            ("-54 dBFS behind", x[:0], noise(1, -54)), ("hum -60 behind", x[:0], hum),
            ("-66 dBFS around", noise(0.5, -66), noise(1, -66))):
        yield name, write(name.replace(" ", "-"), np.concatenate([before, x, behind]), rate, subtype="PCM_16")
    silence = np.zeros((int(0.2 * rate), x.shape[1]))
    yield "200 ms silence", write("late", np.concatenate([silence, x]), rate, subtype="PCM_16")
    for semitones in (2, -2):
        moved = soxr.resample(x, rate, rate * 2 ** (-semitones / 12))
        yield "%+d semitones" % semitones, write("moved%d" % semitones, moved, rate, subtype="PCM_16")


def is_twin(path, other):
    """Whether two files hold one recording: the peak of the normalised cross-correlation is above 0.999."""
    (x, rate), (y, other_rate) = (soundfile.read(p, always_2d=True) for p in (path, other))
    if rate != other_rate:
        return False
    x, y = x.mean(1), y.mean(1)
    size = 1 << (len(x) + len(y)).bit_length()
    peak = np.abs(np.fft.irfft(np.fft.rfft(x, size) * np.conj(np.fft.rfft(y, size)))).max()
    return peak > 0.999 * np.sqrt((x ** 2).sum() * (y ** 2).sum())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise-under", default=None)
    a = parser.parse_args()
    ranks, twins = {}, {}
    with PrivateTimbred(a.binaries, folder=Path(a.sounds).resolve()) as daemon, tempfile.TemporaryDirectory() as place:
        daemon.start()
        daemon.call("Sync")
        known = sorted(f["path"] for f in daemon.list() if f["state"] == "indexed" and f["spans"])
        for path in random.Random(a.seed).sample(known, min(a.files, len(known))):
            x, rate = soundfile.read(path, always_2d=True)
            for change, copy in changes(x, rate, Path(place)):
                results = daemon.ctl_json("similar", copy, "-n", "5")["results"]
                found = [r["path"] for r in results]
                ranks.setdefault(change, []).append(found.index(path) + 1 if path in found else 6)
                twins.setdefault(change, []).append(found[0] == path or is_twin(path, found[0]))
        for change, found in ranks.items():
            print("%-16s first %5.1f %%   within five %5.1f %%   of %d   first, or a twin %5.1f %%" % (
                change, 100 * np.mean(np.array(found) == 1), 100 * np.mean(np.array(found) <= 5), len(found),
                100 * np.mean(twins[change])), flush=True)
        noise = Path(place, "noise.wav")
        soundfile.write(noise, np.random.default_rng(a.seed).normal(0, 0.2, 44100), 44100)
        done = daemon.ctl("similar", noise, "-n", "1", "--json", "--under", a.noise_under or daemon.folder, check=False)
        answer = json.loads(done.stdout)
        print("white noise: best score %.4f, near: %s; %s" % (
            answer["results"][0]["score"], answer["near"], done.stderr.decode().strip()))
        assert daemon.stop() == 0


if __name__ == "__main__":
    main()
