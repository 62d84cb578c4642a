import ClusterShards
import Platform
import ShardConnections
import Synchronization

/// Asks all shards at once, each on a thread of its own, and waits for none longer than it is told.
///
/// Connections are kept for the next question. While the number of shards changes, all shards of a question go by the same map:
/// if they turn out not to, it is asked again, by the one that all are ready for.
package final class ShardPool: Sendable {
    package typealias Instant = ContinuousClock.Instant

    package let addresses: [ShardAddress]
    /// How long a question may take.
    package let patience: Duration
    private let state = Mutex(State())

    private struct State {
        var idle: [Int: [Shard]] = [:]
        /// Questions that are with a shard, those included that nobody waits for any more.
        var busy: [Int: Int] = [:]
        var choice = MapChoice()
        /// The map that the last question went by.
        var map: ShardMap?

        /// The map that a question goes by at first. Of the last question's, a shard beyond it may have said meanwhile that it
        /// is out of date.
        var firstMap: ShardMap? { map.map(choice.isOutOfDate) == true ? choice.best : map }
    }

    /// How a shard is asked.
    private struct Manner: Sendable {
        var keeps: Bool
        var looksAgain: Bool
        var map: ShardMap?
    }

    /// How often a question is asked while maps change.
    private static let mostRounds = 4

    /// Connections that are kept to a shard.
    private static let mostIdle = 4
    /// Questions that are with a shard at the most: one whose name is looked up in vain holds its thread for long.
    private static let mostBusy = 32
    /// By what the answer comes later than the deadline at the most, beside what merging takes.
    private static let grace = Duration.milliseconds(30)

    package init(_ addresses: [ShardAddress], patience: Duration) {
        self.addresses = addresses
        self.patience = patience
    }

    /// How many shards there are about to be, if the number changes, as far as the last question has shown.
    var nextCount: Int? { state.withLock { $0.choice.nextCount } }

    /// Asks every shard of the cluster the same.
    ///
    /// - Parameters:
    ///   - longest: How long it may take; ``patience`` if nil.
    ///   - end: When it has to end, if that is earlier.
    ///   - leftOut: The numbers of shards that are not asked.
    ///   - keeps: Whether connections are kept for the next question. One that an answer still uses must not be.
    ///   - looksAgain: Whether shards are asked for their maps, and not only if those of before are no good any more.
    ///   - body: Is given the map to go by, and throws if the shard is not ready for it.
    func ask<Answer: Sendable>(
        atMost longest: Duration? = nil, by end: Instant? = nil, without leftOut: Set<Int> = [], keeps: Bool = true,
        looksAgain: Bool = false,
        _ body: @escaping @Sendable (Shard, ShardMap, Instant) throws(ShardError) -> Answer
    ) -> [ShardReply<Answer>] {
        let limit = longest ?? patience
        let deadline = min(end ?? .now + limit, .now + limit)
        var map = state.withLock { $0.firstMap }
        for number in 1... {
            let round = ShardRound<Answer>(addresses, by: map)
            // Over a connection that is kept the server gives a statement up after the usual time.
            let manner = Manner(keeps: keeps && limit == patience, looksAgain: looksAgain, map: map)
            for address in round.asked {
                if leftOut.contains(address.number) {
                    round.ended(.failure(ShardError(.late, "it was not asked")), at: address)
                    continue
                }
                start(address, round) { [self] () throws(ShardError) in
                    try answer(address, round, by: deadline, limit, manner, body)
                }
            }
            let end = round.wait(until: deadline + Self.grace, isLast: number == Self.mostRounds) {
                state.withLock { $0.choice.best }
            }
            switch end {
            case .asksAgain(let best): map = best
            case .replies(let replies, let map):
                if let map { adopt(map) }
                return replies
            }
        }
        return []
    }

    /// Lets the next question go by a map. Connections that do not know it are closed.
    private func adopt(_ map: ShardMap) {
        state.withLock { state in
            guard state.map != map else { return }
            state.map = map
            state.idle = state.idle.mapValues { $0.filter { $0.maps.contains(map) } }
        }
    }

    private func start<Answer>(
        _ address: ShardAddress, _ round: ShardRound<Answer>,
        _ body: @escaping @Sendable () throws(ShardError) -> ShardRound<Answer>.Outcome
    ) {
        let isTooMuch = state.withLock { state in
            if state.busy[address.number, default: 0] >= Self.mostBusy { return true }
            state.busy[address.number, default: 0] += 1
            return false
        }
        if isTooMuch {
            return round.ended(.failure(ShardError(.late, "too many questions wait for it")), at: address)
        }
        do {
            try DetachedThread.start { [self] in
                round.ended(Result(catching: body), at: address)
                state.withLock { $0.busy[address.number, default: 1] -= 1 }
            }
        } catch {
            state.withLock { $0.busy[address.number, default: 1] -= 1 }
            round.ended(.failure(ShardError(.away, "\(error)")), at: address)
        }
    }

    private func answer<Answer>(
        _ address: ShardAddress, _ round: ShardRound<Answer>, by deadline: Instant, _ longest: Duration,
        _ manner: Manner,
        _ body: @Sendable (Shard, ShardMap, Instant) throws(ShardError) -> Answer
    ) throws(ShardError) -> ShardRound<Answer>.Outcome {
        // What was kept may have broken since, and says so at once.
        while manner.keeps, let kept = state.withLock({ $0.idle[address.number]?.popLast() }) {
            do throws(ShardError) {
                return try answer(kept, isNew: false, address, by: deadline, manner, body)
            } catch { guard error.reason == .away else { throw error } }
        }
        let shard = try Shard(at: address, patience: longest, by: deadline)
        round.heard(shard.maps, from: address)
        return try answer(shard, isNew: true, address, by: deadline, manner, body)
    }

    /// Asks over a connection, by a map or, without one, by the newest that the shard is ready for.
    private func answer<Answer>(
        _ shard: Shard, isNew: Bool, _ address: ShardAddress, by deadline: Instant, _ manner: Manner,
        _ body: @Sendable (Shard, ShardMap, Instant) throws(ShardError) -> Answer
    ) throws(ShardError) -> ShardRound<Answer>.Outcome {
        var shard = shard
        do throws(ShardError) {
            for looksAgain in manner.looksAgain && !isNew ? [true] : [false, true] {
                if looksAgain { shard = try shard.refreshed(by: deadline) }
                // What a kept connection was told long ago is not news.
                if looksAgain || isNew { state.withLock { $0.choice.known[address.number] = shard.maps } }
                let map = shard.maps.last { $0.isReady && $0.isSame(as: manner.map ?? $0) }
                guard let map else { continue }
                do throws(ShardError) {
                    let found = try body(shard, map, deadline)
                    if manner.keeps { keep(shard, address) }
                    return .answer(found, by: map)
                } catch { guard error.isOfAnotherMap else { throw error } }
            }
            if manner.keeps { keep(shard, address) }
            return .ofAnotherMap
        } catch {
            // A listing that was refused has left a transaction open.
            if manner.keeps, !error.endsConnection { keep(shard, address) }
            throw error
        }
    }

    private func keep(_ shard: Shard, _ address: ShardAddress) {
        state.withLock { state in
            if state.idle[address.number, default: []].count < Self.mostIdle {
                state.idle[address.number, default: []].append(shard)
            }
        }
    }
}
