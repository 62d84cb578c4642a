#!/usr/bin/env python3
"""make_sounds.py FOLDER [--from SOUNDS] [--shots 10000] [--long 4]

Makes what the benchmarks measure: at 44.1 kHz, `wav/` with each sound as it is, `shots/` with short cuts of them, all
different, 500 to a folder, and `long/wav`, `long/flac`, `long/ogg`, `long/mp3` with a minute of stereo in each file.

The sounds are those of a folder, read by soundfile (pip install soundfile), or else plucked strings made here. Without
soundfile there is WAV alone. What is there already, made of the same, is left as it is."""

import argparse
import array
import random
import shutil
import sys
import wave
from pathlib import Path

RATE = 44100
MINUTE = 60 * RATE
LONG_FORMATS = {"wav": "PCM_16", "flac": "PCM_16", "ogg": "VORBIS", "mp3": "MPEG_LAYER_III"}

try:
    import soundfile
except ImportError:
    soundfile = None


def sounds_of(folder):
    """The sounds of a folder that are sampled at 44.1 kHz: channels, and 16-bit samples."""
    if soundfile is None:
        sys.exit("make_sounds.py: to read %s, soundfile is needed: pip install soundfile" % folder)
    sounds = []
    for path in sorted(p for p in Path(folder).rglob("*") if p.is_file()):
        try:
            with soundfile.SoundFile(path) as file:
                if file.samplerate == RATE and file.frames > RATE // 10:
                    sounds.append((file.channels, array.array("h", bytes(file.buffer_read(dtype="int16")))))
        except soundfile.LibsndfileError:
            continue
    if not sounds:
        sys.exit("make_sounds.py: no sounds of 44.1 kHz in %s" % folder)
    return sounds


def plucked_strings(count=64):
    """Sounds of a second made here: K. Karplus and A. Strong's strings, of different pitch and brightness."""
    sounds = []
    for number in range(count):
        chance = random.Random(number)
        loop = [chance.uniform(-20000, 20000) for _ in range(int(RATE / (55 * 2 ** (number * 4 / count))))]
        bright = chance.uniform(0.5, 0.95)
        samples, last, place, length = array.array("h"), 0.0, 0, len(loop)
        for _ in range(RATE):
            value = loop[place]
            loop[place] = 0.997 * (bright * value + (1 - bright) * last)
            last = value
            samples.append(int(value))
            place = place + 1 if place + 1 < length else 0
        sounds.append((1, samples))
    return sounds


def write_wav(path, channels, samples):
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, 2, RATE, 0, "NONE", ""))
        out.writeframes(samples.tobytes())


def write_shots(folder, sounds, count):
    """Cuts of 0.15 to 0.9 seconds, where the sounds are that long, which start a little after the sounds do."""
    chance = random.Random(1)
    for number in range(count):
        channels, samples = sounds[number % len(sounds)]
        frames = len(samples) // channels
        start = int(min(0.04 * RATE, frames / 4) * chance.random())
        end = start + int(RATE * chance.uniform(0.15, 0.9))
        place = folder / ("%02d" % (number // 500))
        place.mkdir(parents=True, exist_ok=True)
        write_wav(place / ("%05d.wav" % number), channels, samples[start * channels:end * channels])


def write_long(folder, sounds, count):
    """Minutes of the sounds, one after the other, the right channel 10 ms behind the left one."""
    whole = array.array("h")
    for channels, samples in sounds:
        whole.extend(samples[::channels])
    for number in range(count):
        mono = array.array("h")
        while len(mono) < MINUTE:
            start = (number * MINUTE + len(mono)) % len(whole)
            mono.extend(whole[start:start + MINUTE - len(mono)])
        stereo = array.array("h", bytes(4 * MINUTE))
        stereo[0::2] = mono
        stereo[1::2] = mono[-RATE // 100:] + mono[:-RATE // 100]
        for format, subtype in LONG_FORMATS.items():
            path = folder / format / ("%02d.%s" % (number, format))
            path.parent.mkdir(parents=True, exist_ok=True)
            if format == "wav":
                write_wav(path, 2, stereo)
            elif soundfile and subtype in soundfile.available_subtypes(format):
                with soundfile.SoundFile(path, "w", RATE, 2, subtype, format=format.upper()) as out:
                    # libsndfile 1.2 writes long blocks of Vorbis on the stack.
                    for start in range(0, len(stereo), 1 << 16):
                        out.buffer_write(stereo[start:start + (1 << 16)].tobytes(), "int16")


def make(folder, source=None, shots=10_000, long=4):
    """Makes the sounds, unless they are there, and returns their folder."""
    folder = Path(folder)
    made_of = "%s %d %d %s\n" % (Path(source).resolve() if source else "strings", shots, long, bool(soundfile))
    stamp = folder / "made-of"
    if stamp.exists() and stamp.read_text() == made_of:
        return folder
    if folder.exists() and any(folder.iterdir()):
        if not stamp.exists():
            sys.exit("make_sounds.py: %s holds something else" % folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text("")
    sounds = sounds_of(source) if source else plucked_strings()
    (folder / "wav").mkdir()
    for number, (channels, samples) in enumerate(sounds):
        write_wav(folder / "wav" / ("%04d.wav" % number), channels, samples)
    write_shots(folder / "shots", sounds, shots)
    write_long(folder / "long", sounds, long)
    stamp.write_text(made_of)
    return folder


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--from", dest="source", help="a folder of sounds; without one, they are made up")
    parser.add_argument("--shots", type=int, default=10_000)
    parser.add_argument("--long", type=int, default=4)
    a = parser.parse_args()
    make(a.folder, a.source, a.shots, a.long)


if __name__ == "__main__":
    main()
