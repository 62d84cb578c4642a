"""All distances of large libraries, computed one by one (numpy): what a cluster must answer."""

import sqlite3

import numpy

FILES = """
    SELECT file.id, file.added, directory.path, file.name, CAST(content.frameCount AS REAL) / content.sampleRate,
        content.channelCount, substr(code.vectors, 1, 128)
    FROM file JOIN directory ON directory.id = file.directory JOIN content ON content.id = file.content
        JOIN code ON code.content = content.id AND code.model = (SELECT value FROM setting WHERE name = 'model')
    WHERE file.state = 1 ORDER BY file.id"""
# Questions whose products are computed at once.
AT_ONCE = 32


class PlainSearch:
    """The files of all hosts, in columns; those of the first host stand first."""

    def __init__(self, hosts):
        self.names = [host.name for host in hosts]
        columns, self.paths = [], []
        for number, host in enumerate(hosts):
            database = sqlite3.connect("file:%s?mode=ro" % (host.daemon.state / "library.sqlite"), uri=True)
            database.text_factory = bytes
            rows = database.execute(FILES).fetchall()
            database.close()
            self.paths += [(row[2], row[3]) for row in rows]
            columns.append((
                numpy.full(len(rows), number), numpy.array([row[0] for row in rows]), numpy.array([row[1] for row in rows]),
                numpy.array([row[4] for row in rows]), numpy.array([row[5] for row in rows]),
                numpy.frombuffer(b"".join(row[6] for row in rows), dtype=numpy.int8).reshape(-1, 128)))
            if number == 0:
                self.own = len(rows)
        self.host, self.id, self.added, self.duration, self.channels, vectors = map(
            numpy.concatenate, zip(*columns))
        # Products of components are integers below 2 to the power of 24: exact.
        self.vectors = vectors.astype(numpy.float32)
        self.squares = (vectors.astype(numpy.int32) ** 2).sum(1).astype(numpy.int64)
        places, self.folder = {}, numpy.empty(len(self.paths), dtype=numpy.int32)
        for row, (directory, _) in enumerate(self.paths):
            self.folder[row] = places.setdefault((self.host[row], directory), len(places))
        self.folders = [(self.names[number], directory.decode()) for number, directory in places]
        self.keys = {}

    def path(self, row):
        directory, name = self.paths[row]
        return directory.rstrip(b"/") + b"/" + name

    def with_keys(self, questions):
        """Passes questions on, whose distances to all files are known then."""
        for start in range(0, len(questions), AT_ONCE):
            some = questions[start:start + AT_ONCE]
            sums = numpy.stack([self.vectors[rows].sum(0) for rows, *_ in some])
            products = self.vectors @ sums.T
            for place, question in enumerate(some):
                rows = question[0]
                self.keys = {tuple(rows): len(rows) * self.squares - 2 * products[:, place].astype(numpy.int64)}
                yield question

    def nearest(self, rows, filters, count):
        """The hosts and paths of the files nearest to some of the first host's, in the order of a cluster."""
        keys = self.keys[tuple(rows)]
        admitted = self.admitted(filters)
        admitted[rows] = False
        places = numpy.flatnonzero(admitted)
        if len(places) > count:
            farthest = numpy.partition(keys[places], count - 1)[count - 1]
            places = places[keys[places] <= farthest]
        order = numpy.lexsort((self.id[places], self.host[places], self.added[places], keys[places]))
        return [(self.names[self.host[row]], self.path(row)) for row in places[order][:count]]

    def admitted(self, filters):
        admitted = numpy.ones(len(self.host), dtype=bool)
        for word, value in filters.items():
            if word == "min_duration":
                admitted &= self.duration >= value
            elif word == "max_duration":
                admitted &= self.duration <= value
            elif word == "channels":
                admitted &= self.channels == value
            elif word == "since":
                admitted &= self.added >= value
            elif word == "under":
                name, _, folder = value.partition(":")
                admitted &= self.host == self.names.index(name)
                if folder:
                    admitted &= self.folder == self.folders.index((name, folder))
        return admitted
