"""Real recordings have tails: a second of hum, of noise or of an amplifier's offset behind the sound, or before it. A drum
with such a tail is still the drum that it is: of the demo library it finds itself, or its twin."""

import array
import json
import math
import random
from pathlib import Path

import containers
import made_sounds
from private_timbred import PrivateTimbred

COUNT = 30
DRUMS = Path(__file__).resolve().parent.parent.parent / "Config/demo/drums"


def hum(n):
    return sum(0.0005 * math.sin(6.283185307 * 50 * h * n / 44100) / h for h in (1, 2, 3, 5))


def noise(level):
    """White noise, its effective value so many dB below full scale."""
    chance = random.Random(3)
    size = 10 ** (level / 20) * math.sqrt(3)
    return lambda n: size * chance.uniform(-1, 1)


# What stands in the second, and how many of the drums have to be found with it behind, before and around them. What
# stands before a sound moves its attack to another place in its frames, which a few attacks do not bear.
TAILS = {"an offset of .005": (lambda n: 0.005, COUNT, 28, 28), "noise at -66 dBFS": (noise(-66), COUNT, 28, 28),
         "noise at -54 dBFS": (noise(-54), 28, 28, 28), "hum of the mains": (hum, 28, 28, 24)}


def wave(sound, rate):
    return containers.wave(sound.tobytes(), rate, 1, tag=3, bits=32)


def run(binaries, report):
    # Of each kind some, so that none stands for all.
    found = sorted(DRUMS.rglob("*.*"), key=lambda path: (path.name, path))
    drums = random.Random(1).sample(found, COUNT)
    with PrivateTimbred(binaries, folder=DRUMS) as daemon:
        daemon.start()
        daemon.ctl("sync")
        plain = {path: made_sounds.decoded(path) for path in drums}
        query = daemon.place / "query.wav"
        for name, (tail, *least) in TAILS.items():
            second = array.array("f", (tail(n) for n in range(44100)))
            for place, least in zip(("behind", "before", "around"), least):
                right = 0
                for path, (sound, rate) in plain.items():
                    before, behind = (second[:rate * (place != left)] for left in ("behind", "before"))
                    query.write_bytes(wave(before + sound + behind, rate))
                    reply = json.loads(daemon.ctl("similar", query, "-n", "1", "--json").stdout)
                    right += Path(reply["results"][0]["path"]) == path
                report.line("%s %s" % (name, place), "at least %d of %d drums" % (least, COUNT),
                            [] if right >= least else ["%d" % right])
