import ClusterShards
import Dispatch
import ShardConnections
import Synchronization

/// A question that is with all shards of a map at once; without a map, with all that have an address, each of which goes by the
/// newest that it is ready for.
final class ShardRound<Answer: Sendable>: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What came of it at one shard.
    enum Outcome: Sendable {
        /// An answer, and the map that it went by.
        case answer(Answer, by: ShardMap)
        /// None, as the shard is not ready for the map, or without one for any.
        case ofAnotherMap
    }

    /// What came of it at all of them.
    enum End: Sendable {
        /// What each said, and the map that they went by; nil if none answered.
        case replies([ShardReply<Answer>], by: ShardMap?)
        /// They did not go by one map. By this one they do, as far as is known.
        case asksAgain(by: ShardMap)
    }

    /// The shards that are asked.
    let asked: ArraySlice<ShardAddress>
    private let addresses: [ShardAddress]
    private let map: ShardMap?
    private let outcomes: Mutex<[Int: Result<Outcome, ShardError>]> = Mutex([:])
    /// The maps of the shards that have said so in this round.
    private let heard: Mutex<[Int: [ShardMap]]> = Mutex([:])
    /// Until when shards are waited for that may be beyond the map, if none is known yet.
    private let hearingEnd: Instant
    /// Is signalled whenever something is heard of a shard.
    private let arrivals = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - addresses: All that there are, in the order of their numbers.
    ///   - map: By which it is asked; nil if none is known yet.
    ///   - hearing: How long a shard may take to say which maps it has, where the others have answered by one without it.
    init(_ addresses: [ShardAddress], by map: ShardMap?, hearing: Duration = .milliseconds(300)) {
        self.addresses = addresses
        self.map = map
        hearingEnd = .now + hearing
        asked = addresses.prefix(map?.shardCount ?? addresses.count)
    }

    /// Notes which maps a shard has that has not answered yet.
    func heard(_ maps: [ShardMap], from shard: ShardAddress) {
        heard.withLock { $0[shard.number] = maps }
        arrivals.signal()
    }

    /// Notes what came of it at a shard.
    func ended(_ outcome: Result<Outcome, ShardError>, at shard: ShardAddress) {
        outcomes.withLock { $0[shard.number] = outcome }
        arrivals.signal()
    }

    /// Waits until all are done that have a say, or it is plain that they do not go by one map.
    ///
    /// - Parameters:
    ///   - deadline: Until when shards are waited for. Those that are late are missing.
    ///   - isLast: Whether it is not asked again in any case.
    ///   - best: The map for which all are ready, as far as is known by then.
    func wait(until deadline: Instant, isLast: Bool, best: () -> ShardMap?) -> End {
        while true {
            let outcomes = outcomes.withLock { $0 }
            let map = map ?? Self.newest(outcomes)
            let isOver = Instant.now >= deadline || !isWaiting(outcomes, by: map)
            // A shard that is late does not keep the others from being asked again. If they were asked by the best map already,
            // whoever is not ready for it is missing.
            if !isLast, Instant.now < deadline, isDivided(outcomes, by: map), let best = best(), best != map {
                return .asksAgain(by: best)
            }
            if isOver { return .replies(replies(outcomes, by: map), by: map) }
            // Dispatch counts nanoseconds in 64 bits: enough for 290 years.
            let next = self.map == nil && .now < hearingEnd ? min(hearingEnd, deadline) : deadline
            let left = min(max(0, (next - .now) / .nanoseconds(1)), 0x1p62)
            _ = arrivals.wait(timeout: .now() + .nanoseconds(Int(left)))
        }
    }

    /// Whether somebody has to be waited for. If the question has no map, an address that says nothing may be that of a shard
    /// which is not part of the cluster yet: it is not waited for long. One that is ready for a newer map has a say.
    private func isWaiting(_ outcomes: [Int: Result<Outcome, ShardError>], by newest: ShardMap?) -> Bool {
        let heard = heard.withLock { $0 }
        return asked.contains { address in
            guard outcomes[address.number] == nil else { return false }
            guard map == nil, let newest, address.number > newest.shardCount else { return true }
            guard let maps = heard[address.number] else { return .now < hearingEnd }
            return maps.contains { $0.isReady && $0.number > newest.number }
        }
    }

    /// The newest map by which a shard answered.
    private static func newest(_ outcomes: [Int: Result<Outcome, ShardError>]) -> ShardMap? {
        outcomes.values.compactMap { outcome in
            if case .success(.answer(_, let map)) = outcome { map } else { nil }
        }.max { $0.number < $1.number }
    }

    /// Whether a shard of the map went by another one.
    private func isDivided(_ outcomes: [Int: Result<Outcome, ShardError>], by map: ShardMap?) -> Bool {
        outcomes.contains { number, outcome in
            guard number <= map?.shardCount ?? .max else { return false }
            return switch outcome {
            case .success(.answer(_, let used)): map.map { !used.isSame(as: $0) } ?? true
            case .success(.ofAnotherMap): true
            case .failure: false
            }
        }
    }

    /// What the shards of the map said.
    private func replies(
        _ outcomes: [Int: Result<Outcome, ShardError>], by map: ShardMap?
    ) -> [ShardReply<Answer>] {
        let count = map?.shardCount ?? addresses.count
        let replies = addresses.prefix(count).map { address in
            let answer: Result<Answer, ShardError> =
                switch outcomes[address.number] {
                case .success(.answer(let found, let used)) where map.map(used.isSame) ?? false: .success(found)
                case .success:
                    .failure(
                        ShardError(.nonsense, "it has not all that belongs there yet; run `timbre-cluster resize`"))
                case .failure(let error): .failure(error)
                case nil: .failure(ShardError(.late, "no answer in time"))
                }
            return ShardReply(shard: address.number, name: address.name, answer: answer)
        }
        // What a machine has never been told of cannot be asked.
        let words = "timbred.toml names only the first \(addresses.count) of \(count) shards"
        let unnamed = (addresses.count..<max(count, addresses.count)).map { place in
            ShardReply<Answer>(
                shard: place + 1, name: "no address", answer: .failure(ShardError(.away, words)))
        }
        return replies + unnamed
    }
}
