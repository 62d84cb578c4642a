#!/usr/bin/env python3
"""timbre_descriptors.py

The timbre descriptors, plainly: the definition that TimbreCoding's fast ones are held against. Prints the descriptors of
a few made up sounds, as GoldenDescriptors.swift has them. Needs numpy.

A sound is its Bark bands, 104 bytes a frame, one every 512 samples at 22 050 Hz: the amplitude of the strongest band as
float32, then the levels of 100 bands below it, from 0 at -80 dB or less to 255 at 0 dB. The bands lie evenly on the scale
6 asinh(f / 600) [1], a fit to the critical bands [2]. a is a band's amplitude, relative to the strongest band's, and
s = 20 lg(a + 0.001) its level. The descriptors say nothing of how loud a sound is, nor of silence around it: only the frames
from the first to the last that is less than 60 dB below the loudest one count, and of these not the first ones, three at
most, if the next is more than 6 dB louder. Means and deviations over time are weighted by loudness, a frame's amplitude
to the power 0.6 [3]. The 152 numbers, in order:

cepstrum mean, deviation, change    of coefficients 1 to 20 of a cosine transform (DCT-II [4]) of s [5]: weighted mean
    and standard deviation [6], and mean absolute difference of neighbouring frames.
envelope    coefficients 0 to 8 of a cosine transform of the level in decibels, averaged over 32 equal parts.
times    log(1 + n) of the numbers of frames within 6, 12, 20, 30 and 45 dB of the loudest, of the frame that is loudest
    and of the temporal centroid; log of the frames there are; the centroid's place among them, from 0 to 1; log(1 +
    deviation about the centroid). After the times, effective duration and temporal centroid of [7] and [8]; attack
    and brightness are what listeners tell timbres by first of all [9] [10].
shape mean, deviation, attack    of eight values of a frame: mean, less the mean of the whole sound in the four frames
    from the first within 20 dB of the loudest. The values: centroid, spread and skewness of the bands' positions,
    weighted by a [7] [8]; flatness, the level of the geometric less that of the arithmetic mean [11]; the roll-off,
    below which 85 % of the power lie [6]; the root mean square of coefficients 12 to 24 and of all beyond, that is, how
    jagged the spectrum is; flux, the root mean square change of s since the frame before [7].
ripple    the weighted means of log(1 + |F| / 10), F being the Fourier transform of s along the bands at 1 to 25 periods:
    what ripples the spectrum has, whatever their phases [12]. It changes little if all bands move by as much.
course    coefficients 1 to 3 of a cosine transform of cepstra 1 to 8, averaged over 24 equal parts: all first ones, then
    all second ones, then all third ones.

Sources
 [1] S. Wang, A. Sekey, A. Gersho, "An objective measure for predicting subjective quality of speech coders", IEEE J. Sel.
     Areas Commun. 10 (1992)
 [2] E. Zwicker, "Subdivision of the audible frequency range into critical bands", J. Acoust. Soc. Am. 33 (1961)
 [3] S. S. Stevens, "The measurement of loudness", J. Acoust. Soc. Am. 27 (1955)
 [4] N. Ahmed, T. Natarajan, K. R. Rao, "Discrete cosine transform", IEEE Trans. Comput. C-23 (1974)
 [5] S. Davis, P. Mermelstein, "Comparison of parametric representations for monosyllabic word recognition in continuously
     spoken sentences", IEEE Trans. Acoust. Speech Signal Process. 28 (1980), for bands on the mel scale
 [6] G. Tzanetakis, P. Cook, "Musical genre classification of audio signals", IEEE Trans. Speech Audio Process. 10 (2002)
 [7] G. Peeters, "A large set of audio features for sound description (similarity and classification) in the CUIDADO
     project", Ircam (2004)
 [8] G. Peeters, B. Giordano, P. Susini, N. Misdariis, S. McAdams, "The Timbre Toolbox: extracting audio descriptors from
     musical signals", J. Acoust. Soc. Am. 130 (2011)
 [9] J. Grey, "Multidimensional perceptual scaling of musical timbres", J. Acoust. Soc. Am. 61 (1977)
[10] S. McAdams, S. Winsberg, S. Donnadieu, G. De Soete, J. Krimphoff, "Perceptual scaling of synthesized musical timbres:
     common dimensions, specificities, and latent subject classes", Psychol. Res. 58 (1995)
[11] A. Gray, J. Markel, "A spectral-flatness measure for studying the autocorrelation method of linear prediction of
     speech analysis", IEEE Trans. Acoust. Speech Signal Process. 22 (1974)
[12] T. Chi, P. Ru, S. Shamma, "Multiresolution spectrotemporal analysis of complex sounds", J. Acoust. Soc. Am. 118
     (2005), where ripples are those of spectra on a logarithmic scale
"""

