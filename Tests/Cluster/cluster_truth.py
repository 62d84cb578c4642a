"""What the shards of a cluster must hold, and what they must answer, computed from the SQLite libraries alone (numpy)."""

import os
import sqlite3

import numpy

FILES = """
    SELECT file.id, file.added, file.isOffline, directory.path, file.name, content.hash,
        CAST(content.frameCount AS REAL) / content.sampleRate, content.channelCount, content.sampleCount,
        code.spans, code.vectors, content.size
    FROM file JOIN directory ON directory.id = file.directory JOIN content ON content.id = file.content
        JOIN code ON code.content = content.id AND code.model = (SELECT value FROM setting WHERE name = 'model')
    WHERE file.state = 1"""

SHARD_FILES = """
    SELECT f.id, f.added, f.offline::int, encode(whole_path(d.path, f.name), 'hex'), encode(c.hash, 'hex'), c.duration,
        c.channels, s.samples, encode(s.codes, 'hex'), coalesce(s.low::text, ''), coalesce(s.high::text, ''), s.size
    FROM timbred.file f JOIN timbred.host h ON h.number = f.host
        JOIN timbred.content c ON c.number = f.content JOIN timbred.sound s ON s.content = c.number
        LEFT JOIN timbred.directory d ON d.host = f.host AND d.generation = f.generation AND d.id = f.directory
    WHERE h.name = :'host'"""

# A shard may hold nothing beside what its files need.
LEFT_OVER = """
    SELECT (SELECT count(*) FROM timbred.content c WHERE NOT EXISTS (SELECT FROM timbred.file f WHERE f.content = c.number)),
        (SELECT count(*) FROM timbred.content c WHERE NOT EXISTS (SELECT FROM timbred.sound s WHERE s.content = c.number)),
        (SELECT count(*) FROM timbred.publication WHERE NOT complete),
        (SELECT count(*) FROM timbred.map) - 1, (SELECT count(*) FROM timbred.generation WHERE map IS NULL)"""


# Vectors for pgvector that are not those of the sounds, and how many there are.
OTHER_HALVES = """
    SELECT count(*) FILTER (WHERE (h.generation, h.duration, h.channels, h.vector::text)
            IS DISTINCT FROM (c.generation, c.duration, c.channels, c.vector::text)), count(*)
    FROM timbred.half h FULL JOIN (
        SELECT c.number, c.generation, c.duration, c.channels, timbred.half_of(s.low, s.high) AS vector
        FROM timbred.content c JOIN timbred.sound s ON s.content = c.number WHERE s.low IS NOT NULL) c
        ON c.number = h.content"""


def point(components):
    return "(%s)" % ", ".join(str(int(c)) for c in components)


def library(host):
    """The files of a host that can be found, as its own database has them."""
    database = sqlite3.connect("file:%s?mode=ro" % (host.daemon.state / "library.sqlite"), uri=True)
    database.text_factory = bytes
    rows = []
    for row in database.execute(FILES):
        id, added, offline, directory, name, digest, duration, channels, samples, spans, vectors, size = row
        stride = len(vectors) // (len(spans) // 16 + 1)
        vector = numpy.frombuffer(vectors[:stride], dtype=numpy.int8).astype(int)
        has_vector = stride > 0 and vector[0] != -128 and any(spans)
        rows.append(dict(
            host=host.name, id=id, added=added, offline=offline, path=directory.rstrip(b"/") + b"/" + name, hash=digest,
            duration=duration, channels=channels, samples=samples, codes=spans, size=size, vector=vector if has_vector else None))
    database.close()
    return rows


def directories(host):
    database = sqlite3.connect("file:%s?mode=ro" % (host.daemon.state / "library.sqlite"), uri=True)
    rows = {(str(id), bytes(path).hex()) for id, path in database.execute("SELECT id, path FROM directory")}
    database.close()
    return rows


def shard_of(digest, count):
    return int.from_bytes(digest[:4], "big") % count


def differences(hosts, servers):
    """What the shards hold otherwise than the libraries; nothing if they agree row for row."""
    found = []
    count = len(servers.all)
    for host in hosts:
        expected = [set() for _ in range(count)]
        for file in library(host):
            vector = file["vector"]
            expected[shard_of(file["hash"], count)].add((
                str(file["id"]), float(file["added"]), str(file["offline"]), file["path"].hex(), file["hash"].hex(),
                float(file["duration"]), str(file["channels"]), str(file["samples"]), file["codes"].hex(),
                "" if vector is None else point(vector[:64]), "" if vector is None else point(vector[64:]), str(file["size"])))
        for server, rows in zip(servers, expected):
            there = {
                (row[0], float(row[1]), row[2], row[3], row[4], float(row[5]), *row[6:])
                for row in server.sql("SET search_path = timbred, public;" + SHARD_FILES, host=host.name)[1:]}
            if there != rows:
                found.append("%s on %s: %d missing, %d too many" % (
                    host.name, server.folder.name, len(rows - there), len(there - rows)))
            named = {tuple(row) for row in server.sql(
                "SELECT id, encode(path, 'hex') FROM timbred.directory d JOIN timbred.host h ON h.number = d.host "
                "WHERE h.name = :'host'", host=host.name)}
            if named != directories(host):
                found.append("%s on %s: other directories" % (host.name, server.folder.name))
    for server in servers:
        left = server.sql(LEFT_OVER)[0]
        if left != ["0"] * 5:
            found.append(
                "%s: contents without files, contents without sounds, incomplete publications, maps too many, generations "
                "that nobody removes: %s" % (server.folder.name, left))
    return found


def nearest(files, vectors, count, admits=lambda file: True, shards=None, of=1, away=()):
    """The host, path and mean squared distance of the files nearest to some vectors, in the order of the cluster.

    `files` are those of all libraries, the hosts being in their order. With `shards`, only files of these count, and with
    `away` only those that are nearer to the vectors, on the average, than to each of these."""
    queries = numpy.array(vectors)
    keys = []
    for number, file in files:
        if file["vector"] is None or not admits(file):
            continue
        if shards is not None and shard_of(file["hash"], of) not in shards:
            continue
        total = int(((queries - file["vector"]) ** 2).sum())
        if any(int(((file["vector"] - other) ** 2).sum()) * len(vectors) <= total for other in away):
            continue
        keys.append((total, file["added"], number, file["id"], file["host"], file["path"]))
    return [(key[4], key[5], key[0] / len(vectors)) for key in sorted(keys)[:count]]


def answer(reply):
    """The same of an answer of timbrectl, without the distance."""
    import base64
    return [
        (result["host"], base64.b64decode(result["path_bytes"]) if "path_bytes" in result else os.fsencode(result["path"]))
        for result in reply["results"]]
