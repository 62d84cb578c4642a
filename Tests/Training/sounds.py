"""The labelled sounds: folders that each hold a labels.csv (path, label, family, group, pitch, ...).

A group is one kit, one instrument or one speaker, as one microphone heard it. What is chosen is chosen on groups that
nothing was learnt from, because a search that only finds a sound's own kit has found the room."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HELD_OUT = 0.25
SPEAKER_WEIGHT = 0.25  # voices say little of how instruments differ, and there are many of them


@dataclass
class Sound:
    path: Path
    label: str
    family: str
    group: str
    pitch: str

    @property
    def is_speaker(self):
        return self.label.startswith("speaker")

    @property
    def is_held_out(self):
        """One group in four, always the same ones."""
        digest = hashlib.md5(("5" + self.group).encode()).hexdigest()
        return int(digest[:8], 16) / 2**32 < HELD_OUT


def read_sounds(folders):
    sounds = []
    for folder in map(Path, folders):
        with open(folder / "labels.csv", newline="") as file:
            sounds += [Sound(folder / row["path"], row["label"], row["family"], row["group"], row["pitch"])
                       for row in csv.DictReader(file) if row["label"]]
    return sounds


def numbered(names):
    """The distinct names in order, and which one each is."""
    return np.unique(np.array(list(names)), return_inverse=True)


def label_weights(labels):
    return np.array([SPEAKER_WEIGHT if label.startswith("speaker") else 1.0 for label in labels])
