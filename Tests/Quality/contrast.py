#!/usr/bin/env python3
"""contrast.py BINARIES [SOUNDS...] [--queries N] [--seed N]

What contrasts such as --darker keep and change, and how often a pitch is right. Each folder of SOUNDS has a labels.csv with
the columns path, label and pitch (a MIDI number, where there is one), paths being relative to it. Without SOUNDS there is
nothing to measure, which is no failure.

For each contrast N queries are drawn among the sounds that have what it needs and for which ten sounds of their own label
lie in that direction, as otherwise no answer could keep the label. Told are the share of the first ten results that are
beyond the query, and the share that has its label; beside it that of the ten that are nearest by distance, which the order
must not be worse than in the mean; that of plain `similar`; and that of plain `similar` where as many sounds of the label are
left out at random as the contrast leaves out: what is lost to having fewer to choose from."""

import argparse
import csv
import math
import random
from collections import Counter
from pathlib import Path

from private_timbred import PrivateTimbred

# The figure that each contrast compares, whether results have more of it, and how far beyond the query they must be.
CONTRASTS = {
    "darker": ("brightness", -1, 1.05), "brighter": ("brightness", 1, 1.05), "shorter": ("length", -1, 1.1),
    "longer": ("length", 1, 1.1), "noisier": ("noisiness", 1, 0.05), "purer": ("noisiness", -1, 0.05),
    "softer_attack": ("attack", 1, 1.25), "harder_attack": ("attack", -1, 1.25), "lower": ("pitch", -1, 2 ** (1 / 12)),
    "higher": ("pitch", 1, 2 ** (1 / 12)),
}
UNPITCHED = set("hihat_closed hihat_open hihat_half hihat_pedal snare crash ride splash china clap shaker cabasa tambourine "
                "snap white_noise pink_noise rain wind sea_waves fire fire_crackling vinyl_noise storm".split())
# Labels of which some sounds have a key on the keyboard, but no pitch.
KEYED = {"kick", "rimshot"}
# Rounding to steps of a cent, and of a ten-thousandth.
SLACK = 1.002


def is_beyond(contrast, figures, query):
    figure, sign, amount = CONTRASTS[contrast]
    a, b = figures.get(figure), query.get(figure)
    if a is None or b is None:
        return False
    if figure == "noisiness":
        return sign * (a - b) >= amount - 0.0002
    return (a / b) ** sign >= amount / SLACK


def labelled(folder):
    with open(folder / "labels.csv", newline="") as table:
        for row in csv.DictReader(table):
            yield str(folder / row["path"]), row


