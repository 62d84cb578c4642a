"""How long answers take while files are taken in."""

import os
import time

import queries

COLUMNS = queries.SOCKET_COLUMNS + ["files/s meanwhile"]


def changed_copies(files, folder, mark):
    """Copies of sounds that nobody has heard yet: their first sample is another one."""
    folder.mkdir()
    for file in files:
        data = bytearray(file.read_bytes())
        data[44] ^= mark
        (folder / file.name).write_bytes(data)


def measure(daemon, files, table, seconds):
    """Adds lines for queries that end when their time is over, or when all files are searchable."""
    known = queries.questions(daemon)
    for mark, (clients, pause) in enumerate([(1, queries.PAUSE), (1, 0), (8, queries.PAUSE), (8, 0)], 1):
        waiting = daemon.place / ("new %d" % mark)
        changed_copies(files, waiting, mark)
        askers = queries.Askers(daemon, queries.SIMILAR, known, clients, pause, seconds)
        start = time.monotonic()
        os.rename(waiting, daemon.folder / waiting.name)
        askers.begin()
        daemon.call("Sync")
        elapsed = time.monotonic() - start
        askers.stop()
        table.add(queries.name(clients, pause), *askers.figures(), len(files) / elapsed)
