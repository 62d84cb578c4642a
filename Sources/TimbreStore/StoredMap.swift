import GRDB

/// A map of the library.
package struct MapRecord: Hashable, Sendable {
    package var id: Int64
    /// The generation whose vectors it was learnt from.
    package var model: Int64
    /// When it was learnt, seconds since 1970.
    package var learnt: Double
    /// How many sounds it was learnt from.
    package var soundCount: Int

    package init(id: Int64, model: Int64, learnt: Double, soundCount: Int) {
        self.id = id
        self.model = model
        self.learnt = learnt
        self.soundCount = soundCount
    }
}

/// Where a content lies on a map.
package struct MapPlace: Hashable, Sendable {
    package var content: Int64
    package var x: Int16
    package var y: Int16
    /// Whether the map was learnt from it; others were put beside such ones.
    package var isLearnt: Bool

    package init(content: Int64, x: Int16, y: Int16, isLearnt: Bool) {
        self.content = content
        self.x = x
        self.y = y
        self.isLearnt = isLearnt
    }
}

extension CatalogReader {
    /// The map in use; nil if none was ever learnt.
    package func map() throws -> MapRecord? {
        try database.first(
            "SELECT id, model, learnt, soundCount FROM map WHERE soundCount > 0 ORDER BY id DESC LIMIT 1"
        ) { MapRecord(id: $0.integer(0), model: $0.integer(1), learnt: $0.real(2), soundCount: $0.int(3)) }
    }

    /// Where a content lies on a map.
    package func place(of content: Int64, on map: Int64) throws -> MapPlace? {
        try database.first(
            "SELECT x, y, isLearnt FROM place WHERE map = ? AND content = ?", .integer(map), .integer(content)
        ) { row in
            MapPlace(
                content: content, x: Int16(clamping: row.int(0)), y: Int16(clamping: row.int(1)), isLearnt: row.flag(2))
        }
    }

    /// The contents that files hold, by hash, an order that does not depend on that of ingest, each with its oldest file.
    ///
    /// - Complexity: O(*n* log *n*) in the number of files.
    package func contentsWithFile() throws -> [(content: Int64, file: Int64)] {
        try database.all(
            """
            SELECT content.id, min(file.id) FROM file CROSS JOIN content ON content.id = file.content
            WHERE file.state = \(FileState.indexed.rawValue) GROUP BY content.id ORDER BY content.hash
            """
        ) { ($0.integer(0), $0.integer(1)) }
    }

    /// The files whose contents lie on a map, by number.
    ///
    /// - Complexity: O(*n* log *n*) in the number of files.
    package func forEachFile(on map: Int64, _ body: (Int64, MapPlace) throws -> Void) throws {
        try database.each(
            """
            SELECT file.id, place.content, x, y, isLearnt
            FROM file CROSS JOIN place ON place.map = ? AND place.content = file.content
            WHERE file.state = \(FileState.indexed.rawValue) ORDER BY file.id
            """, .integer(map)
        ) { row in
            try body(
                row.integer(0),
                MapPlace(
                    content: row.integer(1), x: Int16(clamping: row.int(2)), y: Int16(clamping: row.int(3)),
                    isLearnt: row.flag(4)))
        }
    }
}

extension CatalogWriter {
    /// Begins a map, which is not in use yet.
    ///
    /// - Returns: Its number.
    package func addMap(model: Int64) throws -> Int64 {
        try database.run("INSERT INTO map (model, learnt, soundCount) VALUES (?, 0, 0)", .integer(model))
        return database.lastInsertedRowID
    }

    /// Notes where contents lie on a map, but for contents that have been deleted meanwhile.
    package func setPlaces(_ places: some Sequence<MapPlace>, on map: Int64) throws {
        for place in places {
            try database.run(
                """
                INSERT OR REPLACE INTO place (map, content, x, y, isLearnt)
                SELECT ?, id, ?, ?, ? FROM content WHERE id = ?
                """, .integer(map), .integer(Int(place.x)), .integer(Int(place.y)), .flag(place.isLearnt),
                .integer(place.content))
        }
    }

    /// Puts a map to use, now that it has all its places.
    package func useMap(_ map: Int64, soundCount: Int, at time: Double) throws {
        try database.run(
            "UPDATE map SET soundCount = ?, learnt = ? WHERE id = ?", .integer(soundCount), .real(time), .integer(map))
    }

    /// Removes some places of maps that are not in use.
    ///
    /// - Returns: Whether that was all.
    package func removeOtherPlaces(than map: Int64?, limit: Int) throws -> Bool {
        try database.run(
            """
            DELETE FROM place WHERE (map, content) IN
            (SELECT map, content FROM place WHERE map IS NOT ? LIMIT ?)
            """, .integer(map), .integer(limit))
        if database.changesCount == limit { return false }
        try database.run("DELETE FROM map WHERE id IS NOT ?", .integer(map))
        return true
    }

    /// Forgets where a content lies.
    func removePlaces(of content: Int64) throws {
        try database.run("DELETE FROM place WHERE content = ?", .integer(content))
    }
}

/// The tables of the map.
///
/// A map has places before it is in use, which it is once its `soundCount` is above 0 and there is none after it. Learning
/// can end at any moment: what is left of it then goes with the next map.
enum StoredMap {
    static let tables = """
        CREATE TABLE map (
            id INTEGER PRIMARY KEY AUTOINCREMENT, model INTEGER NOT NULL REFERENCES model (id), learnt REAL NOT NULL,
            soundCount INTEGER NOT NULL);
        CREATE TABLE place (
            map INTEGER NOT NULL REFERENCES map (id), content INTEGER NOT NULL REFERENCES content (id),
            x INTEGER NOT NULL, y INTEGER NOT NULL, isLearnt INTEGER NOT NULL, PRIMARY KEY (map, content)) WITHOUT ROWID;
        CREATE INDEX placeByContent ON place (content);
        """
}
