"""Which frames of a recording are the sound, and how loud each is: silence, hum, hiss and DC about it are left out.

A recording is what the store keeps of it: `levels`, uint8 [frames, 100], the Bark bands of a frame below its strongest one,
80 dB in 255 steps; `strongest`, float32 [frames], the amplitude of that band, 0 in a silent frame. A frame comes every 512
samples at 22 050 Hz."""

import numpy as np

DECIBELS = (np.arange(256) - 255) * 80 / 255
AMPLITUDE = (10 ** (DECIBELS / 20)).astype(np.float32)
FAINTEST = -60.0  # dB below the loudest frame: where a sound begins and ends

QUIET = -12.0  # dB: what is louder is the sound itself, however steady
STEADY = 3.0  # dB about the median
SLOPE = 0.1  # dB a frame: what falls faster is a decay


def steady_frames(loudness):
    """How many frames at the end are of one steady, quiet level, and so no part of the sound."""
    if len(loudness) < 24:
        return 0
    level = np.median(loudness[-12:])
    if level > QUIET:
        return 0
    elsewhere = np.abs(loudness[::-1] - level) > STEADY
    padded = 0  # The last frames hold the file's end, so that their level may differ.
    while padded < 3 and elsewhere[padded]:
        padded += 1
    elsewhere = elsewhere[padded:]
    run = int(np.argmax(elsewhere)) if elsewhere.any() else len(elsewhere)
    if run < 20:
        return 0
    before = len(loudness) - padded - run
    part = loudness[before:before + run]
    if abs(part[-8:].mean() - part[:8].mean()) / max(run - 8, 1) >= SLOPE:
        return 0
    # Where hum or DC sets in there is a click: one or two frames that stand out from those before.
    rest = loudness[:before]
    for click in (2, 1):
        if len(rest) > click + 2 and rest[-click:].max() < QUIET \
                and rest[-click:].min() > rest[-click - 2:-click].max() + STEADY:
            return padded + run + click
    return padded + run


def heard(levels, strongest):
    """The sound in a recording.

    Returns its frames, a slice, and the level of each, float32, in dB re the loudest, -60 at least; None if all is silent.
    """
    power = strongest.astype(np.float64) ** 2 * (AMPLITUDE[levels].astype(np.float64) ** 2).sum(1)
    if len(power) == 0 or power.max() <= 0:
        return None
    loudness = 10 * np.log10(np.maximum(power / power.max(), 1e-12))

    audible = np.flatnonzero(loudness > FAINTEST)
    first, end = audible[0], audible[-1] + 1
    if behind := steady_frames(loudness[first:end]):
        audible = np.flatnonzero(loudness[:end - behind] > FAINTEST)
        end = audible[-1] + 1 if len(audible) else end
    if ahead := steady_frames(loudness[first:end][::-1]):
        audible = np.flatnonzero(loudness[first + ahead:end] > FAINTEST)
        first += ahead + audible[0] if len(audible) else 0
    # A frame that an attack only just reaches tells where the frames lie, not how it sounds.
    for _ in range(3):
        if first + 1 < end and loudness[first + 1] - loudness[first] > 6:
            first += 1
    return slice(first, end), np.maximum(loudness[first:end], FAINTEST).astype(np.float32)
