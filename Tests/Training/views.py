"""What training sees of each sound: the descriptors of the sound itself and of its variants, float16 [sounds, views, 410].

Each view is made once and kept in the work folder, under a name that depends on the sounds and on the scripts."""

import hashlib
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile

from bands import BandCache
from descriptors import DESCRIPTORS, describe
from encoders import CODERS, IN_A_STREAM, heard_through, unchanged
from variants import CHANGES, damp, mixed, varied, with_tail

# The sound; five variants; through a coder; with a tail; two semitones off; above a background; damped.
VIEWS = ["itself", "varied 1", "varied 2", "varied 3", "varied 4", "varied 5", "coded", "tail", "played", "mixed",
         "damped"]
DAMPED = [(0.5, change) for _, change in CHANGES[:4]] + [(1, damp)]
FRAMES = 260  # of a variant: six seconds
SCRIPTS = ("bands", "descriptors", "encoders", "heard", "variants", "views")


def floors(cache, folder):
    """Recordings of what may lie behind a sound, 1.3 s at -50 dB: hiss, rumble, DC and hum."""
    random, time = np.random.default_rng(6), np.arange(28000) / 22050
    kinds = [random.standard_normal(len(time)) for _ in range(9)]
    kinds += [np.cumsum(random.standard_normal(len(time))) for _ in range(4)] + [np.ones(len(time))] * 4
    kinds += [sum(np.sin(2 * np.pi * hertz * n * time) / n**2 for n in range(1, 6)) for hertz in (50, 60)]
    recordings = []
    for number, samples in enumerate(kinds):
        samples = samples / np.sqrt((samples**2).mean()) * 10 ** (-50 / 20)
        path = folder / f"floor-{number}.wav"
        soundfile.write(path, samples, 22050, subtype="FLOAT")
        recordings.append(cache.recording(path))
    return recordings


def backgrounds(sounds, recordings):
    """What goes on long enough to lie beneath other sounds; never of a group that is held out."""
    return [recording for sound, recording in zip(sounds, recordings)
            if recording and "textures" in sound.path.parts and not sound.is_held_out and len(recording[0]) > 60]


def _heard_through(task):
    program, view, coder, members = task
    random = np.random.default_rng([5, VIEWS.index(view), members[0][0]])
    through, semitones = (unchanged, 2) if view == "played" else (CODERS[coder], 0)
    heard = heard_through(program, through, [path for _, path in members], random, semitones)
    return [(number, recording) for (number, _), recording in zip(members, heard)]


def streamed(program, view, sounds, pool):
    """For each sound what is left of it after a coder, or when it is played faster or slower."""
    members = {}
    for number in range(len(sounds)):
        order = np.random.default_rng([77, number]).permutation(len(CODERS))
        coder = 0 if view == "played" else int(order[0])
        members.setdefault(coder, []).append((number, sounds[number].path))
    tasks = [(program, view, coder, numbers[first:first + IN_A_STREAM]) for coder, numbers in sorted(members.items())
             for first in range(0, len(numbers), IN_A_STREAM)]
    recordings = [None] * len(sounds)
    for heard in pool.imap_unordered(_heard_through, tasks):
        for number, recording in heard:
            recordings[number] = recording
    return recordings


def _describe(task):
    view, number, recording, other = task
    if recording is None:
        return np.zeros(DESCRIPTORS, np.float32)
    random = np.random.default_rng([3, VIEWS.index(view), number])
    short, seen = (recording[0][:FRAMES], recording[1][:FRAMES]), other
    if view.startswith("varied"):
        seen = varied(*short, random)
    elif view == "damped":
        seen = varied(*short, random, DAMPED)
    elif view == "tail":
        seen = with_tail(*short, other, random)
    elif view == "mixed":
        seen = mixed(*short, other, random)
    # What a change has left nothing of is seen as it was.
    return describe(*(seen if seen is not None and seen[1].max(initial=0) > 0 else recording))


def make(view, program, sounds, recordings, cache, pool):
    """One view of all sounds, float16 [sounds, 410]; zeros for what is no sound."""
    choice = np.random.default_rng([8, VIEWS.index(view)]).integers(1 << 30, size=len(sounds))
    others = {"tail": lambda: floors(cache, cache.folder.parent), "mixed": lambda: backgrounds(sounds, recordings)}
    if view in others:
        stock = others[view]()
        beside = [stock[number % len(stock)] for number in choice]
    elif view in ("played", "coded"):
        beside = streamed(program, view, sounds, pool)
    else:
        beside = [None] * len(sounds)
    tasks = ((view, number, *pair) for number, pair in enumerate(zip(recordings, beside)))
    seen = np.zeros((len(sounds), DESCRIPTORS), np.float16)
    for number, descriptors in enumerate(pool.imap(_describe, tasks, chunksize=32)):
        seen[number] = np.clip(descriptors, -6e4, 6e4)
    return seen


def load(program, sounds, work, jobs=2, wanted=VIEWS):
    """The wanted views, float16 [sounds, views, 410], and the sounds that have any."""
    work = Path(work)
    work.mkdir(parents=True, exist_ok=True)
    cache = BandCache(program, work / "bands")
    recordings = cache.recordings([sound.path for sound in sounds], jobs)
    digest = hashlib.sha256(repr([(str(sound.path), sound.group) for sound in sounds]).encode())
    for script in SCRIPTS:
        digest.update(Path(__file__).with_name(script + ".py").read_bytes())
    views = []
    with Pool(jobs) as pool:
        for view in wanted:
            kept = work / f"{view.replace(' ', '-')}-{digest.hexdigest()[:12]}.npy"
            if not kept.exists():
                print(f"view: {view}", flush=True)
                np.save(kept, make(view, str(program), sounds, recordings, cache, pool))
            views.append(np.load(kept))
    usable = np.array([number for number, recording in enumerate(recordings) if recording])
    return np.stack(views, 1)[usable], [sounds[number] for number in usable]
