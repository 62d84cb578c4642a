"""The 410 numbers that describe a sound: "timbre descriptors 2", plainly. The product's fast ones are held against them.

Bands 0 to 92 only, 50 Hz to 7.1 kHz, which a recording at 16 kHz still has. a is a band's amplitude re the strongest of its
frame, s = 20 lg(a + 0.01) its level with a soft floor at -40 dB, where codecs and noise begin, and A its level in dB re the
loudest frame. Frames weigh 10^(0.6 level / 20), as loudness grows [1]. In order, with how many numbers of each:

cepstrum mean 40, deviation 30    of a DCT-II of s along the bands [2]
change 30, 12, 12, 12, 12    mean absolute difference of the cepstra 1, 2, 4, 8 and 16 frames apart
envelope 13    a DCT-II of the level, averaged over 32 equal parts
times 10    log(1 + n) of the frames within 6, 12, 20, 30, 45 dB of the loudest, of the place of the loudest, of the
    temporal centroid; log of all frames; centroid / frames; log(1 + deviation about the centroid) [3]
shape mean 8, deviation 8, attack 8    of centroid, spread, skewness, flatness, roll-off [3], of how jagged the spectrum is
    at two scales, and of flux; the attack is the four frames from the first within 20 dB of the loudest, less the mean
cepstrum attack 20
ripple mean 40, deviation 25    ln(1 + |F| / 10), F the Fourier transform of s along the bands: it ignores where ripples lie
course 48    a DCT-II of the cepstra over 24 equal parts of the sound: all first coefficients, all second ones, ...
peaks 30    cepstra of the greatest A of each band
decay 30, decay attack 10    A in ten wider bands: 3...7, 8...19, 20...43 frames after the attack less frames 0...2; frames
    0...2 themselves, less the greatest
cepstrum skewness 12

Sources
 [1] S. S. Stevens, "The measurement of loudness", J. Acoust. Soc. Am. 27 (1955)
 [2] S. Davis, P. Mermelstein, "Comparison of parametric representations for monosyllabic word recognition in continuously
     spoken sentences", IEEE Trans. Acoust. Speech Signal Process. 28 (1980)
 [3] G. Peeters, "A large set of audio features for sound description (similarity and classification) in the CUIDADO
     project", Ircam (2004)
"""

import numpy as np

from heard import AMPLITUDE, FAINTEST, heard

BANDS = 93
DESCRIPTORS = 410
BARK = np.linspace(6 * np.arcsinh(50 / 600), 6 * np.arcsinh(9000 / 600), 100)[:BANDS].astype(np.float32)
WIDE = np.round(np.arange(10) * BANDS / 10).astype(int)  # where the ten wider bands begin


def cosines(count, first, last):
    """Rows first...last of the orthonormal DCT-II of length `count`."""
    rows = np.arange(first, last + 1)[:, None]
    table = np.sqrt(2 / count) * np.cos(np.pi * rows * (2 * np.arange(count) + 1) / (2 * count))
    table[rows[:, 0] == 0] /= np.sqrt(2)
    return table.astype(np.float32)


CEPSTRA = cosines(BANDS, 0, 40)
ENVELOPE = cosines(32, 0, 12)
ENVELOPE[0] *= np.sqrt(2)
COURSE = cosines(24, 1, 4)


def continue_above_cliff(soft, absolute):
    """Goes on above the band where a codec or a low sample rate has cut a sound off, falling 0.5 dB a band. In place."""
    peak = absolute.max(0)
    last = np.flatnonzero(peak > peak.max() - 60)[-1]
    if last >= BANDS - 3:
        return
    cut = max(last - 2, 3)
    if peak[cut - 3:cut].mean() - peak[min(last + 3, BANDS - 1)] < 25:
        return
    fall = 0.5 * (np.arange(cut, BANDS) - cut + 2)
    soft[:, cut:] = np.maximum(soft[:, cut - 3:cut].mean(1, keepdims=True) - fall, -40)
    absolute[:, cut:] = absolute[:, cut - 3:cut].mean(1, keepdims=True) - fall


