import ShardConnections

/// Which files a search in a shard may find. Every condition that is set must hold.
package struct ShardFilter: Hashable, Sendable {
    /// In seconds.
    package var minDuration: Double?
    package var maxDuration: Double?
    package var channels: Int?
    /// When the file must have come or later, in seconds since 1970.
    package var since: Double?
    /// Whether files are found whose folder is not there now.
    package var includesOffline = false
    /// The name of a host.
    package var host: String?
    /// A directory without a slash at its end, or a file.
    package var under: [UInt8]?
    /// Regular expressions, as PostgreSQL has them, for the name and for the path, byte by byte as letters of Latin-1.
    package var namePattern: String?
    package var pathPattern: String?

    package init() {}
}

/// What a search in a shard goes by: the mean of some vectors, the squared distance to which orders files as the mean of
/// their squared distances does.
package struct ShardQuestion: Hashable, Sendable {
    /// `sha256:…`: the model of the vectors.
    package var model: String
    /// How many vectors, and their sum: 128 components.
    package var vectorCount: Int
    package var sum: [Int]
    /// How many files to find at most.
    package var count: Int
    package var filter: ShardFilter
    /// Files that are not to be found: their library's random name, and their numbers there.
    package var library: String
    package var excluded: [Int]
    /// What is added to a key to make it the squared distances to all vectors, added up, times their number.
    package var rest: Int
    /// Vectors that a file must be farther from, each, than from those of the question.
    package var away: [[Int]]

    package init(
        model: String, vectorCount: Int, sum: [Int], count: Int, filter: ShardFilter, library: String, excluded: [Int],
        rest: Int, away: [[Int]]
    ) {
        self.model = model
        self.vectorCount = vectorCount
        self.sum = sum
        self.count = count
        self.filter = filter
        self.library = library
        self.excluded = excluded
        self.rest = rest
        self.away = away
    }
}

/// A file that a search found.
package struct ShardMatch: Hashable, Sendable {
    /// The square of the distance to the mean, times that of the number of vectors: an integer.
    package var key: Int
    /// When the file came, in seconds since 1970.
    package var added: Double
    /// The number of its host, and its own there.
    package var host: Int
    package var id: Int
    package var hostName: String
    package var path: [UInt8]
    /// In seconds.
    package var duration: Double
    /// Samples at 22 050 Hz.
    package var sampleCount: Int
    /// The codes of its spans, 16 bytes each.
    package var codes: [UInt8]
}

extension Shard {
    /// The nearest files of the shard, exactly, in the order (key, added, host, id).
    ///
    /// - Throws: ``ShardError``, also if the shard is not ready for the map, or nothing is there under the model any more.
    package func near(_ question: ShardQuestion, for map: ShardMap, by deadline: Instant) throws(ShardError)
        -> [ShardMatch]
    {
        let mean = question.sum.map { Double($0) / Double(question.vectorCount) }
        let filter = question.filter
        let away = question.away.map { $0.map(Double.init) }
        return try connection.ask(
            """
            SELECT key, added, host, id, host_name, path, duration, samples, codes
            FROM timbred.require_model($1, $2::int) AS required (map) CROSS JOIN LATERAL timbred.near(
                $1, required.map, $3::int, $4::timbred.cube, $5::timbred.cube, $6::int, $7, $8, $9::int, $10, $11, $12, $13,
                $14, $15, $16, $17, $18, $19, $20)
            """,
            [
                .text(question.model), .integer(map.number), .integer(question.vectorCount),
                .point(Array(mean.prefix(64))), .point(Array(mean.dropFirst(64))), .integer(question.count),
                .real(filter.minDuration), .real(filter.maxDuration), .integer(filter.channels), .real(filter.since),
                .flag(filter.includesOffline), .text(filter.host), .bytes(filter.under), .text(filter.namePattern),
                .text(filter.pathPattern), .text(question.library), .integers(question.excluded),
                .integer(question.rest), .points(away.map { Array($0.prefix(64)) }),
                .points(away.map { Array($0.dropFirst(64)) }),
            ], by: deadline
        ).map { row in
            ShardMatch(
                key: row.integer(0), added: row.real(1), host: row.integer(2), id: row.integer(3),
                hostName: row.text(4), path: row.bytes(5), duration: row.real(6), sampleCount: row.integer(7),
                codes: row.bytes(8))
        }
    }
}
