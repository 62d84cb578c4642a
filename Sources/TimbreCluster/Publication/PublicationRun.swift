import ClusterShards
import ShardConnections
import TimbreWire

/// What is published over one connection to a shard: one library, under one model, for every map that the shard is part of.
///
/// How far the shard is for each map, it knows itself: a position changes in the transaction that takes in the changes.
struct PublicationRun {
    typealias Instant = ContinuousClock.Instant

    /// Another library or model is in use, the shard is elsewhere than it was, or part of other maps: all begin again at once.
    struct Restart: Error {}

    private let shard: Shard
    private let address: ShardAddress
    private let source: ChangePages.Source
    private let pages: ChangePages
    private let board: PublicationBoard
    /// Where the shard is, by the numbers of the maps; nil if nothing was published for one yet.
    private var positions: [Int: PublicationPosition?] = [:]
    /// When the shard was last asked for its maps.
    private var lookedAt = Instant.now

    /// How long a shard may take to answer, and to take in a batch.
    static let patience = (answer: Duration.seconds(10), batch: Duration.seconds(120))
    /// How often a batch is tried that other hosts are in the way of.
    private static let attempts = 20
    /// After what time a shard is asked for its maps again.
    private static let lookInterval = Duration.seconds(3)

    /// - Throws: ``ShardError``, also if the shard is part of no map.
    init(
        to shard: Shard, at address: ShardAddress, of source: ChangePages.Source, pages: ChangePages,
        board: PublicationBoard
    ) throws(ShardError) {
        guard !shard.maps.isEmpty else {
            throw ShardError(
                .nonsense, "it is not part of the cluster; run `timbre-cluster resize`, or take it out of timbred.toml")
        }
        (self.shard, self.address, self.source, self.pages, self.board) = (shard, address, source, pages, board)
        board.counted(shard.maps.map(\.shardCount).max() ?? 0)
        for map in shard.maps {
            positions[map.number] = .some(
                try shard.position(model: source.model, for: map, by: .now + Self.patience.answer))
        }
    }

    /// Publishes what there is now, for all maps, until the shard is at one place for them all.
    ///
    /// - Returns: That place.
    mutating func catchUp() throws -> PublicationPosition? {
        while true {
            // A map that is new is far behind the others: these are brought up to date between its pages.
            var read: [(place: PublicationPosition?, page: Changes.Reply)] = []
            for map in shard.maps {
                let place = positions[map.number] ?? nil
                let page = try read.first { $0.place.isSamePlace(as: place) }?.page ?? pages.page(after: place)
                read.append((place, page))
                try take(page, for: map)
            }
            let isCurrent = read.allSatisfy(\.page.last)
            let place = positions[shard.maps[0].number] ?? nil
            board.published(address.number, name: address.name, upTo: place?.next ?? 0, isCurrent: isCurrent)
            if isCurrent, positions.values.allSatisfy({ $0.isSamePlace(as: place) }) { return place }
            try look()
        }
    }

    /// Publishes some changes that came behind the place where the shard was caught up with.
    mutating func publish(_ page: Changes.Reply) throws {
        for map in shard.maps { try take(page, for: map) }
        board.published(address.number, name: address.name, upTo: page.next, isCurrent: page.last)
        try look()
    }

    /// Finds out now and then whether the shard is part of other maps by now.
    private mutating func look() throws {
        guard Instant.now - lookedAt > Self.lookInterval else { return }
        let maps = try shard.refreshed(by: .now + Self.patience.answer).maps
        guard maps.areSame(as: shard.maps) else { throw Restart() }
        lookedAt = .now
    }

    private mutating func take(_ page: Changes.Reply, for map: ShardMap) throws {
        guard page.library == source.library, page.model == source.model else { throw Restart() }
        let position = positions[map.number] ?? nil
        if let position, position.isComplete, position.next == page.next, position.history == page.history {
            // Nothing is new here, but the shard may have been restored from a backup since.
            let known = try shard.position(model: source.model, for: map, by: .now + Self.patience.answer)
            guard known == position else { throw Restart() }
            return
        }
        try send(try PublicationBatch(page, from: position, to: address.number, for: map))
        positions[map.number] = PublicationPosition(
            next: page.next, history: page.history,
            isComplete: page.last || position?.isComplete == true && !page.anew)
    }

    private func send(_ batch: PublicationBatch) throws {
        for attempt in 1... {
            do throws(ShardError) {
                return try shard.publish(batch.changes, batch.files, by: .now + Self.patience.batch)
            } catch {
                if error.isOfAnotherPosition || error.isOfAnotherMap { throw Restart() }
                guard error.passesByItself, attempt < Self.attempts else { throw error }
            }
        }
    }
}
