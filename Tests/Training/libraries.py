"""Libraries that scores are fitted on and tried on: labelled sounds, and the distances between them."""

from dataclasses import dataclass

import numpy as np

from sounds import numbered
from vector import distances


@dataclass
class Library:
    """Sounds and the distances between all of them, infinite from a sound to itself."""

    vectors: np.ndarray  # int8 [sounds, 128]
    label: np.ndarray
    d: np.ndarray
    without_its_label: np.ndarray  # the same with all sounds of a query's own label left out

    @property
    def weights(self):
        """Of queries: labels weigh the same."""
        weights = 1 / np.bincount(self.label)[self.label] / (self.label.max() + 1)
        return weights / weights.sum()


def library(vectors, sounds, scale):
    _, label = numbered(sound.label for sound in sounds)
    d = distances(vectors) / scale
    np.fill_diagonal(d, np.inf)
    return Library(vectors, label, d, np.where(label[:, None] == label[None], np.inf, d))


def pairs(d, label, depth):
    """The nearest of every query: distances, queries, and whether the labels are the same; each [queries depth]."""
    order = np.argsort(d, axis=1, kind="stable")[:, :depth]
    query = np.repeat(np.arange(len(d)), order.shape[1])
    near, same = np.take_along_axis(d, order, 1).ravel(), label[order.ravel()] == label[query]
    there = np.isfinite(near)
    return near[there], query[there], same[there]


def part_of(every, chosen):
    """The library that only some of the sounds make up."""
    _, label = np.unique(every.label[chosen], return_inverse=True)
    both = np.ix_(chosen, chosen)
    return Library(every.vectors[chosen], label, every.d[both], every.without_its_label[both])


def small_libraries(every, sounds, least=40):
    """Libraries of one family, and of one group; each with several labels, and most sounds not alone in theirs."""
    for kind, names in (("family", [s.family for s in sounds]), ("group", [s.group for s in sounds])):
        for name in sorted(set(names)):
            chosen = np.flatnonzero(np.array(names) == name)
            counts = np.unique(every.label[chosen], return_counts=True)[1]
            if len(chosen) >= least and len(counts) >= 3 and counts[counts > 1].sum() > 0.8 * len(chosen):
                yield f"{kind} {name}", part_of(every, chosen)
