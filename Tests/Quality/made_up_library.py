#!/usr/bin/env python3
"""made_up_library.py SOCKET COUNT

What answers like a daemon with so many files, none of which is there: for what the size of a library does to clients. It
knows no more than ListFolders and List."""

import json
import os
import socket
import sys
import threading

FOLDER = "/nowhere/Samples"
AT_ONCE = 256


def files(count):
    for number in range(count):
        yield {"path": "%s/pack %03d/drums/kick/kick %s %06d.wav" % (FOLDER, number // 500, "deep" if number % 7 else "hard", number),
               "id": number, "size": 123456, "duration": 0.5 + number % 100 / 50, "sample_rate": 44100, "channels": 2,
               "format": "WAV, 16 bit PCM", "state": "indexed", "content": "sha256:%064x" % number, "spans": 1,
               "model": "sha256:" + 64 * "a"}


def serve(client, replies):
    rest = b""
    try:
        while piece := client.recv(65536):
            rest += piece
            while b"\0" in rest:
                message, rest = rest.split(b"\0", 1)
                method = json.loads(message)["method"].rpartition(".")[2]
                if method == "List":
                    for reply in replies:
                        client.sendall(reply)
                folders = [{"path": FOLDER, "mode": "inotify", "files": 0, "origin": "config"}]
                answer = {"folders": folders} if method == "ListFolders" else {"files": []}
                client.sendall(json.dumps({"parameters": answer}).encode() + b"\0")
    except OSError:
        pass  # The client has gone.


def main():
    path, items = sys.argv[1], list(files(int(sys.argv[2])))
    replies = [json.dumps({"continues": True, "parameters": {"files": items[start:start + AT_ONCE]}}).encode() + b"\0"
               for start in range(0, len(items), AT_ONCE)]
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path + ".part")
        listener.listen(64)
        os.rename(path + ".part", path)
        while True:
            client, _ = listener.accept()
            threading.Thread(target=serve, args=(client, replies), daemon=True).start()


if __name__ == "__main__":
    main()