import sys

import numpy as np

BANDS = 100
BARK = np.linspace(6 * np.arcsinh(50 / 600), 6 * np.arcsinh(9000 / 600), BANDS)
DECIBELS = (np.arange(256) - 255) * 80 / 255
AMPLITUDE = 10 ** (DECIBELS / 20)
LEVEL = 20 * np.log10(AMPLITUDE + 1e-3)  # a floor at -60 dB, without an edge
FLOOR = -60.0
LOUDNESS_EXPONENT = 0.6
GROUPS = {"cepstrum mean": 20, "cepstrum deviation": 20, "cepstrum change": 20, "envelope": 9, "times": 10,
          "shape mean": 8, "shape deviation": 8, "shape attack": 8, "ripple": 25, "course": 24}


def cosines(count, first, last):
    """Rows of a DCT-II, shape [last - first + 1, count]; their norm is 1, that of row 0 the square root of 2."""
    return np.array([[np.sqrt(2 / count) * np.cos(np.pi * k * (2 * i + 1) / (2 * count)) for i in range(count)]
                     for k in range(first, last + 1)])


DCT = cosines(BANDS, 0, 24)
DCT[0] /= np.sqrt(2)


def frame_values(levels):
    """The values of each frame, shape [frames, 53]: cepstra 1 to 20, eight measures of shape, ripple 1 to 25."""
    amplitude, s = AMPLITUDE[levels], LEVEL[levels]
    c = s @ DCT.T
    total = amplitude.sum(1)
    centroid = amplitude @ BARK / total
    off = BARK - centroid[:, None]
    spread = np.sqrt((amplitude * off ** 2).sum(1) / total + 1e-9)
    skewness = (amplitude * off ** 3).sum(1) / total / spread ** 3
    flatness = s.mean(1) - 20 * np.log10(total / BANDS)
    power = np.cumsum(amplitude ** 2, 1)
    # The margin is for flat frames, which reach the share exactly.
    rolloff = BARK[np.argmax(power >= 0.85 * power[:, -1:] * (1 - 1e-12), 1)]
    middle = np.sqrt((c[:, 12:25] ** 2).mean(1))
    fine = np.sqrt(np.maximum((s ** 2).sum(1) - (c ** 2).sum(1), 0) / 75)
    flux = np.zeros(len(s))
    flux[1:] = np.sqrt((np.diff(s, axis=0) ** 2).mean(1))
    ripple = np.log(1 + np.abs(np.fft.rfft(s, axis=1))[:, 1:26] / 10)
    shape = np.stack([centroid, spread, skewness, flatness, rolloff, middle, fine, flux], 1)
    return np.concatenate([c[:, 1:21], shape, ripple], 1)


def equal_parts(x, count):
    """Means of equal parts of a course that is constant within a frame, shape [count, ...]."""
    x = np.asarray(x, float).reshape(len(x), -1)
    total = np.concatenate([np.zeros((1, x.shape[1])), np.cumsum(x, 0)])
    at = np.arange(count + 1) * len(x) / count
    whole = np.minimum(at.astype(int), len(x) - 1)
    up_to = total[whole] + (at - whole)[:, None] * x[whole]
    return np.diff(up_to, axis=0) * count / len(x)


