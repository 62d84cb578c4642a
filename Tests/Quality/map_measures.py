"""How well a map keeps what timbre vectors say: all figures are between 0 and 1, and more is better."""

import sqlite3
import struct

import numpy as np


def vectors(database):
    """The first 128 bytes of what the model in use makes of each file, by path; files in which nothing sounds have none."""
    found = {}
    with sqlite3.connect("file:%s?mode=ro" % database, uri=True) as catalog:
        for directory, name, data in catalog.execute(
                "SELECT directory.path, file.name, code.vectors FROM file JOIN directory ON directory.id = file.directory "
                "JOIN code ON code.content = file.content "
                "AND code.model = (SELECT value FROM setting WHERE name = 'model') WHERE file.state = 1"):
            if len(data) >= 128:
                found[directory + b"/" + name] = np.frombuffer(data[:128], np.int8).astype(np.float32)
    return found


def points(replies):
    """Where files lie, by path, from the replies of Map with paths."""
    found = {}
    for reply in replies:
        data = np.frombuffer(_bytes(reply["points"]), np.dtype([("id", "<i8"), ("x", "<i2"), ("y", "<i2"), ("folder", "<u4")]))
        for row, path in zip(data, reply["paths"]):
            found[_path(path)] = (int(row["x"]), int(row["y"]))
    return found


def _bytes(text):
    import base64
    return base64.b64decode(text)


def _path(item):
    import os
    return _bytes(item["path_bytes"]) if "path_bytes" in item else os.fsencode(item["path"])


def nearest(known, count, asked=None):
    """The places of the nearest of the known points, nearest first, for each that is asked for; without itself if these are
    the known ones."""
    own = asked is None
    asked = known if own else asked
    squares, rows = (known * known).sum(1), []
    for start in range(0, len(asked), 512):
        part = asked[start:start + 512]
        distances = squares - 2 * part @ known.T
        if own:
            distances[np.arange(len(part)), np.arange(start, start + len(part))] = np.inf
        found = np.argpartition(distances, count, 1)[:, :count]
        order = np.argsort(np.take_along_axis(distances, found, 1), 1, kind="stable")
        rows.append(np.take_along_axis(found, order, 1))
    return np.vstack(rows)


def trust(space, plane, count=12):
    """Trustworthiness: how near in space those are that are near on the plane. J. Venna and S. Kaski (2001)."""
    total, found, squares, penalty = len(space), nearest(plane, count), (space * space).sum(1), 0
    for start in range(0, total, 256):
        distances = squares - 2 * space[start:start + 256] @ space.T
        distances[np.arange(len(distances)), np.arange(start, start + len(distances))] = -np.inf
        ranks = np.argsort(np.argsort(distances, 1), 1)
        penalty += np.maximum(0, np.take_along_axis(ranks, found[start:start + 256], 1) - count).sum()
    return 1 - 2 / (total * count * (2 * total - 3 * count - 1)) * penalty


def recall(a, b):
    """The share of the neighbours in one list that are in the other."""
    return float(np.mean([len(set(x) & set(y)) / len(x) for x, y in zip(a, b)]))


def first(neighbours, labels, own):
    """How often the nearest has the same label; each label counts the same."""
    return _by_label(labels[neighbours[:, 0]] == own, own)


def vote(neighbours, labels, own):
    """How often most of the five nearest, or the nearest of the labels that are as frequent, have the same label."""
    right = []
    for row, label in zip(labels[neighbours[:, :5]], own):
        names, counts = np.unique(row, return_counts=True)
        most = set(names[counts == counts.max()])
        right.append(next(name for name in row if name in most) == label)
    return _by_label(np.array(right), own)


def _by_label(right, labels):
    return float(np.mean([right[labels == label].mean() for label in np.unique(labels)]))
