"""The score of a neighbour: how likely a person is to call the two sounds by one name.

    logit = offset + slope d + bend max(d - knee, 0) + sum of weight r

d is the distance of the two vectors, from 0 to 2. r is how densely sounds lie about the query: the mean distance to its
first...last nearest among the vectors of reference, which come with the model, so that a score means the same in every
library. A reference vector that is the query itself, or a copy, tells nothing about its surroundings and is passed over.
For one query the score falls strictly with d: slope < 0 and slope + bend < 0.
"""

from dataclasses import dataclass

import numpy as np

from vector import distances

SAME = 0.02  # vectors nearer than this are of one sound


@dataclass
class Score:
    reference: np.ndarray  # int8, [vectors, 128]
    scale: float
    offset: float
    slope: float
    bend: float
    knee: float
    surroundings: list  # of (first, last, weight); ranks count from 1

    def ranked(self, vectors, deepest=None):
        """Distances to the nearest of the reference, in order, shape [vectors, deepest]."""
        return ranked(self.reference, self.scale, vectors, deepest or max(last for _, last, _ in self.surroundings))

    def logit(self, d, ranked):
        """The logit for distances `d`, shape [pairs], of queries whose ranked distances are `ranked`, [pairs, deepest]."""
        logit = self.offset + self.slope * d + self.bend * np.maximum(d - self.knee, 0)
        for first, last, weight in self.surroundings:
            logit = logit + weight * ranked[:, first - 1:last].mean(1)
        return logit

    def __call__(self, d, ranked):
        return 1 / (1 + np.exp(-self.logit(d, ranked)))


def ranked(reference, scale, vectors, deepest):
    d = distances(vectors, reference) / scale
    d[d < SAME] = np.inf
    d.sort(1)
    return d[:, :deepest]
