"""How well nearest neighbours agree with labels: precision of the first and of the first ten, mean average precision.

Every sound is a query, all others are its candidates; or only those of other groups, or of other pitches. Labels weigh the
same, however many sounds they have. Intervals: 95 %, bootstrap over the queries of each label."""

import numpy as np

from sounds import numbered

QUESTIONS = ("all", "other groups", "other pitches")
FIGURES = ("P@1", "P@10", "mAP")


def excluded(sounds, question):
    """Which pairs do not count, bool [sounds, sounds]."""
    if question == "all":
        return np.eye(len(sounds), dtype=bool)
    known = [sound.group if question == "other groups" else sound.pitch for sound in sounds]
    _, number = numbered(known)
    known = np.array([bool(name) for name in known])
    return (number[:, None] == number[None]) & known[:, None] | np.eye(len(sounds), dtype=bool)


def of_queries(d, sounds, question):
    """Figures of every query, shape [sounds, 3]; NaN where there is nothing to be found. d: distances between all."""
    _, label = numbered(sound.label for sound in sounds)
    out = excluded(sounds, question)
    relevant = (label[:, None] == label[None]) & ~out
    order = np.argsort(np.where(out, np.inf, d), axis=1, kind="stable")
    hits = np.take_along_axis(relevant, order, 1)
    total, candidates = relevant.sum(1), (~out).sum(1)
    ranks = np.arange(1, len(sounds) + 1)
    precision = (np.cumsum(hits, 1) / ranks * hits).sum(1) / np.maximum(np.minimum(total, candidates), 1)
    figures = np.stack([hits[:, 0], hits[:, :10].mean(1), precision], 1).astype(float)
    figures[total == 0] = np.nan
    return figures


def by_label(figures, sounds, rounds=1000, seed=1):
    """Means over labels, and the limits between which 95 % of bootstrapped means lie: three arrays."""
    _, label = numbered(sound.label for sound in sounds)
    random, means, drawn = np.random.default_rng(seed), [], 0
    asked = ~np.isnan(figures[:, 0])
    for number in np.unique(label[asked]):
        part = figures[asked & (label == number)]
        means.append(part.mean(0))
        drawn = drawn + random.multinomial(len(part), np.full(len(part), 1 / len(part)), rounds) / len(part) @ part
    low, high = np.percentile(drawn / len(means), [2.5, 97.5], axis=0)
    return np.mean(means, 0), low, high


def table(d, sounds, rounds=1000):
    """Lines that tell the figures for each question."""
    lines = []
    for question in QUESTIONS:
        mean, low, high = by_label(of_queries(d, sounds, question), sounds, rounds)
        lines.append(f"{question:15}" + "   ".join(f"{name} {m:.3f} [{a:.3f}, {b:.3f}]"
                                                    for name, m, a, b in zip(FIGURES, mean, low, high)))
    return lines
