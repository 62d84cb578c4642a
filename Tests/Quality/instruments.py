"""Sounds of six families, each of four lengths, made with numpy: drums, plucked and blown notes, bells, voices, calls.

A maker is given a source of chance, seconds, and a number of semitones above the lowest pitch of its family; what else
makes one instrument different from another it draws. Sounds are of 22 050 Hz, the rate that timbred hears at, and have a
root mean square of 1."""

import numpy as np

RATE = 22050
# The ends, in decibels, of what decays.
SILENT = -50
# First and second formants of five vowels, in hertz; the third and fourth are much the same in all.
VOWELS = np.array([(310, 2020), (480, 1700), (730, 1100), (520, 850), (330, 760)])


def clock(seconds):
    return np.arange(int(seconds * RATE)) / RATE


def decay(t, seconds):
    return 10 ** (SILENT / 20 * t / seconds)


def shaped_noise(chance, count, gain):
    """Noise whose spectrum is `gain` of the frequency in hertz."""
    spectrum = np.fft.rfft(chance.standard_normal(count)) * gain(np.fft.rfftfreq(count, 1 / RATE))
    return unit(np.fft.irfft(spectrum, count))


def resonance(hertz, width):
    return lambda f: 1 / np.sqrt(1 + ((f - hertz) / width) ** 2)


def unit(x):
    return x / max(np.sqrt(np.mean(x ** 2)), 1e-12)


def phase(hertz):
    return 2 * np.pi * np.cumsum(hertz) / RATE


def partials(t, hertz, levels, seconds):
    """Sines that each decay in a time of their own."""
    out = np.zeros(len(t))
    for f, level, length in zip(hertz, levels, seconds):
        if f < RATE / 2:
            out += level * np.sin(2 * np.pi * f * t) * decay(t, length)
    return out


def drum(chance, seconds, semitones):
    """A skin that falls in pitch, and noise; what is longer than two seconds is a roll."""
    pitch, fall = 55 * 2 ** (semitones / 12), chance.uniform(0.5, 3)
    colour, share = chance.uniform(900, 7000), chance.uniform(0.1, 0.9)
    stroke_length = seconds if seconds < 2 else chance.uniform(0.3, 0.8)
    t = clock(stroke_length)
    skin = np.sin(phase(pitch * (1 + fall * np.exp(-40 * t)))) * decay(t, stroke_length * chance.uniform(0.5, 1))
    noise = shaped_noise(chance, len(t), resonance(colour, colour / 3)) * decay(t, stroke_length)
    stroke = (1 - share) * skin + share * noise
    out, apart = np.zeros(int(seconds * RATE)), chance.uniform(0.09, 0.2)
    for start in np.arange(0, max(seconds - stroke_length, 0) + 1e-9, apart):
        at = int(start * RATE)
        out[at:at + len(stroke)] += stroke[:len(out) - at] * chance.uniform(0.5, 1)
    return out


def plucked(chance, seconds, semitones):
    """A string, a little stiff, plucked somewhere along its length."""
    pitch, stiff = 82 * 2 ** (semitones / 12), chance.uniform(0, 0.0008)
    place, dull = chance.uniform(0.08, 0.45), chance.uniform(0.6, 1.6)
    n = np.arange(1, 40)
    return partials(clock(seconds), pitch * n * np.sqrt(1 + stiff * n * n), np.sin(np.pi * n * place) / n ** dull,
                    seconds / (1 + chance.uniform(0.05, 0.4) * (n - 1)))


def blown(chance, seconds, semitones):
    """A pipe or a reed: steady, with vibrato and breath."""
    t, pitch = clock(seconds), 150 * 2 ** (semitones / 12)
    bend = 1 + chance.uniform(0, 0.012) * np.sin(2 * np.pi * chance.uniform(4, 7) * t)
    step, dull = chance.choice([1, 2]), chance.uniform(0.5, 2.2)
    angle = phase(pitch * bend)
    tone = sum(np.sin(n * angle) / n ** dull for n in range(1, 24, step) if n * pitch < 9000)
    breath = shaped_noise(chance, len(t), resonance(pitch * 3, pitch * 2)) * chance.uniform(0.02, 0.3)
    rise, fall = chance.uniform(0.01, 0.06), min(0.08, seconds / 4)
    return (unit(tone) + breath) * np.minimum(1, t / rise) * np.minimum(1, (t[-1] - t) / fall)


