import ClusterShards
import Glibc
import Logging
import ShardConnections

/// Sees to it that this machine's library uses the model of the cluster, on a thread of its own: it takes the model in if it may,
/// puts it to use when every host has published everything under it, and removes what is found no more.
package struct ModelFollower: Sendable {
    private let pool: ShardPool
    private let library: LibraryModels
    private let follows: Bool
    private let publishes: Bool
    private let settled: SettledOffer
    private let logger: Logger

    /// Microseconds between two looks at what the shards say, while there is something to do, and else.
    private static let pause = (busy: useconds_t(1_000_000), idle: useconds_t(5_000_000))
    /// How long a shard may take for a step.
    private static let patience = Duration.seconds(60)
    /// Pieces that are removed between two looks.
    private static let mostPieces = 50

    /// - Parameters:
    ///   - follows: Whether an offered model is taken in without anybody's confirmation.
    ///   - publishes: Whether this machine is a host, and does not only ask.
    ///   - settled: Is told what all hosts use.
    package init(
        pool: ShardPool, library: LibraryModels, follows: Bool, publishes: Bool, settled: SettledOffer, logger: Logger
    ) {
        self.pool = pool
        self.library = library
        self.follows = follows
        self.publishes = publishes
        self.settled = settled
        self.logger = logger
    }

    /// Follows for as long as the process lives.
    package func run() {
        var said: String?
        var announced: String?
        while true {
            let rollout = ModelRollout(asking: pool)
            settled.heard(rollout)
            var (line, pause) = (String?.none, rollout.waiting == nil ? Self.pause.idle : Self.pause.busy)
            do { line = try look(at: rollout, &announced) } catch {
                line = "the cluster's model: \(ShardPublisher.words(of: error)); it is tried again"
                pause = Self.pause.idle
            }
            // Once, however often it is looked at.
            if let line, line != said { logger.notice("\(line)") }
            said = line
            usleep(pause)
        }
    }

    /// Does what there is to do.
    ///
    /// - Parameter announced: The model of which the journal was told that it takes the place of another one, which is said once.
    /// - Returns: What somebody has to know, in one line; nil if nothing.
    private func look(at rollout: ModelRollout, _ announced: inout String?) throws -> String? {
        guard let offer = rollout.offer else { return nil }
        // The library follows also where a shard is in the way.
        var failure: (any Error)?
        if publishes {
            do { try help(rollout, with: offer) } catch { failure = error }
        }
        let line = try follow(rollout, offer, &announced)
        if let failure { throw failure }
        return line
    }

    /// Brings the shards further.
    private func help(_ rollout: ModelRollout, with offer: ModelOffer) throws {
        try tell(rollout.lacking, of: offer)
        if rollout.isReached, !rollout.isSettled { try settle(offer) }
        try sweep(rollout.unswept)
    }

    /// Brings the library further.
    private func follow(_ rollout: ModelRollout, _ offer: ModelOffer, _ announced: inout String?) throws -> String? {
        let used = try library.used()
        guard used != offer.model else { return nil }
        switch rollout.step(uses: used, has: try library.has(offer.model)) {
        case .nothing: return nil
        case .accept:
            guard follows else {
                return
                    "\(offer.offerer) offers the model \(offer.model) to the cluster: `timbre-cluster model accept` has this "
                    + "machine follow"
            }
            try ModelDocument(of: offer, from: pool.addresses).add(to: library)
            logger.notice("the model \(offer.model), which \(offer.offerer) offers to the cluster, is taken in")
        case .use:
            // Before it is done, as nobody else may know any more which one it was.
            if announced != offer.model {
                logger.notice("the cluster's model \(offer.model) takes the place of \(used) in this library")
            }
            announced = offer.model
            try library.use(offer.model)
            logger.notice("the model \(offer.model) is used from now on")
            // The next time that another one is used is another time.
            announced = nil
        }
        return nil
    }

    /// Tells shards of an offer that they do not know: it was cut off, or they were restored from a time before. Whom it does not
    /// wait for, and that all use it, no host may say.
    private func tell(_ shards: [Int], of offer: ModelOffer) throws {
        guard !shards.isEmpty else { return }
        var offer = offer
        (offer.leftOut, offer.isSettled) = ([], false)
        let document = try ModelDocument(of: offer, from: pool.addresses)
        for address in pool.addresses where shards.contains(address.number) {
            try Shard(at: address, patience: Self.patience, by: .now + Self.patience)
                .offer(offer, document.bytes, by: .now + Self.patience)
        }
    }

    private func settle(_ offer: ModelOffer) throws {
        for reply in pool.ask({ shard, _, deadline throws(ShardError) in try shard.settle(offer, by: deadline) }) {
            if case .failure(let error) = reply.answer { throw error }
        }
    }

    /// Removes some of what was published under models that are given up.
    private func sweep(_ shards: [Int]) throws {
        for address in pool.addresses where shards.contains(address.number) {
            let shard = try Shard(at: address, patience: Self.patience, by: .now + Self.patience)
            for _ in 0..<Self.mostPieces where try !shard.sweep(by: .now + Self.patience) { break }
        }
    }
}

extension ModelRollout {
    /// What all shards know of models now.
    init(asking pool: ShardPool) {
        let replies = pool.ask(looksAgain: true) { shard, _, deadline throws(ShardError) in
            try shard.models(by: deadline)
        }
        self.init(Dictionary(uniqueKeysWithValues: replies.map { ($0.shard, $0.found) }))
    }
}
