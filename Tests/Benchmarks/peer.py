"""A peer: another library that does the same work, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

# One thread each, unless a task says otherwise.
ONE_THREAD = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"], "1")


class Peer:
    def __init__(self, library, threads=None):
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).parent / "peer_worker.py", library], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **ONE_THREAD, **({"OMP_NUM_THREADS": str(threads)} if threads else {})})
        first = self.receive()
        # Why it is not there, and how it comes to be.
        self.missing = first.get("missing")
        self.name = "%s %s" % (library, first.get("version", ""))

    def receive(self):
        line = self.process.stdout.readline()
        assert line, "the peer has died"
        return json.loads(line)

    def do(self, **task):
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return self.receive()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
