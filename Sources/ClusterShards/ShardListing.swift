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
    /// Bytes; nil if an earlier version published it.
    package var size: Int?

    fileprivate init(_ row: ShardRow) {
        draw = row.integer(0)
        hostName = row.text(1)
        path = row.bytes(2)
        id = row.integer(3)
        duration = row.real(4)
        channels = row.integer(5)
        hash = row.bytes(6)
        isOffline = row.flag(7)
        size = row.isNull(8) ? nil : row.integer(8)
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
    ///
    /// - Throws: ``ShardError``, also if the shard is not ready for the map; so do all that follow.
    package func draw(
        _ count: Int, seed: Int, filter: ShardFilter, for map: ShardMap, by deadline: Instant
    ) throws(ShardError) -> [ShardFile] {
        try look(for: map, by: deadline) { () throws(ShardError) in
            try connection.ask(
                """
                SELECT hashint8extended(f.id, hashint8extended(f.host::bigint, $1)), h.name, whole_path(d.path, f.name), f.id,
                    c.duration, c.channels, c.hash, f.offline, NULL
                FROM file f JOIN host h ON h.number = f.host JOIN content c ON c.number = f.content
                    JOIN current_publications($12::int) p ON p.host = f.host AND p.generation = f.generation
                    JOIN directory d ON d.host = f.host AND d.generation = f.generation AND d.id = f.directory
                WHERE admits(f, h.name, d.path, $2, $3, $4, $5, $6, $7)
                    AND ($8::float8 IS NULL OR c.duration >= $8) AND ($9::float8 IS NULL OR c.duration <= $9)
                    AND ($10::int IS NULL OR c.channels = $10)
                ORDER BY 1, f.host, f.id LIMIT $11
                """,
                [
                    .integer(seed), .real(filter.since), .flag(filter.includesOffline), .text(filter.host),
                    .bytes(filter.under), .text(filter.namePattern), .text(filter.pathPattern),
                    .real(filter.minDuration),
                    .real(filter.maxDuration), .integer(filter.channels), .integer(count), .integer(map.number),
                ], by: deadline
            ).map(ShardFile.init)
        }
    }

    /// Begins a listing of all files by host and path, of one moment.
    ///
    /// - Parameters:
    ///   - host: The name of the only host to list; nil for all.
    ///   - under: The only directory; nil for all.
    package func beginListing(host: String?, under: [UInt8]?, for map: ShardMap, by deadline: Instant)
        throws(ShardError)
    {
        try beginLook(for: map, by: deadline)
        try connection.ask(
            """
            DECLARE listing NO SCROLL CURSOR FOR
            SELECT 0::bigint, h.name, whole_path(d.path, f.name) AS path, f.id, c.duration, c.channels, c.hash, f.offline,
                NULL
            FROM file f JOIN host h ON h.number = f.host JOIN content c ON c.number = f.content
                JOIN current_publications($3::int) p ON p.host = f.host AND p.generation = f.generation
                JOIN directory d ON d.host = f.host AND d.generation = f.generation AND d.id = f.directory
            WHERE admits(f, h.name, d.path, NULL, true, $1, $2, NULL, NULL)
            ORDER BY h.name COLLATE "C", path
            """, [.text(host), .bytes(under), .integer(map.number)], by: deadline)
    }

    /// Begins a listing of all files whose bytes are those of another one, on whichever host: group after group, in the order
    /// of their hashes, each in that of hosts and age.
    package func beginDuplicates(host: String?, under: [UInt8]?, for map: ShardMap, by deadline: Instant)
        throws(ShardError)
    {
        try beginLook(for: map, by: deadline)
        try connection.ask(
            """
            DECLARE listing NO SCROLL CURSOR FOR
            WITH present AS (
                SELECT h.name AS host_name, whole_path(d.path, f.name) AS path, f.id, f.host, f.content, f.offline, c.hash,
                    c.duration, c.channels, count(*) OVER (PARTITION BY c.hash) AS copies
                FROM file f JOIN host h ON h.number = f.host JOIN content c ON c.number = f.content
                    JOIN current_publications($3::int) p ON p.host = f.host AND p.generation = f.generation
                    JOIN directory d ON d.host = f.host AND d.generation = f.generation AND d.id = f.directory
                WHERE admits(f, h.name, d.path, NULL, true, $1, $2, NULL, NULL))
            SELECT 0::bigint, p.host_name, p.path, p.id, p.duration, p.channels, p.hash, p.offline, s.size
            FROM present p JOIN sound s ON s.content = p.content
            WHERE p.copies > 1 ORDER BY p.hash, p.host, p.id
            """, [.text(host), .bytes(under), .integer(map.number)], by: deadline)
    }

    /// The next files of a listing; none at its end.
    package func nextOfListing(by deadline: Instant) throws(ShardError) -> [ShardFile] {
        try connection.ask("FETCH 1000 FROM listing", by: deadline).map(ShardFile.init)
    }

    package func endListing(by deadline: Instant) throws(ShardError) { try connection.ask("ROLLBACK", by: deadline) }

    /// The hosts, by name.
    package func hosts(for map: ShardMap, by deadline: Instant) throws(ShardError) -> [ShardHost] {
        try look(for: map, by: deadline) { () throws(ShardError) in
            try connection.ask(
                """
                SELECT h.name, (
                        SELECT count(*) FROM file f WHERE f.host = h.number AND f.generation = p.generation),
                    p.complete, extract(epoch FROM h.seen)::float8
                FROM host h LEFT JOIN current_publications($1::int) p ON p.host = h.number ORDER BY h.name COLLATE "C"
                """, [.integer(map.number)], by: deadline
            ).map { row in
                ShardHost(
                    name: row.text(0), files: row.integer(1), isComplete: row.isNull(2) ? nil : row.flag(2),
                    seen: row.isNull(3) ? nil : row.real(3))
            }
        }
    }

    /// Looks at one moment of the shard, at which it has a map.
    private func look<Found>(
        for map: ShardMap, by deadline: Instant, _ body: () throws(ShardError) -> Found
    ) throws(ShardError) -> Found {
        try beginLook(for: map, by: deadline)
        do throws(ShardError) {
            let found = try body()
            try endListing(by: deadline)
            return found
        } catch {
            if !error.endsConnection { try endListing(by: deadline) }
            throw error
        }
    }

    private func beginLook(for map: ShardMap, by deadline: Instant) throws(ShardError) {
        try connection.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", by: deadline)
        do throws(ShardError) {
            try connection.ask("SELECT timbred.require_map($1::int)", [.integer(map.number)], by: deadline)
        } catch {
            if !error.endsConnection { try endListing(by: deadline) }
            throw error
        }
    }
}
