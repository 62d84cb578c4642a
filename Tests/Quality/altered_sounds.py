"""A sound as someone else may have it: cropped, stretched, transposed, equalised."""

import numpy as np

SHELF_DECIBELS = 9
BASS, TREBLE = 250, 4000


def without_beginning(x, rate):
    return x[len(x) // 5:]


def without_end(x, rate):
    return x[:len(x) - len(x) // 5]


def stretched(factor):
    """Longer by a factor at the same pitch: overlapping pieces, each taken from where it continues the one before best
    (W. Verhelst, M. Roelands, "An overlap-add technique based on waveform similarity", ICASSP 1993)."""
    def alter(x, rate):
        piece = int(0.024 * rate) // 2 * 2
        hop, reach = piece // 2, piece // 4
        window = np.hanning(piece + 1)[:piece]
        padded = np.concatenate([np.zeros(hop + reach), x, np.zeros(2 * piece + reach)])
        out = np.zeros(int(len(x) * factor) + 2 * piece)
        at = reach
        for to in range(0, int(len(x) * factor) + hop, hop):
            out[to:to + piece] += window * padded[at:at + piece]
            following = padded[at + hop:at + hop + piece]
            around = min(int((to + hop) / factor) + reach, len(padded) - piece - reach)
            heard = np.lib.stride_tricks.sliding_window_view(padded[around - reach:around + reach + piece], piece)
            alike = heard @ following / np.sqrt(np.maximum((heard ** 2).sum(1), 1e-12))
            at = around - reach + int(np.argmax(alike)) if following.any() else around
        return out[hop:hop + int(len(x) * factor)]
    return alter


def transposed(semitones):
    """Played faster or slower: the spectrum, and the length with it."""
    def alter(x, rate):
        count = int(round(len(x) * 2 ** (-semitones / 12)))
        spectrum = np.fft.rfft(x)
        out = np.zeros(count // 2 + 1, complex)
        kept = min(len(out), len(spectrum))
        out[:kept] = spectrum[:kept]
        return np.fft.irfft(out, count) * count / len(x)
    return alter


def shelved(decibels, hertz, is_high):
    """Through a shelf of slope 1 (R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients")."""
    def alter(x, rate):
        a = 10 ** (decibels / 40)
        w, sign = 2 * np.pi * hertz / rate, -1 if is_high else 1
        c, s = sign * np.cos(w), 2 * np.sqrt(a) * np.sin(w) / np.sqrt(2)
        b = a * (a + 1 - (a - 1) * c + s), 2 * sign * a * (a - 1 - (a + 1) * c), a * (a + 1 - (a - 1) * c - s)
        d = a + 1 + (a - 1) * c + s, -2 * sign * (a - 1 + (a + 1) * c), a + 1 + (a - 1) * c - s
        size = 1 << (len(x) + rate // 4).bit_length()
        z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
        return np.fft.irfft(np.fft.rfft(x, size) * np.polyval(b[::-1], z) / np.polyval(d[::-1], z), size)[:len(x)]
    return alter


SORTS = {
    "cropped": {"no-beginning": without_beginning, "no-end": without_end},
    "stretched": {"longer": stretched(1.1), "shorter": stretched(0.9)},
    "transposed": {"higher": transposed(2), "lower": transposed(-2)},
    "equalised": {"more-bass": shelved(SHELF_DECIBELS, BASS, False), "less-bass": shelved(-SHELF_DECIBELS, BASS, False),
                  "more-treble": shelved(SHELF_DECIBELS, TREBLE, True), "less-treble": shelved(-SHELF_DECIBELS, TREBLE, True)},
}
KINDS = {kind: alter for kinds in SORTS.values() for kind, alter in kinds.items()}
