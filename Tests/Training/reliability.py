"""How true scores are, and how often "nothing near" is."""

import numpy as np

from libraries import pairs

EDGES = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001)
LIMITS = (0.3, 0.35, 0.4, 0.45, 0.48, 0.49, 0.5, 0.55, 0.6, 0.65)


def reliability(score, part, depth=10):
    """Expected calibration error of the first results, and by range of the score: [start, share, mean score, share of
    results with the query's label]."""
    near, query, same = pairs(part.d, part.label, depth)
    told, weights = score(near, score.ranked(part.vectors)[query]), part.weights[query]
    weights, rows = weights / weights.sum(), []
    for first, end in zip(EDGES[:-1], EDGES[1:]):
        within = (told >= first) & (told < end)
        if share := weights[within].sum():
            rows.append((first, share, weights[within] @ told[within] / share, weights[within] @ same[within] / share))
    return sum(share * abs(mean - true) for _, share, mean, true in rows), rows


def nothing_near(score, part, limits=LIMITS):
    """How often the best score is below a limit: [limit, of queries whose label's sounds are taken out, of those whose
    label has other sounds there]."""
    has = np.isfinite(np.where(part.label[:, None] == part.label[None], part.d, np.inf)).any(1)
    weights, about = part.weights * has / (part.weights * has).sum(), score.ranked(part.vectors)
    there, absent = score(part.d.min(1), about), score(part.without_its_label.min(1), about)
    return [(limit, weights @ (absent < limit), weights @ (there < limit)) for limit in limits]
