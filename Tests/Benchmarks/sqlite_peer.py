"""What taking files in costs beside SQLite's own insertion of the same rows."""

import contextlib
import sqlite3
import tempfile
import time
from pathlib import Path

import ingest
from figure_table import FigureTable, median
from private_timbred import PrivateTimbred

COLUMNS = ["rows/s", "MB/s", "seconds", "share of timbred's"]


def rows_of(database):
    """All rows of a library, and how each table is made."""
    tables = database.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'").fetchall()
    indices = [sql for (sql,) in database.execute(
        "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")]
    return {name: (sql, database.execute('SELECT * FROM "%s"' % name).fetchall()) for name, sql in tables}, indices


def insertion_seconds(folder, tables, indices):
    """How long one transaction takes with all these rows, until they are safe on the disk."""
    path = Path(folder) / "plain.sqlite"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        for sql, _ in tables.values():
            database.execute(sql)
        for sql in indices:
            database.execute(sql)
        begin = time.monotonic()
        database.execute("BEGIN")
        for name, (_, rows) in tables.items():
            if rows:
                places = ", ".join("?" * len(rows[0]))
                database.executemany('INSERT INTO "%s" VALUES (%s)' % (name, places), rows)
        database.execute("COMMIT")
        seconds = time.monotonic() - begin
    for file in Path(folder).iterdir():
        file.unlink()
    return seconds


def measure(binaries, files, show, runs):
    """Shows one table; each round takes files in, then inserts what came of that."""
    ingest.read_through(files)
    own, plain = [], []
    for _ in range(runs):
        with PrivateTimbred(binaries) as daemon, tempfile.TemporaryDirectory(dir=daemon.place) as folder:
            ingest.link(files, daemon.folder)
            start = time.monotonic()
            daemon.start()
            daemon.call("Sync")
            own.append(time.monotonic() - start)
            assert daemon.stop() == 0
            with contextlib.closing(sqlite3.connect(daemon.state / "library.sqlite")) as database:
                tables, indices = rows_of(database)
            size = (daemon.state / "library.sqlite").stat().st_size
            plain.append(insertion_seconds(folder, tables, indices))
    count = sum(len(rows) for _, rows in tables.values())
    table = FigureTable("storage beside SQLite: what %d one-shots become, %d rows" % (len(files), count), COLUMNS)
    for name, times in (("timbred, from the files to the rows", own), ("SQLite, the rows in one transaction", plain)):
        seconds = median(times)
        share = median([time / ours for time, ours in zip(times, own)])
        table.add(name, count / seconds, size / seconds / 1e6, seconds, share)
    show(table)
