import ClusterShards
import ShardConnections
import TimbreWire

/// What is published over one connection to a shard: one library, under each model that somebody asks by, for every map that the
/// shard is part of.
///
/// How far the shard is for each map and model, it knows itself: a position changes in the transaction that takes in the changes.
struct PublicationRun {
    typealias Instant = ContinuousClock.Instant

    /// Another library or model is in use, the shard is elsewhere than it was, part of other maps, or told of another model: all
    /// begin again at once.
    struct Restart: Error {}

    /// What one generation of the shard is.
    private struct Target: Hashable {
        /// The number of the map.
        var map: Int
        var model: String
    }

    private let shard: Shard
    private let address: ShardAddress
    private let source: ChangePages.Source
    private let pages: ChangePages
    private let board: PublicationBoard
    private let settled: SettledOffer
    /// The model that the cluster is to use, as the shard was told, or another one that has settled it; nil if there is none.
    private let offer: ModelOffer?
    /// Whether the library has it.
    private let isAccepted: Bool
    private let models: [String]
    /// Where the shard is; nil if nothing was published yet.
    private var positions: [Target: PublicationPosition?] = [:]
    /// When the shard was last asked for its maps and the offer.
    private var lookedAt = Instant.now

    /// How long a shard may take to answer, and to take in a batch.
    static let patience = (answer: Duration.seconds(10), batch: Duration.seconds(120))
    /// How often a batch is tried that other hosts are in the way of.
    private static let attempts = 20
    /// After what time a shard is asked for its maps again.
    private static let lookInterval = Duration.seconds(3)

    /// - Throws: ``ShardError``, also if the shard is part of no map; ``PublishedModels/Obstacle``; and what the library throws.
    init(
        to shard: Shard, at address: ShardAddress, of source: ChangePages.Source, pages: ChangePages,
        board: PublicationBoard, settled: SettledOffer
    ) throws {
        guard !shard.maps.isEmpty else {
            throw ShardError(
                .nonsense, "it is not part of the cluster; run `timbre-cluster resize`, or take it out of timbred.toml")
        }
        (self.shard, self.address, self.source, self.pages, self.board) = (shard, address, source, pages, board)
        self.settled = settled
        board.counted(shard.maps.map(\.shardCount).max() ?? 0)
        offer = settled.counting(try shard.offer(by: .now + Self.patience.answer))
        isAccepted = try offer.map { try $0.model == source.model || pages.has($0.model) } ?? false
        // Also where nothing may be published: others wait for what it uses.
        try shard.stand(
            uses: source.model, has: isAccepted ? offer?.model : nil, isCurrent: false, by: .now + Self.patience.batch)
        models = try PublishedModels(
            offer: offer, used: source.model, asked: try shard.askedModels(by: .now + Self.patience.answer),
            has: pages.has
        ).models
        for map in shard.maps {
            for model in models {
                positions[Target(map: map.number, model: model)] = .some(
                    try shard.position(model: model, for: map, by: .now + Self.patience.answer))
            }
        }
    }

    /// Publishes what there is now, for all maps and models, until the shard is at one place for them all.
    ///
    /// - Returns: That place.
    mutating func catchUp() throws -> PublicationPosition? {
        let place = try catchUp(models)
        if let offer, isAccepted {
            try shard.stand(
                uses: source.model, has: offer.model, isCurrent: true, by: .now + Self.patience.batch)
        }
        return place
    }

    private mutating func catchUp(_ models: [String]) throws -> PublicationPosition? {
        while true {
            // A map or a model that is new is far behind the others: these are brought up to date between its pages.
            var read: [(model: String, place: PublicationPosition?, page: Changes.Reply)] = []
            for map in shard.maps {
                for model in models {
                    let place = position(map, model)
                    let known = read.first { $0.model == model && $0.place.isSamePlace(as: place) }?.page
                    let page = try known ?? pages.page(after: place, under: model == source.model ? nil : model)
                    read.append((model, place, page))
                    try take(page, for: map, under: model)
                }
            }
            let isCurrent = read.allSatisfy(\.page.last)
            let place = position(shard.maps[0], models[0])
            board.published(address.number, name: address.name, upTo: place?.next ?? 0, isCurrent: isCurrent)
            if isCurrent, positions.allSatisfy({ !models.contains($0.key.model) || $0.value.isSamePlace(as: place) }) {
                return place
            }
            try look()
        }
    }

    /// Publishes some changes that came behind the place where the shard was caught up with.
    mutating func publish(_ page: Changes.Reply) throws {
        guard page.library == source.library, page.model == source.model else { throw Restart() }
        for map in shard.maps where models.contains(source.model) { try take(page, for: map, under: source.model) }
        // Under other models the same changes are read once more.
        let others = models.filter { $0 != source.model }
        let isBehind = shard.maps.contains { map in
            others.contains { model in position(map, model).map { $0.next != page.next } ?? true }
        }
        if isBehind {
            _ = try catchUp(others)
        } else {
            for map in shard.maps { for model in others { try confirm(map, model) } }
        }
        board.published(address.number, name: address.name, upTo: page.next, isCurrent: page.last)
        try look()
    }

    private func position(_ map: ShardMap, _ model: String) -> PublicationPosition? {
        positions[Target(map: map.number, model: model)] ?? nil
    }

    /// Finds out now and then whether the shard is part of other maps by now, or there is news of models.
    private mutating func look() throws {
        guard Instant.now - lookedAt > Self.lookInterval else { return }
        let maps = try shard.refreshed(by: .now + Self.patience.answer).maps
        guard maps.areSame(as: shard.maps) else { throw Restart() }
        let offer = settled.counting(try shard.offer(by: .now + Self.patience.answer))
        guard offer?.number == self.offer?.number, offer?.model == self.offer?.model,
            offer?.isSettled == self.offer?.isSettled
        else { throw Restart() }
        if let offer, !offer.isSettled {
            let asked = try shard.askedModels(by: .now + Self.patience.answer)
            let now = try PublishedModels(offer: offer, used: source.model, asked: asked, has: pages.has)
            guard now.models == models else { throw Restart() }
        }
        lookedAt = .now
    }

    private mutating func take(_ page: Changes.Reply, for map: ShardMap, under model: String) throws {
        guard page.library == source.library, page.model == model else { throw Restart() }
        let position = position(map, model)
        if let position, position.isComplete, position.next == page.next, position.history == page.history {
            return try confirm(map, model)
        }
        try send(try PublicationBatch(page, from: position, to: address.number, for: map))
        positions[Target(map: map.number, model: model)] = PublicationPosition(
            next: page.next, history: page.history,
            isComplete: page.last || position?.isComplete == true && !page.anew)
    }

    /// Nothing is new here, but the shard may have been restored from a backup since.
    private func confirm(_ map: ShardMap, _ model: String) throws {
        let known = try shard.position(model: model, for: map, by: .now + Self.patience.answer)
        guard known == position(map, model) else { throw Restart() }
    }

    private func send(_ batch: PublicationBatch) throws {
        for attempt in 1... {
            do throws(ShardError) {
                return try shard.publish(batch.changes, batch.files, by: .now + Self.patience.batch)
            } catch {
                if error.isOfAnotherPosition || error.isOfAnotherMap || error.isOfAnotherModel { throw Restart() }
                guard error.passesByItself, attempt < Self.attempts else { throw error }
            }
        }
    }
}