def descriptor(bands, first=0, last=None):
    """The 152 numbers that describe frames first..<last; None if nothing sounds in them."""
    frames = np.frombuffer(bands, np.uint8).reshape(-1, 4 + BANDS)[first:last]
    peak = frames[:, :4].copy().view("<f4")[:, 0].astype(float)
    peak = np.where(np.isfinite(peak) & (peak > 0), peak, 0)
    levels = frames[:, 4:]
    energy = peak ** 2 * (AMPLITUDE[levels] ** 2).sum(1)
    if len(energy) == 0 or energy.max() == 0:
        return None
    level = 10 * np.log10(np.maximum(energy / energy.max(), 1e-12))
    heard = np.flatnonzero(level > FLOOR)
    start, end = heard[0], heard[-1] + 1
    # A frame that holds only the beginning of a sound says more about where frames begin than about the sound.
    for _ in range(3):
        if start + 1 < end and level[start + 1] - level[start] > 6:
            start += 1
    level = np.maximum(level[start:end], FLOOR)
    values = frame_values(levels[start:end])
    cepstra, shape, ripple = values[:, :20], values[:, 20:28], values[:, 28:]
    n = len(values)

    loudness = 10 ** (level / 20 * LOUDNESS_EXPONENT)
    weights = loudness / loudness.sum()

    def mean(x):
        return weights @ x

    def deviation(x):
        return np.sqrt(weights @ (x - mean(x)) ** 2)

    change = np.zeros(20)
    if n > 1:
        both = weights[1:] + weights[:-1]
        change = both / both.sum() @ np.abs(np.diff(cepstra, axis=0))
    envelope = cosines(32, 0, 8) @ equal_parts(level, 32)[:, 0]
    time = np.arange(n)
    centre = mean(time)
    durations = [np.log(1 + (level > -below).sum()) for below in (6, 12, 20, 30, 45)]
    times = durations + [np.log(1 + np.argmax(level)), np.log(1 + centre), np.log(n), centre / n,
                         np.log(1 + deviation(time))]
    onset = int(np.argmax(level > -20))
    part = weights[onset:onset + 4]
    attack = part / part.sum() @ shape[onset:onset + 4] - mean(shape)
    course = cosines(24, 1, 3) @ equal_parts(cepstra[:, :8] - mean(cepstra)[:8], 24)
    return np.concatenate([mean(cepstra), deviation(cepstra), change, envelope, times, mean(shape), deviation(shape),
                           attack, mean(ripple), course.ravel()])


def random_bytes(seed):
    """The upper bytes of a linear congruential generator's states (Knuth, MMIX)."""
    state = seed
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        yield state >> 56


def frame(peak, levels):
    return np.float32(peak).tobytes() + bytes(levels)


def tone(count, decay, seed):
    """Partials that fade, the higher the sooner, over a little noise; each frame is `decay` times the one before."""
    noise, peak, frames = random_bytes(seed), np.float32(0.5), []
    for time in range(count):
        partials = (255 - 40 * ((band + 50) % 12) - band * (time + 8) // 16 for band in range(BANDS))
        frames.append(frame(peak, [max(partial, next(noise) // 8) for partial in partials]))
        peak *= np.float32(decay)
    return frames


def noise(count, seed):
    """Levels of which all are as likely, in frames whose peaks differ as much as 16-fold."""
    source = random_bytes(seed)
    return [frame((next(source) % 16 + 1) / 32, [next(source) for _ in range(BANDS)]) for _ in range(count)]


def slope(peak, step):
    return [frame(peak, [255 - step * band for band in range(BANDS)])]


def flat(count, peak, level):
    return [frame(peak, [level] * BANDS)] * count


def odd_peaks():
    """Frames as no extractor sends them; all but the first, the third and the last but one are silent."""
    peaks = (0.25, np.nan, 0.125, -1, np.inf, -0.0, 0.5, 2.0 ** -149)
    return [np.float32(peak).tobytes() + one[4:] for peak, one in zip(peaks, noise(len(peaks), 8))]


def golden_sounds():
    """Sounds that the tests make in the same way, by name."""
    return {
        "one frame": noise(1, 1),
        "two frames": tone(2, 0.5, 2),
        "a tone that decays": tone(75, 0.875, 3),
        "noise": noise(150, 4),
        "tones with silence around and between": (
            flat(5, 0, 0) + tone(20, 0.75, 5) + flat(7, 0, 0) + tone(9, 1, 6) + flat(3, 0, 77)),
        "a sound that begins within a frame": (
            flat(2, 2 ** -14, 9) + slope(2 ** -6, 2) + slope(2 ** -4, 1) + tone(12, 0.9375, 7)),
        "odd peaks": odd_peaks(),
        "flat frames": flat(4, 0.5, 200) + flat(40, 0.125, 0),
    }


def main():
    if sys.argv[1:]:
        sys.exit(__doc__)
    for name, frames in golden_sounds().items():
        values = ["%.5f" % (value.round(5) + 0.0) for value in descriptor(b"".join(frames))]
        assert len(values) == sum(GROUPS.values())
        print('    "%s": """' % name)
        for start in range(0, len(values), 12):
            print("    " + " ".join(values[start:start + 12]))
        print('    """,')


if __name__ == "__main__":
    main()
