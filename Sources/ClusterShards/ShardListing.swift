import ShardConnections

/// A file of a shard.
package struct ShardFile: Hashable, Sendable {
    /// Files that are drawn are in the order of these numbers, which are random.
    package var draw: Int
    package var hostName: String
    package var path: [UInt8]
    package var id: Int
    /// In seconds.
    package var duration: Double
    package var channels: Int
    /// 32 bytes.
    package var hash: [UInt8]
    package var isOffline: Bool

    fileprivate init(_ row: ShardRow) {
        draw = row.integer(0)
        hostName = row.text(1)
        path = row.bytes(2)
        id = row.integer(3)
        duration = row.real(4)
        channels = row.integer(5)
        hash = row.bytes(6)
        isOffline = row.flag(7)
    }
}

/// A host as a shard knows it.
package struct ShardHost: Hashable, Sendable {
    package var name: String
    /// Files that it has on the shard.
    package var files: Int
    /// Whether all files are there that its library had when it was last heard of; nil if it never published.
    package var isComplete: Bool?
    /// When it last published something, in seconds since 1970.
    package var seen: Double?
}

extension Shard {
    /// Draws files: those with the least random numbers, which the seed and the file decide.
    package func draw(
        _ count: Int, seed: Int, filter: ShardFilter, by deadline: Instant
    ) throws(ShardError) -> [ShardFile] {
        try connection.ask(
            """
            SELECT hashint8extended(f.id, hashint8extended(f.host::bigint, $1)), h.name, whole_path(d.path, f.name), f.id,
                c.duration, c.channels, c.hash, f.offline
            FROM file f JOIN host h ON h.number = f.host JOIN content c ON c.number = f.content
                JOIN directory d ON d.host = f.host AND d.id = f.directory
            WHERE f.model = (
                SELECT p.model FROM publication p WHERE p.host = f.host ORDER BY p.complete DESC, p.model DESC LIMIT 1)
                AND admits(f, h.name, d.path, $2, $3, $4, $5)
                AND ($6::float8 IS NULL OR c.duration >= $6) AND ($7::float8 IS NULL OR c.duration <= $7)
                AND ($8::int IS NULL OR c.channels = $8)
            ORDER BY 1, f.host, f.id LIMIT $9
            """,
            [
                .integer(seed), .real(filter.since), .flag(filter.includesOffline), .text(filter.host),
                .bytes(filter.under), .real(filter.minDuration), .real(filter.maxDuration), .integer(filter.channels),
                .integer(count),
            ], by: deadline
        ).map(ShardFile.init)
    }

    /// Begins a listing of all files by host and path, of one moment.
    ///
    /// - Parameters:
    ///   - host: The name of the only host to list; nil for all.
    ///   - under: The only directory; nil for all.
    package func beginListing(host: String?, under: [UInt8]?, by deadline: Instant) throws(ShardError) {
        try connection.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", by: deadline)
        try connection.ask(
            """
            DECLARE listing NO SCROLL CURSOR FOR
            SELECT 0::bigint, h.name, whole_path(d.path, f.name) AS path, f.id, c.duration, c.channels, c.hash, f.offline
            FROM file f JOIN host h ON h.number = f.host JOIN content c ON c.number = f.content
                JOIN directory d ON d.host = f.host AND d.id = f.directory
            WHERE f.model = (
                SELECT p.model FROM publication p WHERE p.host = f.host ORDER BY p.complete DESC, p.model DESC LIMIT 1)
                AND admits(f, h.name, d.path, NULL, true, $1, $2)
            ORDER BY h.name COLLATE "C", path
            """, [.text(host), .bytes(under)], by: deadline)
    }

    /// The next files of the listing; none at its end.
    package func nextOfListing(by deadline: Instant) throws(ShardError) -> [ShardFile] {
        try connection.ask("FETCH 1000 FROM listing", by: deadline).map(ShardFile.init)
    }

    package func endListing(by deadline: Instant) throws(ShardError) { try connection.ask("ROLLBACK", by: deadline) }

    /// The hosts, by name.
    package func hosts(by deadline: Instant) throws(ShardError) -> [ShardHost] {
        try connection.ask(
            """
            SELECT h.name, (SELECT count(*) FROM file f WHERE f.host = h.number), bool_or(p.complete),
                extract(epoch FROM h.seen)::float8
            FROM host h LEFT JOIN publication p ON p.host = h.number GROUP BY h.number ORDER BY h.name COLLATE "C"
            """, by: deadline
        ).map { row in
            ShardHost(
                name: row.text(0), files: row.integer(1), isComplete: row.isNull(2) ? nil : row.flag(2),
                seen: row.isNull(3) ? nil : row.real(3))
        }
    }
}