def bell(chance, seconds, semitones):
    """Partials that are no multiples of each other."""
    ratios = np.array([0.5, 1, 1.19, 1.5, 2, 2.51, 2.66, 3.01, 4.17, 5.43, 6.8]) * chance.uniform(0.96, 1.04, 11)
    return partials(clock(seconds), 260 * 2 ** (semitones / 12) * ratios, chance.uniform(0.1, 1, 11),
                    seconds / ratios ** chance.uniform(0.1, 0.7))


def voice(chance, seconds, semitones):
    """Syllables: harmonics below moving formants, some with a consonant of noise before them."""
    t, pitch = clock(seconds), 95 * 2 ** (semitones / 24)
    ends = np.cumsum(chance.uniform(0.13, 0.26, 32))
    count = max(1, int(np.searchsorted(ends, seconds)))
    times = np.linspace(0, seconds, count + 1)
    vowels = VOWELS[chance.integers(len(VOWELS), size=count + 1)] * chance.uniform(0.9, 1.2)
    first, second = (np.interp(t, times, vowels[:, i]) for i in (0, 1))
    melody = np.interp(t, times, pitch * 2 ** (chance.uniform(-3, 3, count + 1) / 12))
    angle, out = phase(melody), np.zeros(len(t))
    for n in range(1, int(5000 / pitch)):
        f = n * melody
        out += np.sin(n * angle) / n * (resonance(first, 70)(f) + 0.6 * resonance(second, 110)(f)
                                        + 0.25 * resonance(2600, 200)(f) + 0.1 * resonance(3500, 300)(f))
    since = t * count / seconds % 1
    loud = np.minimum(1, since / 0.2) * np.minimum(1, (1 - since) / 0.25) ** 0.5
    hiss = shaped_noise(chance, len(t), resonance(chance.uniform(3000, 6500), 1500))
    is_spoken = np.repeat(chance.random(count) < 0.6, len(t) // count + 1)[:len(t)]
    return unit(out * loud) + hiss * 0.5 * (since < 0.25) * is_spoken * np.minimum(1, since * 30)


def call(chance, seconds, semitones):
    """A bird, a frog, a dog: sweeps, pure or rough, one after the other."""
    low = 300 * 2 ** (semitones / 12)
    shape, rough, count = chance.uniform(-1.2, 1.2), chance.uniform(0, 0.8), max(1, int(seconds / chance.uniform(0.15, 0.4)))
    t, out = clock(seconds), np.zeros(int(seconds * RATE))
    for cry in np.array_split(np.arange(len(t)), count):
        since = np.linspace(0, 1, len(cry))
        angle = phase(low * 2 ** (shape * since + chance.uniform(-0.1, 0.1)))
        tone = np.sin(angle) + 0.4 * np.sin(2 * angle) + 0.2 * np.sin(3 * angle)
        tone *= 1 - rough + rough * np.abs(shaped_noise(chance, len(cry), resonance(0, 120)))
        on = np.clip(since / 0.75, 0, 1)
        out[cry] = tone * np.sin(np.pi * on) ** 0.7 * (on < 1)
    return out


FAMILIES = {"drum": drum, "plucked": plucked, "blown": blown, "bell": bell, "voice": voice, "call": call}
LENGTHS = ((0.1, 0.33), (0.4, 0.75), (0.9, 1.9), (2.1, 3.6))
# Instruments of one family and length, seven semitones from one to the next.
INSTRUMENTS, APART = 4, 7


def instruments(chance):
    """[(name, family, samples)]: each family, in each length, several times, in any order."""
    sounds = []
    for family, make in FAMILIES.items():
        for shortest, longest in LENGTHS:
            for number in range(INSTRUMENTS):
                seconds = chance.uniform(shortest, longest)
                x = make(chance, seconds, APART * number + chance.uniform(-1, 1))
                sounds.append(("%s-%.2fs-%d" % (family, seconds, number), family, faded(unit(x))))
    return [sounds[i] for i in chance.permutation(len(sounds))]


def faded(x, seconds=0.002):
    count = min(int(seconds * RATE), len(x) // 2)
    x[:count] *= np.linspace(0, 1, count)
    x[-count:] *= np.linspace(1, 0, count)
    return x
