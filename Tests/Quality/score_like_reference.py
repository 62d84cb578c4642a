#!/usr/bin/env python3
"""score_like_reference.py BINARIES SOUNDS LABELS SCORE

Holds `evaluate --labels LABELS` against SCORE, a plain Python implementation of the same figures, on a folder of sounds:
the figures must agree to 1e-6 on the rankings that `Similar` gives, and the intervals to what chance allows.

LABELS is a table with the columns path (below SOUNDS), label, family, group and pitch."""

import argparse
import contextlib
import importlib.util
import json
import shutil
import time

from private_timbred import Failed, PrivateTimbred

NAMES = {"P@1": "p1", "P@5": "p5", "P@10": "p10", "mAP": "map", "MRR": "mrr", "NDCG@10": "ndcg10"}
EXCLUSIONS = [[], ["group"], ["pitch"], ["group", "pitch"]]


def load(path):
    """SCORE as a module that gives its figures as they are, not rounded for people."""
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.round = lambda value, digits=None: value
    return module


def write_rankings(daemon, metric, path):
    """What the library says of each of its files, as SCORE reads it; returns how many files have no answer."""
    silent = 0
    with contextlib.closing(daemon.connect()) as client, open(path, "w") as out:
        for item in daemon.list():
            if item["state"] != "indexed":
                continue
            try:
                reply = client.call("Similar", queries=[{"path": item["path"]}], count=10_000, metric=metric)
            except Failed:
                silent += 1
                continue
            out.write(json.dumps({"query": item["path"], "results": [r["path"] for r in reply["results"]]}) + "\n")
    return silent


def compare(found, expected, chance):
    """The greatest difference of a figure, and of an interval's end over the interval's width."""
    assert found["queries"] == expected["queries"] and found["labels"] == expected["labels"], (found, expected)
    assert found["skipped"] == expected["skipped"] and found["silent"] == expected["missing"], (found, expected)
    per_label = {line["label"]: line for line in found["per_label"]}
    assert per_label.keys() == expected["per_label"].keys()
    worst = [line["p10"] for line in found["per_label"]]
    assert worst == sorted(worst)
    pairs = [(found["chance"], chance), (found["best_p5"], expected["best_P@5"]), (found["best_p10"], expected["best_P@10"])]
    ends = []
    for name, key in NAMES.items():
        value, low, high = expected["metrics"][name]
        figure = found["metrics"][key]
        pairs.append((figure["value"], value))
        ends += [abs(figure["low"] - low) / (high - low), abs(figure["high"] - high) / (high - low)]
        pairs += [(line[key], expected["per_label"][label][name]) for label, line in per_label.items()]
    return max(abs(a - b) for a, b in pairs), max(ends), len(pairs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("labels")
    parser.add_argument("score")
    parser.add_argument("--metric", default="codes")
    a = parser.parse_args()
    score = load(a.score)
    rows = score.read_rows(a.labels)
    with PrivateTimbred(a.binaries) as daemon:
        shutil.copytree(a.sounds, daemon.folder, dirs_exist_ok=True)
        daemon.start()
        daemon.call("Sync")
        results = daemon.place / "results.jsonl"
        silent = write_rankings(daemon, a.metric, results)
        ranked, unknown_queries, unknown_results = score.read_results(results, rows)
        print("%d rankings, %d files without one; %d queries and %d results without a label" % (
            len(ranked), silent, unknown_queries, unknown_results))
        for column in ("label", "family"):
            for exclude in EXCLUSIONS:
                start = time.monotonic()
                found = daemon.ctl_json(
                    "evaluate", "--labels", a.labels, "--root", str(daemon.folder), "--by", column, "--metric", a.metric,
                    *(x for name in exclude for x in ("--exclude-same", name)))
                seconds = time.monotonic() - start
                assert found["unknown"] == 0 and found["files"] == len(rows), found
                expected = score.evaluate(rows, ranked, column, exclude)
                difference, end, count = compare(found, expected, score.chance(rows, column, exclude))
                print("by %s%s: %s; %d figures differ by %.1e at most, ends of intervals by %.0f %% of their width; %.1f s" % (
                    column, ", other %s only" % " and ".join(exclude) if exclude else "",
                    ", ".join("%s %.4f [%.4f, %.4f]" % (name, *(found["metrics"][key][k] for k in ("value", "low", "high")))
                              for name, key in [("P@1", "p1"), ("P@10", "p10"), ("mAP", "map")]),
                    count, difference, 100 * end, seconds))
                assert difference < 1e-6 and end < 0.2


if __name__ == "__main__":
    main()
