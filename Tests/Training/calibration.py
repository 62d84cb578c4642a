"""Fits the score on sounds that the network has not heard, in libraries of several kinds.

Of what lies about a query among the reference vectors several means go in: of its nearest ones, which are as near as a
sound of its kind can be expected to be, and of those farther off, which tell how crowded its region is. Without the first,
a score cannot tell that a query's kind is missing from a library."""

import numpy as np
from scipy.optimize import minimize

from libraries import pairs
from score import Score, ranked
from sounds import numbered

REFERENCE = 1024
DEPTH = 10  # results of a query that the fit looks at
SURROUNDINGS = ((1, 1), (2, 4), (5, 10), (11, 20), (41, 80))  # ranks in the reference, from first to last
SMALL_SHARE = 0.3  # of small libraries, in the last calibration
LEAST_FALL = 0.5  # of the logit for each unit of distance: two results at different distances never have one score
MISSING = 6.0  # how much it counts to tell that a query's kind is missing


def in_turn(lists):
    """The first of every list, then the second of every list that has one, and so on."""
    longest = max(map(len, lists))
    return [numbers[turn] for turn in range(longest) for numbers in lists if len(numbers) > turn]


def reference_vectors(vectors, sounds, count=REFERENCE):
    """Vectors spread over the labels, and over the groups of each label."""
    _, label = numbered(sound.label for sound in sounds)
    _, group = numbered(sound.group for sound in sounds)
    members = {}
    for number in np.random.default_rng(4).permutation(len(sounds)):
        members.setdefault(label[number], {}).setdefault(group[number], []).append(number)
    return vectors[np.array(in_turn([in_turn(list(groups.values())) for groups in members.values()])[:count])]


def examples(part, reference, scale, surroundings, knee, d=None, depth=DEPTH):
    """What the logit is linear in, [pairs, 3 + surroundings], whether labels agree, and weights that sum to 1."""
    near, query, same = pairs(part.d if d is None else d, part.label, depth)
    about = ranked(reference, scale, part.vectors, max(last for _, last in surroundings))[query]
    columns = [np.ones_like(near), np.minimum(near, knee), np.maximum(near - knee, 0)]
    columns += [about[:, first - 1:last].mean(1) for first, last in surroundings]
    weights = part.weights[query]
    return np.stack(columns, 1).astype(float), same.astype(float), weights / weights.sum()


def best_results(part, reference, scale, surroundings, knee):
    """The same of every query's best result: among all, and without its own label, which is what shall be told apart.
    The offset of this question is its own: how often a kind is missing is nothing that a score could know."""
    columns, told_apart, weights = [], [], []
    for there, d in ((1, part.d), (0, part.without_its_label)):
        chosen, _, weight = examples(part, reference, scale, surroundings, knee, d, depth=1)
        columns.append(np.concatenate([chosen, np.ones((len(chosen), 1))], 1))
        told_apart.append(np.full(len(chosen), float(there)))
        weights.append(weight / 2)
    return np.concatenate(columns), np.concatenate(told_apart), np.concatenate(weights)


def logistic(columns, agrees, weights, start, falling=(), ridge=1e-4):
    """Logistic regression; the coefficients at the places `falling` stay below -LEAST_FALL, the first has no ridge."""
    def cost(chosen):
        logit = columns @ chosen
        told = 1 / (1 + np.exp(-logit))
        value = (weights * (np.logaddexp(0, logit) - agrees * logit)).sum() + ridge * chosen[1:] @ chosen[1:]
        return value, columns.T @ (weights * (told - agrees)) + 2 * ridge * np.concatenate([[0], chosen[1:]])

    bounds = [(None, -LEAST_FALL if place in falling else None) for place in range(columns.shape[1])]
    return minimize(cost, np.array(start, float), jac=True, method="L-BFGS-B", bounds=bounds).x


def fitted(reference, scale, every, small=(), surroundings=SURROUNDINGS, missing=MISSING):
    """A score by logistic regression: on one large library, on small ones, which count as much together, and on whether
    a query's kind is in the large one at all, which counts `missing` times as much."""
    knee = float(np.median(pairs(every.d, every.label, DEPTH)[0]))
    setting = reference, scale, surroundings, knee
    parts = [(1.0, examples(every, *setting))] + [(1 / len(small), examples(part, *setting)) for part in small]
    parts = [(share, (np.pad(columns, ((0, 0), (0, 1))), *others)) for share, (columns, *others) in parts]
    columns, agrees, weights = joined([*parts, (missing, best_results(every, *setting))])
    best = logistic(columns, agrees, weights, [2, -4, -4] + [0] * (len(surroundings) + 1), falling=(1, 2))
    score = Score(reference, scale, best[0], best[1], best[2] - best[1], knee,
                  [(*ranks, weight) for ranks, weight in zip(surroundings, best[3:])])
    return recalibrated(score, every, small)


def joined(parts):
    """Parts of (share, (columns, agreement, weights)), one after the other."""
    return (np.concatenate([part[0] for _, part in parts]), np.concatenate([part[1] for _, part in parts]),
            np.concatenate([share * part[2] for share, part in parts]))


def recalibrated(score, every, small):
    """The same score, its logit stretched and moved so that it tells shares of results in whole libraries: what it took
    to tell that a kind is missing has bent it. After J. Platt, "Probabilistic outputs for support vector machines" (1999)."""
    parts = []
    for share, part in [(1.0, every)] + [(SMALL_SHARE / len(small), part) for part in small]:
        near, query, same = pairs(part.d, part.label, DEPTH)
        logit, weights = score.logit(near, score.ranked(part.vectors)[query]), part.weights[query]
        columns = np.stack([np.ones_like(logit), logit], 1).astype(float)
        parts.append((share, (columns, same.astype(float), weights / weights.sum())))
    move, stretch = logistic(*joined(parts), start=[0, 1], ridge=0)
    return Score(score.reference, score.scale, move + stretch * score.offset, stretch * score.slope,
                 stretch * score.bend, score.knee,
                 [(first, last, stretch * weight) for first, last, weight in score.surroundings])
