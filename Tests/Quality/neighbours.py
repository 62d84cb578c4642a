#!/usr/bin/env python3
"""neighbours.py BINARIES SOUNDS LABELS SCORE [--baselines] [--cross] [--model MODEL]

How well the nearest sounds agree with labels. LABELS is a table with the columns path, label, source, group and pitch,
paths being relative to SOUNDS; SCORE is a module with `evaluate(rows, ranked, by, exclude)`. Every labelled file is a
query, all others are its candidates.

--baselines  the same for means and deviations of MFCC (librosa) and of BFCC (essentia), standardised, cosine
--cross      the same, with the model learnt from the folders' names of some sources and measured on the others, three
             times over; without it the model that comes with timbred has seen the labels of its own sounds"""

import argparse
import csv
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

import numpy as np

from private_timbred import PrivateTimbred

EXCLUSIONS = {"all": (), "other kits, soundfonts, recordings": ("group",), "other pitches": ("pitch",)}
METRICS = ("P@1", "P@5", "P@10", "mAP", "MRR")

# What was shown: {(method, question): the figures of each part}.
shown = {}


def load(path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rankings(daemon, rows, root, metric):
    """{query: candidates, nearest first}, by one search a file."""
    at = {str(root / row["path"]): i for i, row in enumerate(rows)}
    client, ranked = daemon.connect(), {}
    for path, i in at.items():
        answer = client.call("Similar", queries=[{"path": path}], count=10000, metric=metric)
        assert answer["metric"] == metric, answer["metric"]
        ranked[i] = [at[r["path"]] for r in answer["results"] if r["path"] in at]
    client.close()
    return ranked


def show(score, name, rows, ranked):
    for what, exclude in EXCLUSIONS.items():
        result = score.evaluate(rows, ranked, "label", exclude)
        figures = "  ".join("%s %.3f [%.3f, %.3f]" % (m, *result["metrics"][m]) for m in METRICS)
        print("%-18s %-36s %s" % (name, what, figures), flush=True)
        shown.setdefault((name.split(": ")[-1], what), []).append([result["metrics"][m][0] for m in METRICS])


def watch(daemon, folders):
    daemon.toml.write_text("watch = [%s]\n" % ", ".join('"%s"' % f for f in folders))


def measure(binaries, score, name, rows, root):
    with PrivateTimbred(binaries) as daemon:
        watch(daemon, [root])
        daemon.start()
        daemon.call("Sync")
        for metric in ("codes", "timbre"):
            show(score, name + metric, rows, rankings(daemon, rows, root, metric))
        assert daemon.stop() == 0


def show_baselines(score, part, rows, features):
    for name, values in features.items():
        show(score, part + name, rows, cosine_ranking(np.array([values[row["path"]] for row in rows])))


def show_means():
    for (name, what), parts in shown.items():
        figures = "  ".join("%s %.3f" % pair for pair in zip(METRICS, np.mean(parts, 0)))
        print("%-18s %-36s %s" % ("mean of parts: " + name, what, figures))


def cosine_ranking(features):
    x = (features - features.mean(0)) / np.maximum(features.std(0), 1e-9)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    similarity = x @ x.T
    np.fill_diagonal(similarity, -2)
    order = np.argsort(-similarity, axis=1, kind="stable")[:, :-1]
    return {i: list(order[i]) for i in range(len(x))}


def librosa_features(path):
    import librosa
    y, rate = librosa.load(path, sr=22050)
    mfcc = librosa.feature.mfcc(y=np.pad(y, (0, max(0, 2048 - len(y)))), sr=rate, n_mfcc=20)
    return np.r_[mfcc.mean(1), mfcc.std(1)]


def essentia_features(path):
    import essentia
    import essentia.standard as es
    import librosa
    essentia.log.infoActive = essentia.log.warningActive = False
    y, _ = librosa.load(path, sr=22050)
    window, spectrum = es.Windowing(type="hann"), es.Spectrum()
    bfcc = es.BFCC(sampleRate=22050, highFrequencyBound=11025, inputSize=513)
    frames = [bfcc(spectrum(window(frame)))[1] for frame in es.FrameGenerator(y.astype(np.float32), 1024, 512)]
    return np.r_[np.mean(frames, 0), np.std(frames, 0)]


def folds(rows, count=3):
    """Sources, divided so that each part has about as many files."""
    sizes = {}
    for row in rows:
        sizes[row["source"]] = sizes.get(row["source"], 0) + 1
    parts = [[] for _ in range(count)]
    for source in sorted(sizes, key=lambda s: (-sizes[s], s)):
        min(parts, key=lambda part: sum(sizes[s] for s in part)).append(source)
    return parts


def cross(binaries, score, rows, root, features):
    shown.clear()
    for number, sources in enumerate(folds(rows)):
        with tempfile.TemporaryDirectory() as place:
            seen, unseen = Path(place, "seen"), Path(place, "unseen")
            for row in rows:
                copy = (unseen if row["source"] in sources else seen) / row["path"]
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(root / row["path"], copy)
            with PrivateTimbred(binaries) as daemon:
                watch(daemon, [seen])
                daemon.start()
                daemon.call("Sync")
                daemon.call("Retrain", wait=True, labels="folder", force=True)
                model = Path(place, "model.json")
                model.write_text(daemon.call("ExportModel")["document"])
                assert daemon.stop() == 0
            os.environ["TIMBRED_MODEL"] = str(model)
            part, others = "part %d: " % (number + 1), [r for r in rows if r["source"] in sources]
            measure(binaries, score, part, others, unseen)
            show_baselines(score, part, others, features)
            del os.environ["TIMBRED_MODEL"]
    show_means()


def main():
    parser = argparse.ArgumentParser()
    for name in ("binaries", "sounds", "labels", "score"):
        parser.add_argument(name)
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--cross", action="store_true")
    parser.add_argument("--model")
    a = parser.parse_args()
    score, root = load(a.score), Path(a.sounds).resolve()
    rows = [row for row in csv.DictReader(open(a.labels, newline="")) if (root / row["path"]).exists()]
    print("%d labelled files" % len(rows), flush=True)
    if a.model:
        os.environ["TIMBRED_MODEL"] = a.model
    measure(a.binaries, score, "", rows, root)
    features = {}
    if a.baselines:
        for name, describe in (("librosa", librosa_features), ("essentia", essentia_features)):
            features[name] = {row["path"]: describe(root / row["path"]) for row in rows}
        show_baselines(score, "", rows, features)
    if a.cross:
        os.environ.pop("TIMBRED_MODEL", None)
        cross(a.binaries, score, rows, root, features)


if __name__ == "__main__":
    main()
