"""The linear part: Fisher's discriminant analysis [1] with weights for what should be alike, and principal components.

What one label's sounds have in common across other pitches, strokes and velocities of one instrument is learnt 20 times as
hard as what they share across instruments: it keeps the near twins of a query first.

Sources
 [1] R. A. Fisher, "The use of multiple measurements in taxonomic problems", Ann. Eugenics 7 (1936); for many classes,
     C. R. Rao, J. R. Stat. Soc. B 10 (1948)
"""

import numpy as np
import scipy.linalg

from sounds import label_weights, numbered

WITHIN_GROUP = 20.0
BETWEEN_GROUPS = 1.0
BETWEEN_VARIANTS = 0.1
RIDGE = 0.001  # of the mean variance, added to all: descriptors that hardly vary do not decide


def scatter(rows, weights):
    weighted = rows * np.sqrt(weights)[:, None]
    return weighted.T @ weighted


def with_signs(columns):
    """Columns whose largest entry is positive, so that the same data give the same matrix."""
    return columns * np.sign(columns[np.abs(columns).argmax(0), np.arange(columns.shape[1])])


def means_of(rows, members, count):
    sums = np.zeros((count, rows.shape[1]))
    np.add.at(sums, members, rows)
    return sums / np.bincount(members, minlength=count)[:, None]


def discriminant(views, sounds, width=64):
    """The `width` directions that tell labels apart best, shape [descriptors, width].

    views: standardised, shape [sounds, views, descriptors], each sound itself first. A label weighs as the square root of
    its sounds."""
    labels, label = numbered(sound.label for sound in sounds)
    _, cell = numbered(f"{sound.label}\n{sound.group}" for sound in sounds)
    itself, size = views[:, 0].astype(np.float64), views.shape[2]
    counts = np.bincount(label)
    weight = np.sqrt(counts) * label_weights(labels)
    weight[counts < 2] *= 0.3
    weight /= weight.sum()

    cells = cell.max() + 1
    label_of_cell = np.zeros(cells, int)
    label_of_cell[cell] = label
    groups = np.bincount(label_of_cell)
    cell_means = means_of(itself, cell, cells)
    group_means = means_of(cell_means, label_of_cell, len(labels))
    sound_means, among_variants = views.mean(1), np.zeros((size, size))
    for view in range(views.shape[1]):
        among_variants += scatter(views[:, view] - sound_means, np.ones(len(views)))

    alike = WITHIN_GROUP * scatter(itself - cell_means[cell], (weight / counts)[label])
    alike += BETWEEN_GROUPS * scatter(cell_means - group_means[label_of_cell],
                                      (weight * (groups > 1) / groups)[label_of_cell])
    alike += BETWEEN_VARIANTS * among_variants / (views.shape[0] * views.shape[1])
    alike += RIDGE * np.trace(alike) / size * np.eye(size)
    label_means = means_of(itself, label, len(labels))
    apart = scatter(label_means - weight @ label_means, weight)
    _, directions = scipy.linalg.eigh(apart, alike)
    directions = with_signs(directions[:, ::-1][:, :width])
    return (directions / np.sqrt(((itself @ directions) ** 2).sum(1).mean())).astype(np.float32)


def principal(rows, weights, width):
    """Weighted mean of rows, and their `width` first principal axes as columns, the strongest first."""
    mean = weights @ rows / weights.sum()
    _, axes = np.linalg.eigh(scatter((rows - mean).astype(np.float64), weights / weights.sum()))
    return mean.astype(np.float32), with_signs(axes[:, ::-1][:, :width]).astype(np.float32)