def compare(client, rows, queries, seed):
    by_label = Counter(row["label"] for row in rows.values())
    print("%-14s %7s %8s %7s %12s %7s %6s %8s" % (
        "contrast", "queries", "beyond", "label", "by distance", "plain", "of it", "as many"))
    failed, gains = [], []
    for contrast in CONTRASTS:
        dice = random.Random("%s %s" % (seed, contrast))
        paths = sorted(rows)
        dice.shuffle(paths)
        done, beyond, kept, nearby, plain, thinned, count = 0, 0, 0, 0, 0, 0, 0
        for path in paths:
            if done == queries:
                break
            own = rows[path]
            if by_label[own["label"]] <= 10 or CONTRASTS[contrast][0] not in own["figures"]:
                continue
            same = [p for p, row in rows.items() if row["label"] == own["label"] and p != path]
            there = [p for p in same if is_beyond(contrast, rows[p]["figures"], own["figures"])]
            if len(there) < 10:
                continue
            query = [{"path": path}]
            ordered = client.call("Similar", queries=query, count=200, contrasts=[{"direction": contrast}])["results"]
            found, by_distance = ordered[:10], sorted(ordered, key=lambda r: r["distance"])[:10]
            done += 1
            count += len(found)
            beyond += sum(is_beyond(contrast, r["figures"], own["figures"]) for r in found)
            kept += sum(r["path"] in rows and rows[r["path"]]["label"] == own["label"] for r in found)
            nearby += sum(r["path"] in rows and rows[r["path"]]["label"] == own["label"] for r in by_distance)
            answer = client.call("Similar", queries=query, count=200)["results"]
            nearest = [r["path"] for r in answer if r["path"] in rows]
            plain += sum(rows[p]["label"] == own["label"] for p in nearest[:10])
            # The same share of its own label, and of the others, as the contrast leaves: but any of them.
            share = {True: len(there) / len(same)}
            others = [p for p, row in rows.items() if row["label"] != own["label"]]
            share[False] = sum(is_beyond(contrast, rows[p]["figures"], own["figures"]) for p in others) / len(others)
            left = [p for p in nearest if dice.random() < share[rows[p]["label"] == own["label"]]][:10]
            thinned += sum(rows[p]["label"] == own["label"] for p in left)
        if not done:
            print("%-14s none to ask with" % contrast)
            continue
        beyond, kept, nearby = (part / max(count, 1) for part in (beyond, kept, nearby))
        plain, thinned = plain / (10 * done), thinned / (10 * done)
        print("%-14s %7d %7.1f%% %6.1f%% %11.1f%% %6.1f%% %5.0f%% %7.1f%%" % (
            contrast, done, 100 * beyond, 100 * kept, 100 * nearby, 100 * plain, 100 * kept / max(plain, 1e-9),
            100 * thinned), flush=True)
        gains.append(kept - nearby)
        if beyond < 0.95:
            failed.append("%s: only %.1f %% are beyond the query" % (contrast, 100 * beyond))
    if gains:
        gain = 100 * sum(gains) / len(gains)
        print("%.1f points more than by distance, in the mean" % gain)
        if gain <= 0:
            failed.append("the order by shared neighbours keeps the label no better than that of distance: %.1f points" % gain)
    return failed


def pitches(name, rows):
    pitched = [row for row in rows if row["pitch"] and row["label"] not in UNPITCHED | KEYED]
    others = [row for row in rows if row["label"] in UNPITCHED]
    off = Counter()
    for row in pitched:
        pitch = row["figures"].get("pitch")
        if pitch is None:
            continue
        semitones = 12 * math.log2(pitch / 440) + 69 - float(row["pitch"])
        octaves = round(semitones / 12)
        off["right" if abs(semitones) <= 0.5 else "octave" if abs(semitones - 12 * octaves) <= 0.5 else "other"] += 1
    said = sum(off.values())
    if pitched and said:
        print("%s: pitched %d, said of %.1f %%; of these within half a semitone %.1f %%, an octave or more off %.1f %%, "
              "else wrong %.1f %%" % (name, len(pitched), 100 * said / len(pitched),
                                      *(100 * off[k] / said for k in ("right", "octave", "other"))))
    if others:
        print("%s: noises, cymbals and snares %d, a pitch said of %.1f %%" % (
            name, len(others), 100 * sum("pitch" in row["figures"] for row in others) / len(others)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("binaries")
    parser.add_argument("sounds", nargs="*", type=Path)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", default="1")
    options = parser.parse_args()
    folders = [folder.resolve() for folder in options.sounds if (folder / "labels.csv").is_file()]
    if not folders:
        print("contrast.py: nothing to measure: no folder with a labels.csv was named, or is there")
        return
    watched = ", ".join('"%s"' % folder for folder in folders)
    with PrivateTimbred(options.binaries) as daemon:
        daemon.toml.write_text("watch = [%s]\n" % watched)
        daemon.start()
        daemon.call("Sync")
        figures = {item["path"]: item.get("figures") for item in daemon.list()}
        every = {}
        for folder in folders:
            own = {path: {**row, "figures": figures[path]} for path, row in labelled(folder) if figures.get(path)}
            pitches(folder.name, own.values())
            every.update(own)
        client = daemon.connect()
        failed = compare(client, every, options.queries, options.seed)
        client.close()
        assert daemon.stop() == 0
    if failed:
        raise SystemExit("\n".join(failed))


if __name__ == "__main__":
    main()
