import EventStore
import GRDB
import SoundEvents

/// Where the events of contents are, in a file beside the database that knows nothing of contents itself.
extension CatalogReader {
    /// The identity of the file that all extents are in; nil if there is none yet.
    package func eventFile() throws -> Int64? { try setting(StoredEvents.setting) }

    /// Where the events of a content are; nil if it has none, or none yet.
    package func events(of content: Int64) throws -> EventExtent? {
        try database.first(
            "SELECT position, eventCount, frameCount FROM events WHERE content = ?", .integer(content)
        ) { EventExtent(position: $0.integer(0), eventCount: $0.int(1), frameCount: $0.int(2)) }
    }

    /// The files whose contents have events, oldest first.
    ///
    /// - Complexity: O(*n*) in the number of contents that have events.
    package func eventEntries() throws -> [EventTable.Entry] {
        try database.all(
            """
            SELECT file.id, events.content, position, eventCount, frameCount
            FROM events CROSS JOIN file ON file.content = events.content
            WHERE file.state = \(FileState.indexed.rawValue) ORDER BY file.id
            """
        ) { row in
            EventTable.Entry(
                file: row.integer(0), content: row.integer(1),
                extent: EventExtent(position: row.integer(2), eventCount: row.int(3), frameCount: row.int(4)))
        }
    }

    /// The places of all events in the file, in its order, each once.
    package func eventExtents() throws -> [EventExtent] {
        try database.all(
            "SELECT DISTINCT position, eventCount, frameCount FROM events ORDER BY position"
        ) { EventExtent(position: $0.integer(0), eventCount: $0.int(1), frameCount: $0.int(2)) }
    }

    /// The first contents that some file holds, are long enough for events, and have none yet.
    package func contentsWithoutEvents(limit: Int) throws -> [Int64] {
        try database.all(
            """
            SELECT id FROM content INDEXED BY longContent WHERE \(StoredEvents.isLong)
            AND NOT EXISTS (SELECT 1 FROM events WHERE events.content = content.id)
            AND EXISTS (SELECT 1 FROM file WHERE file.content = content.id) ORDER BY id LIMIT ?
            """, .integer(limit)
        ) { $0.integer(0) }
    }
}

extension CatalogWriter {
    /// Notes where the events of a content are.
    ///
    /// - Precondition: They are on disk.
    package func setEvents(_ extent: EventExtent, of content: Int64) throws {
        try database.run(
            "INSERT OR REPLACE INTO events (content, position, eventCount, frameCount) VALUES (?, ?, ?, ?)",
            .integer(content), .integer(extent.position), .integer(extent.eventCount), .integer(extent.frameCount))
    }

    /// Notes that the events of a content are not where they should be.
    package func removeEvents(of content: Int64) throws {
        try database.run("DELETE FROM events WHERE content = ?", .integer(content))
    }

    /// Notes that events are in another file from now on, which has those of some contents, or none.
    ///
    /// - Parameter moved: Where each extent of the file before is in that one; what is not named is gone.
    package func setEventFile(_ identity: Int64, moved: [Int64: Int64] = [:]) throws {
        if moved.isEmpty {
            try database.run("DELETE FROM events")
        } else {
            let known = try database.all("SELECT content, position FROM events") { ($0.integer(0), $0.integer(1)) }
            for (content, position) in known {
                if let place = moved[position] {
                    try database.run(
                        "UPDATE events SET position = ? WHERE content = ?", .integer(place), .integer(content))
                } else {
                    try removeEvents(of: content)
                }
            }
        }
        try set(StoredEvents.setting, to: identity)
    }
}

/// The tables of events.
enum StoredEvents {
    static let setting = "eventFile"

    /// As the index of the schema has it.
    static let isLong = "failure IS NULL AND featureCount >= \(SoundEvents.shortest)"

    static let tables = """
        CREATE TABLE events (
            content INTEGER PRIMARY KEY REFERENCES content (id), position INTEGER NOT NULL,
            eventCount INTEGER NOT NULL, frameCount INTEGER NOT NULL);
        CREATE INDEX longContent ON content (id) WHERE \(isLong);
        """
}
