"""Which sounds a net sees together: forty labels, six sounds of each, from several groups where there are such."""

import numpy as np

from sounds import label_weights, numbered

LABELS = 40
SOUNDS = 6
SHARES = {"itself": 0.25, "varied": 0.5, "coded": 0.125, "tail": 0.125}  # how often a view of a kind is taken


class Batches:
    """Batches without end; the same seed gives the same ones. A label comes as often as the root of its sounds."""

    def __init__(self, sounds, seed, views, shares=SHARES):
        self.random = np.random.default_rng(seed)
        labels, label = numbered(sound.label for sound in sounds)
        _, group = numbered(sound.group for sound in sounds)
        self.members = [[np.flatnonzero((label == n) & (group == g)) for g in np.unique(group[label == n])]
                        for n in range(len(labels))]
        chance = np.sqrt(np.bincount(label)) * label_weights(labels)
        self.chance = chance / chance.sum()
        kinds = [view.split()[0] for view in views]
        shares = np.array([shares.get(kind, 0.0) / kinds.count(kind) for kind in kinds])
        self.shares = shares / shares.sum()

    def groups(self, count):
        """Two sounds of each of three groups, if there are three; else all groups in turn."""
        order = self.random.permutation(count)
        chosen = np.repeat(order, 2)[:SOUNDS]
        while len(chosen) < SOUNDS:
            chosen = np.concatenate([chosen, self.random.permutation(count)[:SOUNDS - len(chosen)]])
        return chosen

    def next(self):
        """Indices of sounds and of their views, each of shape [240]."""
        count = min(LABELS, len(self.members))
        sounds = []
        for label in self.random.choice(len(self.members), count, replace=False, p=self.chance):
            for group in self.groups(len(self.members[label])):
                members = self.members[label][group]
                sounds.append(members[self.random.integers(len(members))])
        return np.array(sounds), self.random.choice(len(self.shares), len(sounds), p=self.shares)
