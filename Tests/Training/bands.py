"""The bands of recordings, as the store keeps them: computed by the project's own timbre-extract, then quantised.

levels: uint8 [frames, 100], strongest: float32 [frames]; see heard.py. What was extracted once is kept by content."""

import hashlib
import json
import os
import subprocess
from multiprocessing.pool import ThreadPool
from pathlib import Path

import numpy as np

BANDS = 100
FRAME_RATE = 22050 / 512
LONGEST = 301  # frames, seven seconds: as much of a sound as training listens to

READ = 1 << 18  # bytes


class ExtractionError(Exception):
    """timbre-extract could not read a file; its own words."""


def quantised(amplitudes, silent):
    """What the store keeps of band amplitudes, shape [frames, 100]; `silent` are the indices of silent frames."""
    strongest = amplitudes.max(1)
    strongest[silent] = 0
    ratio = np.maximum(amplitudes, 1e-30) / np.maximum(strongest, 1e-30)[:, None]
    levels = np.clip(np.rint(255 + 20 * np.log10(ratio) * 255 / 80), 0, 255).astype(np.uint8)
    levels[strongest == 0] = 0
    return levels, strongest


def extract(program, path):
    """All frames of one file, by timbre-extract. Raises ExtractionError if it is no sound."""
    with subprocess.Popen([program, path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        report = bytearray()
        # The cepstra that follow the bands are not waited for: they take as long again.
        while b', "bfcc": ' not in report[-READ - 16:] and (chunk := process.stdout.read(READ)):
            report += chunk
        if b', "bfcc": ' not in report[-READ - 16:]:
            raise ExtractionError(process.stderr.read().decode().strip())
        process.kill()
    head, _, tail = bytes(report).partition(b', "bark": ')
    numbers = tail.partition(b', "bfcc": ')[0].translate(None, b"[] ").decode()
    amplitudes = np.fromstring(numbers, np.float32, sep=",").reshape(-1, BANDS)
    return quantised(amplitudes, json.loads(head + b"}")["silent"])


class BandCache:
    """Recordings in a folder, one file for each content."""

    def __init__(self, program, folder):
        self.program, self.folder = str(program), Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def recording(self, path):
        """levels and strongest of a file's first seven seconds; None if it cannot be decoded."""
        kept = self.folder / (hashlib.sha256(Path(path).read_bytes()).hexdigest() + ".npz")
        if not kept.exists():
            try:
                levels, strongest = extract(self.program, path)
            except ExtractionError as failure:
                print(f"left out: {failure}")
                levels, strongest = np.zeros((0, BANDS), np.uint8), np.zeros(0, np.float32)
            partial = kept.with_name(f".{kept.name}.{os.getpid()}.{id(levels)}.npz")
            np.savez(partial, levels=levels[:LONGEST], strongest=strongest[:LONGEST])
            partial.replace(kept)
        with np.load(kept) as file:
            levels, strongest = file["levels"], file["strongest"]
        return (levels, strongest) if len(levels) > 1 and strongest.max() > 0 else None

    def recordings(self, paths, jobs=2):
        with ThreadPool(jobs) as pool:
            return pool.map(self.recording, paths, chunksize=16)
