"""Variants of a recording on its bands: what may happen to a sound and leave it the same to a listener.

All take and give decibels, float [frames, 100], re full scale, and a random generator. They are rough, and cheap: each
sound is varied afresh, many times. What real encoders do is in encoders.py."""

import numpy as np

from descriptors import cosines
from heard import DECIBELS

SILENT = -80.0  # dB: a frame whose strongest band is below holds no sound
BARK = np.linspace(6 * np.arcsinh(50 / 600), 6 * np.arcsinh(9000 / 600), 100)
HERTZ = 600 * np.sinh(BARK / 6)
SMOOTH = cosines(100, 1, 5)


def unpacked(levels, strongest):
    return DECIBELS[levels] + 20 * np.log10(np.maximum(strongest, 1e-9))[:, None]


def packed(decibels):
    peak = decibels.max(1)
    sounds = peak > SILENT
    levels = np.clip(np.rint(255 + (decibels - peak[:, None]) * 255 / 80), 0, 255).astype(np.uint8)
    levels[~sounds] = 0
    return levels, np.where(sounds, 10 ** (peak / 20), 0).astype(np.float32)


def between(decibels, places):
    """The frames at fractional places."""
    whole = places.astype(int)
    share = (places - whole)[:, None]
    return decibels[whole] * (1 - share) + decibels[np.minimum(whole + 1, len(decibels) - 1)] * share


def add_power(decibels, others):
    return 10 * np.log10(10 ** (decibels / 10) + 10 ** (others / 10))


def cut(decibels, random):
    """Leaves out some of the attack, or fades out early."""
    loud = np.flatnonzero(decibels.max(1) > decibels.max() - 60)
    if len(loud) <= 8:
        return decibels
    kind = random.random()
    if kind < 0.35:
        return decibels[loud[0] + random.integers(0, max(1, len(loud) // 8)):]
    if kind < 0.75:
        decibels = decibels[:max(loud[0] + int(len(loud) * random.uniform(0.35, 1)), 6)].copy()
        fade = min(len(decibels), int(random.integers(1, 8)))
        decibels[-fade:] -= np.linspace(0, random.uniform(10, 60), fade)[:, None]
        return decibels
    return decibels[:max(6, loud[0] + int(len(loud) * random.uniform(0.5, 1)))]


def stretch(decibels, random):
    """Up to a third slower or faster; or frames that begin elsewhere."""
    if len(decibels) <= 3:
        return decibels
    if random.random() < 0.5:
        return between(decibels, np.arange(0, len(decibels) - 1, 2 ** random.uniform(-0.4, 0.4)))
    return between(decibels, np.arange(len(decibels) - 1) + random.random() * 0.999)


def transpose(decibels, random, semitones=3):
    """All frequencies times a factor. Above what there is, levels fall off; below, too."""
    shift = random.uniform(-semitones, semitones)
    places = (6 * np.arcsinh(HERTZ / 2 ** (shift / 12) / 600) - BARK[0]) / (BARK[1] - BARK[0])
    low = np.clip(np.floor(places).astype(int), 0, 98)
    share = np.clip(places - low, 0, 1)
    moved = decibels[:, low] * (1 - share) + decibels[:, low + 1] * share
    below, above = places < 0, places > 99
    moved[:, below] += 2 * places[below]
    moved[:, above] -= 3 * (places[above] - 99)
    return moved


def colour(decibels, random):
    """An equaliser: a smooth curve of a few decibels."""
    return decibels + np.clip(random.normal(0, [30, 20, 15, 10, 7.5]) @ SMOOTH, -15, 15)


def low_pass(decibels, random):
    first = int(random.integers(45, 97))
    return decibels - np.concatenate([np.zeros(first), np.linspace(10, 80, 100 - first)])


def high_pass(decibels, random):
    end = int(random.integers(2, 25))
    return decibels - np.concatenate([np.linspace(60, 5, end), np.zeros(100 - end)])


def room(decibels, random):
    """An echo that decays, by the same factor in all bands, and goes on up to a third of a second after the sound."""
    decay, wet = random.uniform(0.5, 0.93), 10 ** (random.uniform(-25, -6) / 20)
    amplitude = np.concatenate([10 ** (decibels / 20), np.zeros((int(random.integers(0, 30)), 100))])
    echo = np.zeros(100)
    for frame in amplitude:
        heard, echo = np.sqrt(frame**2 + echo**2), echo * decay + frame * wet
        frame[:] = heard
    return 20 * np.log10(amplitude + 1e-7)


def noise(decibels, random):
    """Noise of some colour beneath it, 25 to 75 dB below the peak."""
    bands = np.arange(100)
    tilt = random.uniform(-0.3, 0.3) * bands + random.normal(0, 3) * np.cos(bands / 15 + random.uniform(0, 6))
    level = decibels.max() - random.uniform(25, 75)
    return add_power(decibels, level + tilt - tilt.max() + 3 * random.standard_normal(decibels.shape))


def damp(decibels, random):
    """Dies away faster after its peak, as a drum with a cloth on it: up to 60 dB a second more."""
    after = np.maximum(np.arange(len(decibels)) - np.argmax(decibels.max(1)), 0)
    return decibels - random.uniform(0.1, 1.4) * after[:, None] * np.linspace(0.6, 1.4, 100)


def flutter(decibels, random):
    return decibels + random.normal(0, random.uniform(0.5, 2.5), decibels.shape)


CHANGES = [(0.5, cut), (1, stretch), (0.6, transpose), (0.6, colour), (0.25, low_pass), (0.1, high_pass), (0.25, room),
           (0.4, noise), (0.3, flutter)]


def varied(levels, strongest, random, changes=CHANGES):
    """A recording after some of the changes, each with its probability."""
    decibels = unpacked(levels, strongest)
    for probability, change in changes:
        if random.random() < probability:
            decibels = change(decibels, random)
    return packed(decibels)


def mixed(levels, strongest, background, random):
    """A recording above another one that goes on all the while, 12 to 35 dB below its peak."""
    decibels, beneath = unpacked(levels, strongest), unpacked(*background)
    frames = (random.integers(0, len(beneath)) + np.arange(len(decibels))) % len(beneath)
    gain = decibels.max() - random.uniform(12, 35) - beneath.max()
    return packed(add_power(decibels, beneath[frames] + gain))


def with_tail(levels, strongest, floor, random):
    """Otherwise the same sound: quieter, silence before it, and up to 1.2 s of `floor` behind or beneath it.

    floor: a recording of noise, hum or DC at -50 dB re full scale."""
    decibels = unpacked(levels, strongest) + random.uniform(-26, 0)
    floor = unpacked(*floor)[:int(random.integers(15, 52))] + random.uniform(-22, 0)

    def silence(most):
        return np.full((int(random.integers(0, most)), 100), -120.0)

    decibels = np.concatenate([silence(20), decibels])
    if random.random() < 0.7:
        decibels = np.concatenate([decibels, floor])
    else:
        decibels = np.concatenate([decibels, silence(30)])
        decibels = add_power(decibels, floor[3 + np.arange(len(decibels)) % (len(floor) - 6)])
    return packed(between(decibels, np.arange(len(decibels) - 1) + random.random() * 0.999) if len(decibels) > 3 else decibels)
