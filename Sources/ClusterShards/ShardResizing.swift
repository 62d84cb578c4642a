import ShardConnections

/// How far a shard has taken in the changes of a host's library for a map.
package struct HostPublication: Hashable, Sendable {
    /// The shard's number, and that of the map.
    package var shard: Int
    package var map: Int
    /// The name of the host.
    package var host: String
    /// `sha256:…`: the model that it is published under.
    package var model: String
    /// The random name of the library that the shard takes changes of; nil if that may be any.
    package var library: String?
    /// The number of the last change.
    package var next: Int
    /// Whether all files are there that the library had by then.
    package var isComplete: Bool

    package init(
        shard: Int, map: Int, host: String, model: String, library: String?, next: Int, isComplete: Bool
    ) {
        self.shard = shard
        self.map = map
        self.host = host
        self.model = model
        self.library = library
        self.next = next
        self.isComplete = isComplete
    }
}

/// What is done by a role that may set shards up, when a cluster gets another number of shards.
extension Shard {
    /// Makes this connection the one that changes the number of shards.
    ///
    /// - Throws: ``ShardError`` if another one does.
    package func claimResizing(by deadline: Instant) throws(ShardError) {
        let rows = try connection.ask("SELECT pg_try_advisory_lock(hashtext('timbred.resize'), 0)", by: deadline)
        guard rows.first?.flag(0) == true else {
            throw ShardError(.refused(state: "55P03"), "another timbre-cluster changes the number of shards now")
        }
    }

    /// Makes the shard part of a map, if it is not yet: from now on machines publish to it what belongs there.
    ///
    /// - Throws: ``ShardError``, also if it is still part of another map of that number, which was given up elsewhere.
    package func announce(_ map: ShardMap, by deadline: Instant) throws(ShardError) {
        try connection.ask(
            "SELECT timbred.announce($1::int, $2::int)", [.integer(map.number), .integer(map.shardCount)], by: deadline)
        let rows = try connection.ask(
            "SELECT c.shard, m.shards FROM timbred.cluster c CROSS JOIN timbred.map m WHERE m.number = $1::int",
            [.integer(map.number)], by: deadline)
        guard let row = rows.first, row.integer(1) != map.shardCount else { return }
        throw ShardError(
            .nonsense,
            "shard \(row.integer(0)) is on the way to \(row.integer(1)) shards, and not to \(map.shardCount): give that up "
                + "first, by `timbre-cluster resize --to` with the number that there are")
    }

    /// How far all hosts are, for all maps and models.
    package func publications(by deadline: Instant) throws(ShardError) -> [HostPublication] {
        try connection.ask(
            """
            SELECT (SELECT shard FROM timbred.cluster), p.map, h.name, p.hash, h.library, p.next, p.complete
            FROM timbred.published p JOIN timbred.host h ON h.number = p.host
            """, by: deadline
        ).map { row in
            HostPublication(
                shard: row.integer(0), map: row.integer(1), host: row.text(2), model: row.text(3),
                library: row.isNull(4) ? nil : row.text(4), next: row.integer(5), isComplete: row.flag(6))
        }
    }

    /// Lets questions go by a map.
    package func makeReady(_ map: ShardMap, by deadline: Instant) throws(ShardError) {
        try connection.ask(
            "UPDATE timbred.map SET ready = true WHERE number = $1::int AND NOT ready", [.integer(map.number)],
            by: deadline)
    }

    /// Gives all maps up but one: from now on nobody asks by them or publishes for them. The library of a host of which nothing is
    /// left is forgotten: it may be another one when the host publishes again.
    package func keep(only map: ShardMap, by deadline: Instant) throws(ShardError) {
        try connection.ask("SELECT timbred.keep($1::int)", [.integer(map.number)], by: deadline)
    }

    /// Removes some of what was published for maps that were given up; says whether there was anything.
    package func sweep(by deadline: Instant) throws(ShardError) -> Bool {
        try connection.ask("SELECT timbred.sweep(5000)", by: deadline).first?.flag(0) == true
    }
}
