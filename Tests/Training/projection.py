"""The last steps: what the parts have to say in 128 components, turned and scaled for bytes.

The components are principal ones, the strongest first, and then turned inside blocks by Hadamard matrices. So the first 16
and 32 of them hold most of a distance, which is what a search by prefixes lives on, while within a block no byte is
stronger than another and rounding costs least."""

import numpy as np

from discriminant import principal
from sounds import label_weights, numbered
from vector import COMPONENTS, PART, Network, unit

BLOCKS = (16, 16, 32, 64)
CLIPPED = 0.0005  # share of bytes beyond 127 among the sounds learnt from; it is twice that elsewhere
PRECISE_SHARE = 0.05


def hadamard(size):
    """Sylvester's matrix, its rows of norm 1."""
    matrix = np.ones((1, 1))
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix / np.sqrt(size)


def rotation(blocks=BLOCKS):
    turned, first = np.zeros((sum(blocks), sum(blocks))), 0
    for size in blocks:
        turned[first:first + size, first:first + size] = hadamard(size)
        first += size
    return turned.astype(np.float32)


def sound_weights(sounds):
    """A label weighs as the root of its sounds, a speaker less."""
    labels, label = numbered(sound.label for sound in sounds)
    return (np.bincount(label) ** -0.5 * label_weights(labels))[label]


def assembled(mean, deviation, linear, branches, descriptors, sounds, turn=None, precise_share=PRECISE_SHARE):
    """A network of trained parts. What it still lacks is learnt from the sounds themselves, [sounds, 410], not variants."""
    weights, turn = sound_weights(sounds), rotation() if turn is None else turn
    nothing = np.zeros((PART * (2 + len(branches)), COMPONENTS), np.float32)
    network = Network(mean, deviation, linear, branches, np.zeros_like(mean), np.zeros_like(linear), precise_share,
                      nothing[:, 0], nothing, 1.0)
    network.precise_mean, network.precise = principal(network.standardised(descriptors), np.ones(len(sounds)), PART)
    together = network.side_by_side(descriptors)
    network.projection_mean, axes = principal(together, weights, COMPONENTS)
    network.projection = axes @ turn
    components = np.abs(unit((together - network.projection_mean) @ network.projection))
    network.scale = float(np.float32(127.5 / np.quantile(components, 1 - CLIPPED)))
    return network
