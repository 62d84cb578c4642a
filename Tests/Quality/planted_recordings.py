"""Recordings with sounds planted in them: made sounds in made backgrounds, or those of a folder.

A folder of material has library/ with the recordings, queries/ with each sound alone, altered/KIND/ with it changed,
absent/ with sounds that are nowhere planted, and truth.csv (place_scores.py)."""

import array
import contextlib
import csv
import math
from pathlib import Path

import numpy as np

import made_sounds
from altered_sounds import KINDS
from backgrounds import BACKGROUNDS, background
from instruments import RATE, instruments, unit
from place_scores import Planting, write_truth

# Sounds that are planted, and as many that are not.
SOUNDS = 48
# How far sounds exceed the background, in decibels: each as often.
ABOVE, ABOVE_QUIET = (0, 6, 12, 20), (0, 6, 12, 20, 40)
# Of the backgrounds, re full scale.
LEVEL, QUIET_LEVEL = 10 ** (-34 / 20), 10 ** (-50 / 20)
# No sound is longer, in seconds.
LONGEST = 4
# In a folder of sounds, such a share of the files, the longest, are backgrounds if they have so many seconds.
LONG_SHARE, LONG = 0.05, 2.5
# Seconds of background around a planting by which its level is set.
AROUND = 2


def samples_of(x):
    """The samples of 16 bits of a sound between −1 and 1."""
    return array.array("h", np.clip(np.rint(x * 32767), -32768, 32767).astype("<i2").tobytes())


def write_samples(path, samples):
    """A file of 16 bits: FLAC or WAV, by its name."""
    kind = made_sounds.FLAC if path.suffix == ".flac" else made_sounds.WAV
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made_sounds.encoded(samples, kind | made_sounds.PCM_16, RATE, 1))


def write(path, x):
    write_samples(path, samples_of(x))


def write_alone(path, x):
    write(path, x / np.abs(x).max() * 0.7)


def resampled(x, rate):
    if rate == RATE:
        return x
    count = int(len(x) * RATE / rate)
    spectrum, out = np.fft.rfft(x), np.zeros(count // 2 + 1, complex)
    kept = min(len(out), len(spectrum))
    out[:kept] = spectrum[:kept]
    return np.fft.irfft(out, count) * count / len(x)


def heard(x):
    """A sound without what is 50 dB below its loudest hundredth of a second, or after its first four seconds."""
    piece = RATE // 100
    power = (x[:len(x) // piece * piece].reshape(-1, piece) ** 2).mean(1)
    on = np.flatnonzero(power > power.max() * 1e-5)
    return x[on[0] * piece:(on[-1] + 1) * piece][:LONGEST * RATE]


def files_of(folder):
    """[(path, label)] of a folder: as its labels.csv has them, or else all that are not hidden."""
    labels = Path(folder, "labels.csv")
    if labels.exists():
        with open(labels, newline="") as file:
            return [(Path(folder, row["path"]), row["label"]) for row in csv.DictReader(file)]
    return [(path, path.parent.name) for path in sorted(Path(folder).rglob("*"))
            if path.is_file() and not path.name.startswith(".")]


def durations_of(files):
    """{path: seconds} of those that libsndfile reads."""
    found = {}
    for path, _ in files:
        with contextlib.suppress(SystemExit):
            found[path] = made_sounds.duration(path)
    return found


def read(path, most=math.inf):
    samples, channels, rate = made_sounds.interleaved(path, most)
    return resampled(np.asarray(samples, float).reshape(-1, channels).mean(1), rate)


def draw(folder, chance, seconds):
    """Sounds of a folder, and backgrounds of so many seconds: some of the longest."""
    files = files_of(folder)
    durations = durations_of(files)
    order = [files[i] for i in chance.permutation(len(files)) if files[i][0] in durations]
    least = max(LONG, sorted(durations.values())[-1 - int(len(durations) * LONG_SHARE)] if durations else 0)
    beds = [(label, path) for path, label in order if durations[path] >= least][:len(BACKGROUNDS) - 2]
    sounds = [(path.stem, label, read(path, 2 * LONGEST)) for path, label in order
              if 0.05 < durations[path] < least][:2 * SOUNDS]
    sounds = [(name, label, unit(heard(x))) for name, label, x in sounds if np.abs(x).max() > 0.001]
    if len(sounds) < SOUNDS:
        raise SystemExit("%s has %d sounds that can be planted; %d are needed" % (folder, len(sounds), SOUNDS))
    return sounds, [(label, looped(read(path, seconds), seconds)) for label, path in beds]


def looped(x, seconds):
    """A sound over and over again, faded into itself, as long as it has to be."""
    count, fade = int(seconds * RATE), min(RATE // 2, len(x) // 4)
    piece = x.copy()
    piece[:fade] *= np.sqrt(np.linspace(0, 1, fade))
    piece[-fade:] *= np.sqrt(np.linspace(1, 0, fade))
    out = np.zeros(count + len(x))
    for at in range(0, count, len(x) - fade):
        out[at:at + len(x)] += piece
    return unit(out[:count])


def surroundings(x, start, end):
    """The level of a background around a place, root mean square."""
    return np.sqrt(np.mean(x[max(0, start - AROUND * RATE):end + AROUND * RATE] ** 2))


def recording(chance, file, x, sounds, above, in_turn=False):
    """Plants sounds in a background, some seconds from one to the next, and returns where: any until the end, or each
    once, in turn."""
    bare, plantings, at = x.copy(), [], 5.0
    turns = iter(sounds)
    while at < len(x) / RATE - LONGEST - 2:
        item = next(turns, None) if in_turn else sounds[chance.integers(len(sounds))]
        if item is None:
            break
        name, label, sound = item
        level = int(chance.choice(above))
        start = int(at * RATE)
        end = start + len(sound)
        x[start:end] += sound * surroundings(bare, start, end) * 10 ** (level / 20)
        plantings.append(Planting(file, start / RATE, end / RATE, name, label, level))
        at += len(sound) / RATE + chance.uniform(2, 7)
    return plantings


def sounds_for(chance, minutes, source=None):
    """(sounds, backgrounds): made ones, or those of a folder; each sound a file's name, a label, and samples."""
    sounds, beds = draw(source, chance, minutes * 60) if source else (instruments(chance), [])
    return [("%02d-%s.wav" % (i, name), label, x) for i, (name, label, x) in enumerate(sounds)], beds


def make_material(folder, chance, minutes, sounds, beds):
    """Makes the recordings, the queries, altered ones and absent ones."""
    planted, absent = sounds[:SOUNDS], sounds[SOUNDS:]
    for name, _, x in planted:
        write_alone(folder / "queries" / name, x)
        for kind, alter in KINDS.items():
            write_alone(folder / "altered" / kind / name, alter(x, RATE))
    for name, _, x in absent:
        write_alone(folder / "absent" / name, x)
    truth = []
    for i, name in enumerate(BACKGROUNDS):
        is_quiet = name == "quiet"
        name, bed = beds[i] if i < len(beds) else (name, background(name, chance, minutes * 60))
        file = "%d-%s.flac" % (i, name)
        x = bed * (QUIET_LEVEL if is_quiet else LEVEL)
        truth += recording(chance, file, x, planted, ABOVE_QUIET if is_quiet else ABOVE)
        write(folder / "library" / file, x * min(1, 0.9 / np.abs(x).max()))
    write_truth(folder / "truth.csv", truth)
    print("%d plantings of %d sounds in %d recordings of %g minutes" % (
        len(truth), len(planted), len(BACKGROUNDS), minutes), flush=True)
