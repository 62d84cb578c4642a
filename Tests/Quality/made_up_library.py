#!/usr/bin/env python3
"""made_up_library.py SOCKET COUNT [none|learning]

What answers like a daemon with so many files, none of which is there: for what the size of a library does to clients. It
lists, follows and maps them, and knows no other method. The last word has it have no map, or one that is learnt to 40 %."""

import base64
import json
import os
import random
import socket
import struct
import sys
import threading

FOLDER = "/nowhere/Samples"
AT_ONCE = 256
POINTS_AT_ONCE = 8192
FILES_A_FOLDER = 500


def folder(number):
    return "%s/pack %03d/drums/kick" % (FOLDER, number // FILES_A_FOLDER)


def file(number):
    """A file as JSON has it; made by hand, for there are many."""
    return ('{"path":"%s/kick %s %06d.wav","id":%d,"size":123456,"duration":%.2f,"sample_rate":44100,"channels":2,'
            '"format":"WAV, 16 bit PCM","state":"indexed","content":"sha256:%064x","spans":1,"model":"sha256:%s","added":%d,'
            '"figures":{"brightness":%d,"noisiness":0.1,"attack":0.01,"length":0.5,"decay":0.1}}' % (
                folder(number), "deep" if number % 7 else "hard", number, number + 1, 0.5 + number % 100 / 50, number, 64 * "a",
                1_700_000_000 + number * 600, 100 + number * 37 % 9000))


def points(count):
    """Where the files lie: in heaps of all sizes, as sounds do."""
    draw = random.Random(1)
    heaps = [(draw.uniform(-26000, 26000), draw.uniform(-18000, 18000), draw.uniform(200, 2500)) for _ in range(90)]
    for number in range(count):
        # A pack is mostly in a few heaps.
        x, y, width = heaps[(number // FILES_A_FOLDER * 3 + draw.randrange(5)) % 90 if draw.random() < 0.8 else draw.randrange(90)]
        yield [max(-30000, min(30000, int(draw.gauss(middle, width)))) for middle in (x, y)]


def message(parameters, continues=True):
    return json.dumps({"continues": continues, "parameters": parameters}).encode() + b"\0"


def map_replies(count):
    places, replies, known = list(points(count)), [], 0
    for start in range(0, count, POINTS_AT_ONCE):
        end = min(count, start + POINTS_AT_ONCE)
        packed = b"".join(struct.pack("<qhhI", n + 1, *places[n], n // FILES_A_FOLDER) for n in range(start, end))
        folders = [{"path": folder(n * FILES_A_FOLDER)} for n in range(known, (end - 1) // FILES_A_FOLDER + 1)]
        known += len(folders)
        replies.append(message({"state": "ready", "version": "1-1", "whole": True, "learnt": 1, "sounds": count,
                                "points": base64.b64encode(packed).decode(), "folders": folders, "gone": []}, end < count))
    return replies


def listed(count):
    return [b'{"continues":true,"parameters":{"files":[%s]}}\0' % ",".join(
        file(number) for number in range(start, min(count, start + AT_ONCE))).encode() for start in range(0, count, AT_ONCE)] + [
            message({"files": []}, False)]


def serve(client, streams, answers):
    rest = b""
    try:
        while piece := client.recv(65536):
            rest += piece
            while b"\0" in rest:
                text, rest = rest.split(b"\0", 1)
                call = json.loads(text)
                method, parameters = call["method"].rpartition(".")[2], call.get("parameters") or {}
                if method == "Map" and parameters.get("since") == "1-1":
                    client.sendall(message({"state": "ready", "version": "1-1", "whole": False, "points": "", "folders": [],
                                            "gone": []}, False))
                elif method in streams:
                    for reply in streams[method]:
                        client.sendall(reply)
                else:
                    client.sendall(message(answers.get(method, {"files": []}), False))
    except OSError:
        pass  # The client has gone.


def main():
    path, count = sys.argv[1], int(sys.argv[2])
    streams = {"Map": map_replies(count), "List": listed(count),
               "Follow": [message({"event": "ready", "number": 1, "time": 1})]}
    if len(sys.argv) > 3:
        streams["Map"] = [message({"state": sys.argv[3], "version": "1-0", "whole": True, "points": "", "folders": [], "gone": [],
                                   **({"progress": 0.4} if sys.argv[3] == "learning" else {})}, False)]
    answers = {
        "ListFolders": {"folders": [{"path": FOLDER, "mode": "inotify", "files": 0, "origin": "config"}]},
        "Status": {"version": "1", "pid": 1, "state": "idle", "uptime": 1, "spans": count, "contents": count, "queue": 0,
                   "files": {"indexed": count, "pending": 0, "failed": 0, "skipped": 0, "offline": 0}, "overflows": 0,
                   "folders": [], "watches": {"used": 1, "allowed": 2}, "last_errors": [],
                   "database": {"path": "/nowhere/library.sqlite", "size": 1}, "decoded": 0, "recognized": 0, "workers": []}}
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path + ".part")
        listener.listen(64)
        os.rename(path + ".part", path)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, streams, answers), daemon=True).start()


if __name__ == "__main__":
    main()
