"""What recordings sound like where nothing happens, made with numpy: eight of different character.

A maker is given a source of chance and seconds. What it makes has 22 050 Hz and a root mean square of 1."""

import numpy as np

from instruments import RATE, clock, phase, resonance, shaped_noise, unit, voice


def coloured(chance, count, decibels, around=1000):
    """Noise that gains so many decibels an octave."""
    return shaped_noise(chance, count, lambda f: (np.maximum(f, 30) / around) ** (decibels / 6.02))


def slow(chance, count, seconds):
    """A curve that wanders between −1 and 1 in about so many seconds."""
    times = np.arange(0, count / RATE + 2 * seconds, seconds)
    return np.interp(np.arange(count) / RATE, times, chance.uniform(-1, 1, len(times)))


def wind(chance, seconds):
    x = coloured(chance, int(seconds * RATE), -6)
    return x * 10 ** (slow(chance, len(x), chance.uniform(1, 3)) * 5 / 20)


def rain(chance, seconds):
    """Drops, some hundred a second, on something that rings a little, above a hiss."""
    count = int(seconds * RATE)
    drops, out = np.zeros(count), 0.5 * coloured(chance, count, -1)
    at = chance.integers(count, size=int(seconds * chance.uniform(60, 300)))
    np.add.at(drops, at, chance.exponential(1, len(at)) * chance.choice([-1, 1], len(at)))
    t = clock(0.02)
    drop = np.sin(2 * np.pi * chance.uniform(1500, 5000) * t) * np.exp(-t / 0.002)
    return out + unit(np.convolve(drops, drop, "same"))


def hum(chance, seconds):
    """The mains and its multiples, faint noise beside it."""
    t = clock(seconds)
    tones = sum(chance.exponential(1) / n * np.sin(2 * np.pi * 50 * n * t + chance.uniform(0, 6)) for n in range(1, 20))
    return unit(tones) * (1 + 0.2 * slow(chance, len(t), 4)) + 0.1 * coloured(chance, len(t), -3)


def babble(chance, seconds):
    """Eight people who talk all the time."""
    out = np.zeros(int(seconds * RATE))
    for _ in range(8):
        at, pitch = 0, chance.uniform(0, 24)
        while at < len(out):
            x = unit(voice(chance, chance.uniform(1, 3), pitch))[:len(out) - at] * chance.uniform(0.5, 1)
            out[at:at + len(x)] += x
            at += len(x)
    return out + 0.1 * coloured(chance, len(out), -3)


def room(chance, seconds):
    """Low noise, louder where the room resonates."""
    tones = chance.uniform(60, 400, 5)
    return shaped_noise(chance, int(seconds * RATE), lambda f: 100 / np.maximum(f, 30) + 0.3 * sum(
        resonance(tone, 4)(f) for tone in tones))


def surf(chance, seconds):
    x = coloured(chance, int(seconds * RATE), -3)
    swell = np.sin(phase(1 / 8 * (1 + 0.5 * slow(chance, len(x), 8))))
    return x * 10 ** (6 * swell / 20)


def engine(chance, seconds):
    """Strokes that are never quite the same, through an exhaust that resonates."""
    count = int(seconds * RATE)
    strokes = np.diff(np.floor(phase(chance.uniform(14, 30) * (1 + 0.1 * slow(chance, count, 2))) / (2 * np.pi)), prepend=0)
    t = clock(0.1)
    pipe = sum(np.sin(2 * np.pi * f * t) * np.exp(-t / 0.02) for f in chance.uniform(60, 900, 4))
    x = np.convolve(strokes * chance.uniform(0.6, 1, count), pipe, "full")[:count]
    return unit(x) + 0.4 * coloured(chance, count, -4)


def quiet(chance, seconds):
    """A night in which only the recorder is heard."""
    return coloured(chance, int(seconds * RATE), 0)


BACKGROUNDS = {"wind": wind, "rain": rain, "hum": hum, "babble": babble, "room": room, "surf": surf, "engine": engine,
               "quiet": quiet}


def background(name, chance, seconds):
    return unit(BACKGROUNDS[name](chance, seconds))