def frame_values(amplitude, soft):
    """Cepstra 1 to 40, eight shapes and 40 ripples of each frame, shape [frames, 88]."""
    cepstra = soft @ CEPSTRA.T
    total = amplitude.sum(1) + 1e-9
    centroid = amplitude @ BARK / total
    away = BARK - centroid[:, None]
    spread = np.sqrt((amplitude * away**2).sum(1) / total + 1e-9)
    skewness = (amplitude * away**3).sum(1) / total / spread**3
    flatness = soft.mean(1) - 20 * np.log10(total / BANDS)
    power = np.cumsum(amplitude**2, 1)
    rolloff = BARK[np.argmax(power >= 0.85 * (1 - 1e-6) * power[:, -1:], 1)]
    jagged = np.sqrt((cepstra[:, 12:25] ** 2).mean(1))
    finer = np.sqrt(np.maximum((soft**2).sum(1) - (cepstra[:, :25] ** 2).sum(1), 0) / (BANDS - 25))
    flux = np.concatenate([[0], np.sqrt((np.diff(soft, axis=0) ** 2).mean(1))])
    ripple = np.log(1 + np.abs(np.fft.rfft(soft, axis=1))[:, 1:41] / 10)
    shapes = np.stack([centroid, spread, skewness, flatness, rolloff, jagged, finer, flux], 1)
    return np.concatenate([cepstra[:, 1:], shapes, ripple], 1).astype(np.float32)


def equal_parts(values, count):
    """Means over `count` equal parts of the frames, which may begin and end within a frame; shape [count, width]."""
    frames = len(values)
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values.astype(np.float64), 0)])
    edge = np.arange(count + 1) * frames / count
    whole = np.minimum(edge.astype(int), frames - 1)
    until = sums[whole] + (edge - whole)[:, None] * (sums[whole + 1] - sums[whole])
    return np.diff(until, axis=0) * (count / frames)


def times(level, weight):
    """How long the sound is and when it is loud, shape [10]."""
    place = np.arange(len(level))
    centre = weight @ place
    within = [np.log1p((level > -below).sum()) for below in (6, 12, 20, 30, 45)]
    return np.array(within + [np.log1p(np.argmax(level)), np.log1p(centre), np.log(len(level)), centre / len(level),
                              np.log1p(np.sqrt(weight @ (place - centre) ** 2))])


def decays(absolute, onset):
    """How the ten wider bands fall off after the attack, shape [30], and the attack itself, shape [10]."""
    wide = np.maximum.reduceat(np.maximum(absolute, FAINTEST), WIDE, axis=1)[onset:]
    parts = [wide[first:end].mean(0) if len(wide) > first else np.full(10, FAINTEST)
             for first, end in ((0, 3), (3, 8), (8, 20), (20, 44))]
    return np.concatenate([part - parts[0] for part in parts[1:]]), parts[0] - parts[0].max()


def describe(levels, strongest):
    """The descriptors of a recording, float32 [410]; zeros if it is silent. `levels` and `strongest`: see heard.py."""
    sound = heard(levels, strongest)
    if sound is None:
        return np.zeros(DESCRIPTORS, np.float32)
    frames, level = sound
    every = AMPLITUDE[levels[frames]]
    amplitude = every[:, :BANDS]
    soft = 20 * np.log10(amplitude + np.float32(0.01))
    absolute = 20 * np.log10(np.maximum(amplitude, 1e-4)) + (level - 10 * np.log10((every**2).sum(1)))[:, None]
    continue_above_cliff(soft, absolute)

    values = frame_values(amplitude, soft)
    weight = 10 ** (0.6 * level / 20)
    weight /= weight.sum()
    mean = weight @ values
    off = values - mean
    deviation = np.sqrt(weight @ off**2)
    onset = int(np.argmax(level > -20))
    early = weight[onset:onset + 4]
    attack = early @ values[onset:onset + 4] / early.sum() - mean

    def change(apart, width):
        if len(values) <= apart:
            return np.zeros(width)
        pair = weight[apart:] + weight[:-apart]
        return pair @ np.abs(values[apart:, :width] - values[:-apart, :width]) / pair.sum()

    decay, decay_attack = decays(absolute, onset)
    parts = [mean[:40], deviation[:30], change(1, 30), *(change(apart, 12) for apart in (2, 4, 8, 16)),
             ENVELOPE @ equal_parts(level[:, None], 32)[:, 0], times(level, weight), mean[40:48], deviation[40:48],
             attack[40:48], attack[:20], mean[48:], deviation[48:73], (COURSE @ equal_parts(off[:, :12], 24)).ravel(),
             CEPSTRA[1:31] @ np.maximum(absolute, FAINTEST).max(0), decay, decay_attack,
             weight @ off[:, :12] ** 3 / (deviation[:12] ** 3 + 1)]
    return np.concatenate(parts).astype(np.float32)
