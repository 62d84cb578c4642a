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
    /// A server notices only a moment later that a program has ended, so another one is waited for, for two seconds.
    ///
    /// - Throws: ``ShardError`` if another one does.
    package func claimResizing(by deadline: Instant) throws(ShardError) {
        do throws(ShardError) {
            try connection.ask("SET lock_timeout = '2s'", by: deadline)
            try connection.ask("SELECT pg_advisory_lock(hashtext('timbred.resize'), 0)", by: deadline)
            try connection.ask("RESET lock_timeout", by: deadline)
        } catch {
            guard error.reason == .refused(state: "55P03") else { throw error }
            throw ShardError(
                error.reason, "another timbre-cluster changes the number of shards, or offers a model, now")
        }
    }

    /// Whether this connection is still the one that changes the number of shards.
    package func holdsResizing(by deadline: Instant) throws(ShardError) -> Bool {
        try connection.ask(
            """
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
                AND classid = hashtext('timbred.resize')::oid AND objid = 0 AND objsubid = 2)
            """, by: deadline
        ).first?.flag(0) == true
    }

    /// Makes the shard part of a map, if it is not yet: from now on machines publish to it what belongs there.
    ///
    /// - Throws: ``ShardError``, also if it is still part of another map of that number, which was given up elsewhere.
    package func announce(_ map: ShardMap, by deadline: Instant) throws(ShardError) {
        try change(.announce, map, by: deadline)
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
        try change(.makeReady, map, by: deadline)
    }

    /// Gives all maps up but one: from now on nobody asks by them or publishes for them. The library of a host of which nothing is
    /// left is forgotten: it may be another one when the host publishes again.
    package func keep(only map: ShardMap, by deadline: Instant) throws(ShardError) {
        try change(.keep, map, by: deadline)
    }

    /// Does a step of a change of the number of shards, if the shard's maps still allow it, and makes sure that it is done.
    ///
    /// - Throws: ``ShardError``, with the reason `overtaken` if the maps do not allow it any more.
    private func change(_ step: ResizeStep, _ map: ShardMap, by deadline: Instant) throws(ShardError) {
        try connection.ask("BEGIN", by: deadline)
        do throws(ShardError) {
            // Nobody else changes the maps until this ends. Questions and publications only read them, and go on.
            try connection.ask("LOCK TABLE timbred.map IN SHARE ROW EXCLUSIVE MODE", by: deadline)
            let maps = try connection.shardMaps(by: deadline)
            if let obstacle = step.obstacle(to: map, on: number, maps) {
                throw ShardError(.overtaken, "shard \(number) \(obstacle)")
            }
            if step.mustForget(maps, for: map) { try connection.ask("SELECT timbred.keep(0)", by: deadline) }
            let (number, count) = (ShardValue.integer(map.number), ShardValue.integer(map.shardCount))
            switch step {
            case .announce:
                try connection.ask("SELECT timbred.announce($1::int, $2::int)", [number, count], by: deadline)
            case .makeReady:
                try connection.ask(
                    "UPDATE timbred.map SET ready = true WHERE number = $1::int AND shards = $2::int", [number, count],
                    by: deadline)
            case .keep: try connection.ask("SELECT timbred.keep($1::int)", [number], by: deadline)
            }
            guard step.isDone(map, try connection.shardMaps(by: deadline)) else {
                throw ShardError(
                    .nonsense, "shard \(self.number) did not do what it was told; run `timbre-cluster init`")
            }
            try connection.ask("COMMIT", by: deadline)
        } catch {
            if !error.endsConnection { try connection.ask("ROLLBACK", by: deadline) }
            throw error
        }
    }

    /// Removes some of what was published for maps that were given up; says whether there was anything.
    package func sweep(by deadline: Instant) throws(ShardError) -> Bool {
        try connection.ask("SELECT timbred.sweep(5000)", by: deadline).first?.flag(0) == true
    }
}
