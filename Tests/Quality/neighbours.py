#!/usr/bin/env python3
"""neighbours.py BINARIES SCORE SOUNDS... [--model NAME=MODEL]... [--held-out] [--baselines] [--by-codes] [--rerank]
                 [--count N]

How well the nearest sounds agree with labels. Each folder of SOUNDS has a labels.csv with the columns path, label, source,
group and pitch, paths being relative to it; SCORE is a module with `evaluate(rows, ranked, by, exclude)`. Every labelled
file is a query, all others are its candidates. Without --model the one that comes with timbred is measured.

--model      another model, as a file; may be given several times, all are measured on the same sounds in one run
--held-out   only the groups (kits, instruments, recordings) that Tests/Training/train.py --held-out leaves out, and no
             speakers; the model that comes with timbred has seen their labels, one that was trained so has not
--by-codes   also the plain search by codes
--rerank     also what --rerank makes of the order, and how long a question takes with it and without
--count      how many results are asked for, 10,000 unless it is given; mAP is that of as long a list
--baselines  the same for means and deviations of MFCC (librosa) and of BFCC (essentia), standardised, cosine"""

import argparse
import csv
import hashlib
import importlib.util
import os
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from private_timbred import PrivateTimbred

EXCLUSIONS = {"all": (), "other kits, soundfonts, recordings": ("group",), "other pitches": ("pitch",)}
METRICS = ("P@1", "P@5", "P@10", "mAP", "MRR")


def load(path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rankings(daemon, rows, count, **parameters):
    """{query: candidates, first to last}, by one search a file."""
    at = {row["file"]: i for i, row in enumerate(rows)}
    client, ranked = daemon.connect(), {}
    for path, i in at.items():
        answer = client.call("Similar", queries=[{"path": path}], count=count, **parameters)
        assert answer["metric"] == parameters["metric"], answer["metric"]
        ranked[i] = [at[r["path"]] for r in answer["results"] if r["path"] in at]
    client.close()
    return ranked


def show_times(daemon, rows):
    """What a question for ten results takes over the socket; with and without taking turns, so that both meet the same load."""
    client, times = daemon.connect(), {False: [], True: []}
    for row in rows[::max(1, len(rows) // 500)]:
        for rerank, taken in times.items():
            start = time.perf_counter()
            client.call("Similar", queries=[{"path": row["file"]}], rerank=rerank)
            taken.append(1000 * (time.perf_counter() - start))
    client.close()
    for rerank, taken in times.items():
        print("%-18s least %.2f ms, median %.2f ms, of %d questions" % (
            "reranked" if rerank else "by distance", min(taken), np.median(taken), len(taken)))


def show(score, name, rows, ranked):
    for what, exclude in EXCLUSIONS.items():
        result = score.evaluate(rows, ranked, "label", exclude)
        figures = "  ".join("%s %.3f [%.3f, %.3f]" % (m, *result["metrics"][m]) for m in METRICS)
        print("%-18s %-36s %s" % (name, what, figures), flush=True)


def measure(binaries, score, name, model, rows, folder, orders, count):
    if model:
        os.environ["TIMBRED_MODEL"] = model
    with PrivateTimbred(binaries) as daemon:
        daemon.toml.write_text('watch = ["%s"]\n' % folder)
        daemon.start()
        daemon.call("Sync")
        for suffix, parameters in orders.items():
            show(score, name + suffix, rows, rankings(daemon, rows, count, **parameters))
        if ", reranked" in orders:
            show_times(daemon, rows)
        assert daemon.stop() == 0
    os.environ.pop("TIMBRED_MODEL", None)


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


def is_held_out(row):
    digest = hashlib.md5(("5" + row["group"]).encode()).hexdigest()
    return int(digest[:8], 16) / 2 ** 32 < 0.25 and not row["label"].startswith("speaker")


def read_rows(folders, held_out, place):
    """The labelled files, copied to a place where there is nothing else."""
    rows = []
    for number, folder in enumerate(folders):
        for row in csv.DictReader(open(folder / "labels.csv", newline="")):
            path, copy = folder / row["path"], Path(place, str(number), row["path"])
            if row["label"] and path.exists() and (not held_out or is_held_out(row)):
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, copy)
                rows.append(row | {"file": str(copy)})
    return rows


def main():
    parser = argparse.ArgumentParser()
    for name in ("binaries", "score"):
        parser.add_argument(name)
    parser.add_argument("sounds", nargs="+")
    parser.add_argument("--model", action="append", default=[])
    for name in ("--held-out", "--baselines", "--by-codes", "--rerank"):
        parser.add_argument(name, action="store_true")
    parser.add_argument("--count", type=int, default=10000)
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        compare(a, load(a.score), read_rows([Path(sounds) for sounds in a.sounds], a.held_out, place), place)


def compare(a, score, rows, place):
    print("%d labelled files, %d labels, %d groups" % (
        len(rows), len({r["label"] for r in rows}), len({r["group"] for r in rows})), flush=True)
    orders = {"": {"metric": "timbre"}}
    if a.rerank:
        orders[", reranked"] = {"metric": "timbre", "rerank": True}
    if a.by_codes:
        orders[", codes"] = {"metric": "codes"}
    for name, model in [m.split("=", 1) for m in a.model] or [("timbre", None)]:
        measure(a.binaries, score, name, model, rows, place, orders, a.count)
    if a.baselines:
        for name, describe in (("librosa", librosa_features), ("essentia", essentia_features)):
            show(score, name, rows, cosine_ranking(np.array([describe(row["file"]) for row in rows])))


if __name__ == "__main__":
    main()
