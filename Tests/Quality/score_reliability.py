#!/usr/bin/env python3
"""score_reliability.py BINARIES MODEL SOUNDS... [--limit 0.49]

Whether the score of `timbrectl similar` is what it says: the probability that two sounds are of one kind. Each folder of
SOUNDS has a labels.csv, as for neighbours.py; only the groups are searched that Tests/Training/train.py --held-out leaves
out, and MODEL is one that was trained so. Of the first ten results of each query it prints, for each range of scores, the
mean score and the share that has the query's label, and the expected calibration error; the same error in small
libraries, which are one family or one group of the sounds. Then how often the best score lies below the limit, so that
nothing is said to be near: of queries whose kind is in the library, and of those whose kind is not, their label's other
sounds being passed over. All labels weigh the same."""

import argparse
import os
import tempfile
from pathlib import Path

import numpy as np

from neighbours import read_rows
from private_timbred import PrivateTimbred

EDGES = np.array([0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0001])
FEWEST = 60


def answers(binaries, model, rows, place):
    """{query: [(result, score)]}, nearest first."""
    at, found = {row["file"]: i for i, row in enumerate(rows)}, {}
    os.environ["TIMBRED_MODEL"] = model
    with PrivateTimbred(binaries) as daemon:
        daemon.toml.write_text('watch = ["%s"]\n' % place)
        daemon.start()
        daemon.call("Sync")
        client = daemon.connect()
        for path, i in at.items():
            results = client.call("Similar", queries=[{"path": path}], count=10000, metric="timbre")["results"]
            found[i] = [(at[r["path"]], r["score"]) for r in results if r["path"] in at]
        client.close()
        assert daemon.stop() == 0
    return found


def macro_weights(labels):
    """One weight a query, so that all labels weigh the same."""
    counts = {label: labels.count(label) for label in set(labels)}
    return np.array([1 / counts[label] / len(counts) for label in labels])


def reliability(rows, found, members, depth=10):
    """(error, [(from, share, mean score, share of one label)]) of the first results among the members."""
    inside, scores, same, queries = set(members), [], [], []
    for i in members:
        for j, score in [r for r in found[i] if r[0] in inside][:depth]:
            scores.append(score)
            same.append(rows[i]["label"] == rows[j]["label"])
            queries.append(rows[i]["label"])
    scores, same, weights = np.array(scores), np.array(same, float), macro_weights(queries)
    table = []
    for low, high in zip(EDGES, EDGES[1:]):
        part = (scores >= low) & (scores < high)
        if part.any():
            share = weights[part].sum()
            table.append((low, share, (weights * scores)[part].sum() / share, (weights * same)[part].sum() / share))
    return sum(share * abs(score - true) for _, share, score, true in table), table


def small_libraries(rows):
    """{name: members} of the families and the groups that have enough sounds of several labels."""
    libraries = {}
    for i, row in enumerate(rows):
        for column in ("family", "group"):
            libraries.setdefault("%s %s" % (column, row[column]), []).append(i)
    return {name: members for name, members in sorted(libraries.items())
            if len(members) >= FEWEST and len({rows[i]["label"] for i in members}) > 1}


def best_scores(rows, found):
    """(labels, best score of any result, best score of a result of another label) of queries that have others."""
    counts = [row["label"] for row in rows]
    queries = [i for i, row in enumerate(rows) if counts.count(row["label"]) > 1]
    best = lambda i, keep: max([s for j, s in found[i] if keep(rows[j]["label"])], default=0)  # noqa: E731
    return ([rows[i]["label"] for i in queries], np.array([best(i, lambda label: True) for i in queries]),
            np.array([best(i, lambda label, own=rows[i]["label"]: label != own) for i in queries]))


def main():
    parser = argparse.ArgumentParser()
    for name in ("binaries", "model"):
        parser.add_argument(name)
    parser.add_argument("sounds", nargs="+")
    parser.add_argument("--limit", type=float, default=0.49)
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        rows = read_rows([Path(sounds) for sounds in a.sounds], True, place)
        found = answers(a.binaries, a.model, rows, place)
    error, table = reliability(rows, found, range(len(rows)))
    print("%d sounds: expected calibration error %.3f" % (len(rows), error))
    for line in table:
        print("  from %.2f: %4.1f %% of results, score %.3f, of one label %.3f" % (
            line[0], 100 * line[1], line[2], line[3]))
    for name, members in small_libraries(rows).items():
        print("  %-40s %4d sounds: %.3f" % (name, len(members), reliability(rows, found, members)[0]))
    labels, with_kind, without_kind = best_scores(rows, found)
    weights = macro_weights(labels)
    for limit in sorted({0.3, 0.4, 0.45, 0.5, 0.6, a.limit}):
        print("nothing near below %.2f: %.3f of queries whose kind is not there, %.3f of those whose kind is" % (
            limit, weights[without_kind < limit].sum(), weights[with_kind < limit].sum()))


if __name__ == "__main__":
    main()
