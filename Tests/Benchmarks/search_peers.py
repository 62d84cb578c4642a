"""Search among codes beside faiss and usearch, all of them exact."""

import contextlib
import json
import subprocess
import tempfile
from pathlib import Path

from figure_table import FigureTable, median
from peer import Peer

COLUMNS = ["ns a code", "times as long as timbred's"]
COUNT = 10
QUERIES = 16


def made_up_codes(count, path):
    """Writes codes of 128 bits, of 3 bits in the median and at most 10 in 95 %, the first likelier; returns some."""
    import numpy as np
    chance = np.random.default_rng(count)
    with open(path, "wb") as out:
        np.lib.format.write_array_header_1_0(out, {"descr": "|u1", "fortran_order": False, "shape": (count, 16)})
        for start in range(0, count, 1 << 20):
            rows = min(1 << 20, count - start)
            bits = np.zeros((rows, 128), dtype=bool)
            on = np.clip(np.round(chance.lognormal(np.log(3), 0.73, rows)), 1, 24)
            for number in range(24):
                some = np.flatnonzero(on > number)
                bits[some, (128 * chance.random(len(some)) * chance.random(len(some))).astype(int)] = True
            out.write(np.packbits(bits, axis=1).tobytes())
    return [[int(byte) for byte in row] for row in np.load(path, mmap_mode="r")[:: max(1, count // QUERIES)][:QUERIES]]


def own_figures(binaries, size):
    """Of a library of so many spans, what timbre-bench measures in one thread: ns for each code."""
    done = subprocess.run(
        [Path(binaries) / "timbre-bench", "search", "--json", "--sizes", str(size), "--count", str(COUNT), "--runs",
         "7"], capture_output=True, check=True)
    table = json.loads(done.stdout.splitlines()[0])
    each, milliseconds, read = (table["columns"].index(name) for name in ("ns each", "ms", "plain read ms"))
    lines = {row["name"]: row["figures"] for row in table["rows"]}
    spans = lines["spans by codes"]
    return {"timbred, spans by codes": spans[each], "timbred, files by codes": lines["files by codes"][each],
            "plain read of the same bytes": spans[each] * spans[read] / spans[milliseconds]}


def measure(binaries, show, sizes, runs):
    """Shows a table for each size; every round has all of them, one after the other."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        peers = [stack.enter_context(Peer(library, threads=2)) for library in ("faiss", "usearch")]
        for size in sizes:
            codes = Path(folder) / ("%d.npy" % size)
            try:
                queries = made_up_codes(size, codes)
            except ImportError:
                return show(missing_table("numpy is not there: pip install numpy"))
            show(compare(binaries, size, codes, queries, peers, runs))
            codes.unlink()


def missing_table(why):
    table = FigureTable("search beside peers", COLUMNS)
    table.say(why)
    return table


def answers_for_a_while(peer, **task):
    """What a peer answers the first time, and then up to five times, for two seconds or so."""
    answers = [peer.do(**task), peer.do(**task)]
    while len(answers) < 6 and sum(answer["seconds"] for answer in answers) < 2:
        answers.append(peer.do(**task))
    return answers


def compare(binaries, size, codes, queries, peers, runs):
    # One question at a time is what a person asks; many at a time let a library use its cores and caches best.
    ways = [(1, queries[:1]), (1, queries), (2, queries)]
    times = {}
    # Making the library takes longer than all searches: once is enough where it is large.
    own_runs = runs if size <= 1_000_000 else 1
    for run in range(runs):
        if run < own_runs:
            for name, nanoseconds in own_figures(binaries, size).items():
                times.setdefault(name, []).append(nanoseconds)
        for threads, asked in ways:
            nearest = {}
            for peer in peers:
                if peer.missing:
                    continue
                answers = answers_for_a_while(peer, codes=str(codes), queries=asked, count=COUNT, threads=threads)
                nearest[peer] = [sorted(distances) for distances in answers[0]["nearest"]]
                times.setdefault("%s, %d thread%s, %d at a time" % (
                    peer.name, threads, "s" if threads > 1 else "", len(asked)), []).append(
                        median([answer["seconds"] for answer in answers[1:]]) * 1e9 / size / len(asked))
            assert len(set(map(str, nearest.values()))) <= 1, "the peers do not find the same"
    table = FigureTable("search beside peers: %d codes of 128 bits, top %d, a question" % (size, COUNT), COLUMNS)
    own = times["timbred, spans by codes"]
    for name, found in times.items():
        pairs = zip(found, own if len(own) == len(found) else own * len(found))
        table.add(name, median(found), None if found is own else median([theirs / ours for theirs, ours in pairs]))
    for peer in peers:
        if peer.missing:
            table.say(peer.missing)
    return table
