"""From 410 descriptors to the vector of a sound, in plain numpy: the mathematics of the product, without its speed.

    z        = clip((descriptors - mean) / deviation, -6, 6)
    linear   = unit(z linear)                                          a discriminant analysis
    branch   = unit(z bypass + 0.5 (relu(norm(z hidden + bias) gain + offset) output + bias))
    precise  = unit((z - precise_mean) precise)                        principal components, which know no labels
    side by side: linear, each branch / sqrt(branches), precise sqrt(precise_share)
    vector   = unit((side by side - projection_mean) projection), times scale, rounded to -127...127

norm is layer normalisation [1] over the hidden units, with 1e-5 added to the variance. All parts are 64 wide; the vector
has 128 components. Two vectors are compared by Euclidean distance, divided by scale: from 0 to 2, whatever the scale.

Sources
 [1] J. L. Ba, J. R. Kiros, G. E. Hinton, "Layer normalization", arXiv:1607.06450 (2016)
"""

from dataclasses import dataclass

import numpy as np

DESCRIPTORS = 410
PART = 64
COMPONENTS = 128
LIMIT = 6.0


def unit(rows):
    """Rows divided by their norms; a row of zeros stays one."""
    return rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)


def distances(vectors, others=None):
    """Euclidean distances between rows, shape [vectors, others], in the unit of the rows."""
    vectors = np.asarray(vectors, np.float32)
    others = vectors if others is None else np.asarray(others, np.float32)
    squares = (vectors**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * vectors @ others.T
    return np.sqrt(np.maximum(squares, 0))


@dataclass
class Branch:
    """A net of one hidden layer beside a linear path."""

    hidden: np.ndarray  # [410, units]
    hidden_bias: np.ndarray  # [units]
    gain: np.ndarray  # [units]
    offset: np.ndarray  # [units]
    output: np.ndarray  # [units, 64]
    output_bias: np.ndarray  # [64]
    bypass: np.ndarray  # [410, 64]

    def __call__(self, z):
        """Unit vectors, shape [sounds, 64], of standardised descriptors."""
        hidden = z @ self.hidden + self.hidden_bias
        hidden -= hidden.mean(1, keepdims=True)
        hidden /= np.sqrt((hidden**2).mean(1, keepdims=True) + 1e-5)
        hidden = np.maximum(hidden * self.gain + self.offset, 0)
        return unit(z @ self.bypass + 0.5 * (hidden @ self.output + self.output_bias))


@dataclass
class Network:
    """All that makes a vector of descriptors. Matrices are float32, of values that float16 can hold."""

    mean: np.ndarray  # [410]
    deviation: np.ndarray  # [410]
    linear: np.ndarray  # [410, 64]
    branches: list
    precise_mean: np.ndarray  # [410]
    precise: np.ndarray  # [410, 64]
    precise_share: float
    projection_mean: np.ndarray  # [64 (2 + branches)]
    projection: np.ndarray  # [64 (2 + branches), 128]
    scale: float

    def standardised(self, descriptors):
        return np.clip((np.asarray(descriptors, np.float32) - self.mean) / self.deviation, -LIMIT, LIMIT)

    def side_by_side(self, descriptors):
        """The parts before the last projection, shape [sounds, 64 (2 + branches)]."""
        z = self.standardised(descriptors)
        parts = [unit(z @ self.linear)]
        parts += [branch(z) / np.sqrt(np.float32(len(self.branches))) for branch in self.branches]
        parts += [unit((z - self.precise_mean) @ self.precise) * np.sqrt(np.float32(self.precise_share))]
        return np.concatenate(parts, 1)

    def unrounded(self, descriptors):
        """Unit vectors, shape [sounds, 128]."""
        return unit((self.side_by_side(descriptors) - self.projection_mean) @ self.projection)

    def __call__(self, descriptors):
        """Vectors as they are stored, int8, shape [sounds, 128]."""
        return np.clip(np.rint(self.unrounded(descriptors) * self.scale), -127, 127).astype(np.int8)

    def multiplications(self):
        """How many multiplications a vector takes."""
        matrices = [self.linear, self.precise, self.projection]
        for branch in self.branches:
            matrices += [branch.hidden, branch.output, branch.bypass]
        return sum(matrix.size for matrix in matrices)
