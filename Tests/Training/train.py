#!/usr/bin/env python3
"""train.py BINARIES OUT.json SOUNDS... --base MODEL.json --work DIR [--held-out] [--jobs N]

Learns the model's timbre vector from labelled sounds. SOUNDS are folders, each with a labels.csv; BINARIES holds
timbre-extract; MODEL.json is a model file whose codes are kept; DIR keeps what takes long, features and variants.

It trains twice: without a quarter of the groups, to see how good the vector is on sounds of other sources and to fit the
score on them; then on all. --held-out stops after the first and writes that model, for report.py. The same sounds and
seeds give the same model, bit for bit, on one machine."""

import argparse
import json
import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

# One thread to a matrix product: sums are always added in the same order.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import numpy as np

import views as view_maker
from batches import SHARES
from calibration import fitted, reference_vectors
from discriminant import discriminant
from libraries import library, small_libraries
from measures import table
from networks import Plan, train_branch
from projection import assembled
from reliability import reliability
from sounds import read_sounds
from vector import LIMIT
from write_model import halved, write_model

LEARNT_FROM = [view for view in view_maker.VIEWS if view.split()[0] in SHARES]
STANDARDISED_BY = [LEARNT_FROM.index(view) for view in ("itself", "varied 3", "coded")]


class Training:
    """A network under way: its branches are trained by the processes of a pool."""

    def __init__(self, views, sounds, plan, seeds, pool):
        """views: descriptors, float16 [sounds, views, 410], in the order of LEARNT_FROM."""
        seen = views[:, STANDARDISED_BY].astype(np.float32)
        self.mean, self.deviation = seen.mean((0, 1)), seen.std((0, 1)) + 1e-4
        self.descriptors, self.sounds = views[:, 0], sounds
        standardised = np.clip((views.astype(np.float32) - self.mean) / self.deviation, -LIMIT, LIMIT)
        self.linear = discriminant(standardised, sounds)
        self.branches = [pool.submit(train_branch, views, sounds, self.mean, self.deviation, self.linear, LEARNT_FROM,
                                     seed, plan) for seed in seeds]

    def network(self):
        """Waits for the branches."""
        branches = [branch.result() for branch in self.branches]
        return halved(assembled(self.mean, self.deviation, self.linear, branches, self.descriptors, self.sounds))

    def reference(self, network):
        return reference_vectors(network(self.descriptors), self.sounds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binaries", type=Path)
    parser.add_argument("out")
    parser.add_argument("sounds", nargs="+")
    parser.add_argument("--base", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--branches", type=int, default=1)
    parser.add_argument("--hidden", type=int, default=1024)
    parser.add_argument("--steps", type=int, default=2000)
    a = parser.parse_args()
    begun = time.monotonic()

    def note(text):
        print(f"{time.monotonic() - begun:6.0f} s  {text}", flush=True)

    views, sounds = view_maker.load(a.binaries / "timbre-extract", read_sounds(a.sounds), a.work, a.jobs, LEARNT_FROM)
    note(f"{len(sounds)} sounds of {len({s.label for s in sounds})} labels and {len({s.group for s in sounds})} groups")
    plan, seeds = Plan(hidden=a.hidden, steps=a.steps), range(a.branches)
    out = np.array([sound.is_held_out for sound in sounds])
    unseen = np.array([sound.is_held_out and not sound.is_speaker for sound in sounds])
    others = [sound for sound in sounds if sound.is_held_out and not sound.is_speaker]

    with ProcessPoolExecutor(a.jobs, get_context("spawn")) as pool:
        part = Training(views[~out], [sound for sound in sounds if not sound.is_held_out], plan, seeds, pool)
        whole = None if a.held_out else Training(views, sounds, plan, seeds, pool)
        note("discriminant analysis: done")
        network = part.network()
        every = library(network(views[unseen, 0]), others, network.scale)
        note(f"trained without a quarter of the groups; on {len(others)} sounds of these:")
        print("\n".join(table(every.d, others)), flush=True)
        score = fitted(part.reference(network), network.scale, every, [one for _, one in small_libraries(every, others)])
        note(f"score: expected calibration error {reliability(score, every)[0]:.3f}")
        if whole:
            network = whole.network()
            score.reference, score.scale = whole.reference(network), network.scale
            note("trained on all")
    with open(a.base) as file:
        base = json.load(file)
    provenance = {"sounds": len(sounds), "views": len(LEARNT_FROM), "steps": a.steps, "held_out": a.held_out}
    write_model(a.out, base, network, score, provenance)
    note(f"written: {a.out}, {os.path.getsize(a.out)} bytes, {network.multiplications()} multiplications a vector")


if __name__ == "__main__":
    main()
