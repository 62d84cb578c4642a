import ClusterShards
import Platform
import ShardConnections
import SystemPackage
import TimbreWire
import Varlink

/// Answers questions about all libraries of the cluster.
package struct ClusterAnswers: ClusterResponder {
    private let pool: ShardPool
    private let search: ClusterSearch
    private let listing: ClusterListing
    private let duplicates: ClusterDuplicates
    private let board: PublicationBoard

    /// - Parameters:
    ///   - library: The socket of timbred.
    ///   - open: How a sound is had that lies elsewhere.
    package init(pool: ShardPool, library: FilePath, open: OpenTemplate?, board: PublicationBoard) {
        self.pool = pool
        self.board = board
        search = ClusterSearch(pool: pool, library: library, open: open)
        listing = ClusterListing(pool: pool)
        duplicates = ClusterDuplicates(pool: pool)
    }

    package func similar(_ parameters: Similar.Parameters, from peer: Peer) throws -> Similar.Reply {
        let end = ShardPool.Instant.now + pool.patience
        var reply = try search.similar(parameters, by: end)
        if reply.results.isEmpty {
            reply.why =
                reply.why
                ?? whyNothingIsFound(at: parameters.filter?.under, isSearch: true, missing: reply.missing, by: end)
        }
        return reply
    }

    package func random(_ parameters: Random.Parameters, from peer: Peer) throws -> Random.Reply {
        let end = ShardPool.Instant.now + pool.patience
        var reply = try listing.random(parameters, by: end)
        if reply.files.isEmpty {
            reply.why = whyNothingIsFound(
                at: parameters.filter?.under, isSearch: true, missing: reply.missing, by: end)
        }
        return reply
    }

    package func list(
        _ parameters: List.Parameters, from peer: Peer, send: (List.Reply) throws -> Void
    ) throws -> List.Reply {
        var hasSent = false
        var reply = try listing.list(parameters) { some in
            hasSent = true
            try send(some)
        }
        if !hasSent, reply.files.isEmpty {
            reply.why = whyNothingIsFound(at: parameters.directory, isSearch: false, missing: reply.missing)
        }
        return reply
    }

    package func duplicates(
        _ parameters: Duplicates.Parameters, from peer: Peer, send: (Duplicates.Reply) throws -> Void
    ) throws -> Duplicates.Reply {
        var hasSent = false
        var reply = try duplicates.duplicates(parameters) { some in
            hasSent = true
            try send(some)
        }
        if !hasSent, reply.groups.isEmpty {
            reply.why = whyNothingIsFound(at: parameters.under, isSearch: false, missing: reply.missing)
        }
        return reply
    }

    package func shards(from peer: Peer) throws -> Shards.Reply {
        let replies = pool.ask(looksAgain: true) { shard, map, deadline throws(ShardError) in
            (hosts: try shard.hosts(for: map, by: deadline), models: try shard.models(by: deadline))
        }
        let rollout = ModelRollout(Dictionary(uniqueKeysWithValues: replies.map { ($0.shard, $0.found?.models) }))
        var hosts = ClusterHosts(replies.map { $0.map(\.hosts) }).all
        for index in hosts.indices {
            hosts[index].model = rollout.hosts.first { $0.name == hosts[index].name }?.uses
        }
        let model = rollout.offer.map { offer in
            ClusterModel(hash: offer.model, by: offer.offerer, since: offer.time, waiting: rollout.waiting)
        }
        // Those that are about to become part of the cluster have no files that are found.
        let next = pool.nextCount
        let coming = pool.addresses.filter { $0.number > replies.count && $0.number <= next ?? 0 }
        return Shards.Reply(
            version: Release.version, shards: replies.map(shard) + coming.map { shard($0.number, $0.name) },
            resizing: next, model: model, hosts: hosts)
    }

    /// Why an answer is empty, in words; nil if nothing is known of that. No answer is empty for a reason that nobody names.
    ///
    /// - Parameters:
    ///   - missing: The shards that have not answered, which are not asked once more.
    ///   - end: When the whole call has to end; nil if it may take as long as a question from now on.
    private func whyNothingIsFound(
        at place: WirePath?, isSearch: Bool, missing: [MissingShard]?, by end: ShardPool.Instant? = nil
    ) -> String? {
        // Connections would break in vain.
        if let end, end <= .now { return nil }
        let silent = Set((missing ?? []).map(\.shard))
        let replies = pool.ask(by: end, without: silent) { shard, map, deadline throws(ShardError) in
            try shard.hosts(for: map, by: deadline)
        }
        return ClusterHosts(replies).whyNothingIsFound(at: place, isSearch: isSearch)
    }

    private func shard(_ reply: ShardReply<(hosts: [ShardHost], models: ShardModels)>) -> ClusterShard {
        var shard = shard(reply.shard, reply.name)
        switch reply.answer {
        case .success(let found): shard.files = found.hosts.reduce(0) { $0 + $1.files }
        case .failure(let error): shard.why = error.words
        }
        return shard
    }

    private func shard(_ number: Int, _ name: String) -> ClusterShard {
        var shard = ClusterShard(shard: number, address: name, published: .starting)
        switch board.state(of: number) {
        case .starting: break
        case .published(_, let isCurrent): shard.published = isCurrent ? .current : .behind
        case .held(let why, let since): (shard.published, shard.held, shard.since) = (.held, why, since)
        }
        return shard
    }
}
