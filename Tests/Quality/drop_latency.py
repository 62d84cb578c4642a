#!/usr/bin/env python3
"""drop_latency.py BINARIES SOUNDS [--drops 200] [--most 400]

Drops sounds into a watched folder, one at a time, and measures how long it takes from the file's close until a search
finds it; then asks for each as a user would: `timbrectl similar --sync FILE --self` has to name it first, at 0."""

import argparse
import contextlib
import os
import shutil
import statistics
import time
from pathlib import Path

from private_timbred import Failed, PrivateTimbred


def drop(daemon, sounds):
    """Drops sounds that the daemon does not know yet, one at a time; how many milliseconds each took."""
    client, milliseconds = daemon.connect(), []
    for number, sound in enumerate(sounds):
        target = daemon.folder / ("%03d %s" % (number, sound.name))
        shutil.copyfile(sound, target)
        closed = time.monotonic()
        while True:
            with contextlib.suppress(Failed):
                client.call("Similar", queries=[{"path": str(target)}], count=1)
                break
            assert time.monotonic() - closed < 10, "%s is not found" % target
        milliseconds.append((time.monotonic() - closed) * 1000)
    client.close()
    return milliseconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binaries")
    parser.add_argument("sounds")
    parser.add_argument("--drops", type=int, default=200)
    parser.add_argument("--most", type=float, default=400, help="milliseconds that the median may take")
    a = parser.parse_args()
    sounds = sorted(p for p in Path(a.sounds).rglob("*") if p.suffix in (".flac", ".wav"))[:a.drops]
    with PrivateTimbred(a.binaries, 'settle = "250ms"\n') as daemon:
        daemon.start()
        milliseconds = drop(daemon, sounds)
        for number, sound in enumerate(sounds[:20]):
            target = daemon.folder / ("synced %03d %s" % (number, sound.name))
            shutil.copyfile(sound, target)
            reply = daemon.ctl_json("similar", "--sync", str(target), "--self", "-n", "3")
            nearest = reply["results"][0]
            assert (nearest["rank"], nearest["distance"], nearest["path"]) == (1, 0, str(target)), reply
        milliseconds.sort()
        median = statistics.median(milliseconds)
        print("%d drops, from close to searchable: median %.0f ms, 95 %% %.0f ms, most %.0f ms" % (
            len(milliseconds), median, milliseconds[int(len(milliseconds) * 0.95)], milliseconds[-1]))
        print("20 times `similar --sync FILE --self`: each at rank 1, distance 0")
        assert median < a.most, "the median is more than %s ms" % a.most


if __name__ == "__main__":
    main()
