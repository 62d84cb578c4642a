"""Variants of sounds by real encoders and resamplers, heard again by timbre-extract.

Many sounds go through a coder in one stream, with silence between them: ffmpeg starts once for hundreds of sounds, and a
sound falls anywhere in a coder's blocks. Streams are mono, at 44,100 Hz."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

from bands import extract

RATE = 44100
LONGEST = 4  # seconds of a sound
IN_A_STREAM = 150


def lossy(suffix, *options):
    """Encodes and decodes by ffmpeg."""
    def through(samples, folder):
        plain, packed, back = folder / "plain.wav", folder / f"packed.{suffix}", folder / "back.wav"
        soundfile.write(plain, samples, RATE, subtype="FLOAT")
        ffmpeg = ["ffmpeg", "-v", "error", "-y", "-i"]
        subprocess.run([*ffmpeg, plain, "-c:a", *options, packed], check=True)
        subprocess.run([*ffmpeg, packed, "-ar", str(RATE), "-c:a", "pcm_f32le", back], check=True)
        return soundfile.read(back, dtype="float32")[0]
    return through


def at_rate(rate):
    """To a lower or higher rate, and back."""
    def through(samples, folder):
        return soxr.resample(soxr.resample(samples, RATE, rate, "HQ"), rate, RATE, "HQ")
    return through


def unchanged(samples, folder):
    return samples


def mp3(rate):
    return lossy("mp3", "libmp3lame", "-compression_level", "7", "-b:a", rate)


CODERS = [mp3("96k"), mp3("112k"), mp3("128k"), mp3("160k"), mp3("192k"), lossy("ogg", "libvorbis", "-q:a", "3"),
          lossy("ogg", "libvorbis", "-q:a", "5"), lossy("opus", "libopus", "-b:a", "64k"),
          lossy("opus", "libopus", "-b:a", "96k"), at_rate(16000), at_rate(16000), at_rate(11025)]


def samples_of(path, factor=1.0):
    """A sound's first seconds at the streams' rate, its frequencies times `factor`."""
    with soundfile.SoundFile(path) as file:
        rate, samples = file.samplerate, file.read(int(LONGEST * file.samplerate), dtype="float32", always_2d=True)
    samples = np.nan_to_num(samples.mean(1), nan=0, posinf=0, neginf=0)
    if rate * factor != RATE:
        samples = soxr.resample(samples, rate * factor, RATE, "MQ")
    return samples / max(1, np.abs(samples).max(initial=0))


def heard_through(program, through, paths, random, semitones=0):
    """Recordings of sounds that have gone through a coder together, or been played some semitones higher or lower; None
    of those that hold none."""
    stream, places, length = [], [], 0
    for path in paths:
        try:
            samples = samples_of(path, 2 ** (random.choice([-1, 1]) * semitones / 12))
        except soundfile.SoundFileError:
            samples = np.zeros(0, np.float32)
        gap = np.zeros(int(RATE * random.uniform(0.12, 0.17)), np.float32)
        places.append((length + len(gap), length + len(gap) + len(samples)))
        stream += [gap, samples]
        length = places[-1][1]
    stream.append(np.zeros(RATE // 5, np.float32))
    with tempfile.TemporaryDirectory() as folder:
        coded = through(np.concatenate(stream).astype(np.float32), Path(folder))
        heard = Path(folder) / "heard.wav"
        soundfile.write(heard, coded, RATE, subtype="FLOAT")
        levels, strongest = extract(program, heard)
    recordings = []
    for first, end in places:
        # A frame begins every 1,024 samples of the stream, which is twice as fast as the bands' sounds.
        frames = slice(max(first // 1024 - int(random.integers(0, 3)), 0), end // 1024 + 1 + int(random.integers(0, 4)))
        part = levels[frames], strongest[frames]
        recordings.append(part if end > first and part[1].max(initial=0) > 0 else None)
    return recordings
