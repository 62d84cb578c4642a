import ShardConnections

/// A shard of a cluster, open: the server answers, and is the right one.
package struct Shard: Sendable {
    package typealias Instant = ContinuousClock.Instant

    /// The version of the schema that this program reads and writes.
    static let version = 4

    let connection: ShardConnection
    /// Its number, from 1.
    package let number: Int
    /// The random name of the cluster.
    package let cluster: String
    /// The maps that it was part of when it was last asked, the oldest first.
    package private(set) var maps: [ShardMap]

    /// Connects.
    ///
    /// - Parameters:
    ///   - patience: After what time the server itself gives up on a statement, so that nothing runs on for somebody who has
    ///     left.
    /// - Throws: ``ShardError``, also if it is another shard than it should be.
    package init(
        at address: ShardAddress, patience: Duration, by deadline: Instant
    ) throws(ShardError) {
        connection = try ShardConnection(to: address, by: deadline)
        number = address.number
        // The server notices within a minute if this machine is gone, and lets another connection publish for it.
        let milliseconds = Int(patience / .milliseconds(1))
        try connection.ask(
            """
            SELECT set_config('statement_timeout', $1, false), set_config('search_path', 'timbred, pg_catalog', false),
            set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false),
            set_config('tcp_keepalives_count', '3', false)
            """, [.text("\(milliseconds)")], by: deadline)
        let rows: [ShardRow]
        do throws(ShardError) {
            rows = try connection.ask("SELECT version, id::text, shard FROM timbred.cluster", by: deadline)
        } catch {
            // The table or its schema is not there.
            guard [.refused(state: "42P01"), .refused(state: "3F000")].contains(error.reason) else { throw error }
            throw ShardError(error.reason, "it is not set up; run `timbre-cluster init`")
        }
        guard let row = rows.first else { throw ShardError(.nonsense, "it does not say which shard it is") }
        guard row.integer(0) == Self.version else {
            throw ShardError(
                .nonsense,
                row.integer(0) > Self.version
                    ? "it was set up by a later timbre-cluster; install that one here"
                    : "it was set up by an earlier timbre-cluster; run `timbre-cluster init`")
        }
        guard row.integer(2) == address.number else {
            throw ShardError(
                .nonsense,
                "it is shard \(row.integer(2)), and not shard \(address.number); put the shards into the order in which they "
                    + "were set up")
        }
        cluster = row.text(1)
        maps = try connection.shardMaps(by: deadline)
    }

    /// The same connection, and the maps that the shard is part of now.
    package func refreshed(by deadline: Instant) throws(ShardError) -> Shard {
        var shard = self
        shard.maps = try connection.shardMaps(by: deadline)
        return shard
    }
}

extension ShardError {
    /// Whether the shard is not part of the map that it was asked by, or not all of it is there; one of the schema's own.
    package var isOfAnotherMap: Bool { reason == .refused(state: "TB004") }

    /// Whether nothing is found, or may be published, under the model, but under another one; one of the schema's own.
    package var isOfAnotherModel: Bool { reason == .refused(state: "TB005") }

    /// Whether a host has published more, or less, than it believed; one of the schema's own.
    package var isOfAnotherPosition: Bool { reason == .refused(state: "TB001") }
}
