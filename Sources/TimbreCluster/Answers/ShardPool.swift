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
    }

    /// What came of a question to one shard: an answer, and the map that it went by; or nothing, as the shard is not ready for
    /// the map.
    private enum Outcome<Answer: Sendable>: Sendable {
        case answer(Answer, by: ShardMap)
        case ofAnotherMap
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
    ///   - keeps: Whether connections are kept for the next question. One that an answer still uses must not be.
    ///   - looksAgain: Whether shards are asked for their maps, and not only if those of before are no good any more.
    ///   - body: Is given the map to go by, and throws if the shard is not ready for it.
    func ask<Answer: Sendable>(
        atMost longest: Duration? = nil, keeps: Bool = true, looksAgain: Bool = false,
        _ body: @escaping @Sendable (Shard, ShardMap, Instant) throws(ShardError) -> Answer
    ) -> [ShardReply<Answer>] {
        let limit = longest ?? patience
        let deadline = Instant.now + limit
        var map = state.withLock { $0.map }
        var isLast = false
        for round in 1... {
            let promises = addresses.prefix(map?.shardCount ?? addresses.count).map { [map] address in
                let promise = Promise<Outcome<Answer>, ShardError>()
                start(address, promise) { [self] () throws(ShardError) in
                    try answer(
                        address, by: deadline, limit, Manner(keeps: keeps, looksAgain: looksAgain, map: map), body)
                }
                return promise
            }
            if let replies = Self.replies(promises, addresses, map, by: deadline + Self.grace, isLast: isLast) {
                state.withLock { $0.map = replies.map }
                return replies.all
            }
            let next = state.withLock { $0.choice.best }
            isLast = next == map || round == Self.mostRounds
            map = next
        }
        return []
    }

    /// Waits for the shards of a map: that of the question or, without one, that by which the first of them answers.
    ///
    /// - Returns: Nil if shards went by different maps, unless this is the last try.
    private static func replies<Answer>(
        _ promises: [Promise<Outcome<Answer>, ShardError>], _ addresses: [ShardAddress], _ asked: ShardMap?,
        by deadline: Instant, isLast: Bool
    ) -> (map: ShardMap?, all: [ShardReply<Answer>])? {
        var map = asked
        var replies: [ShardReply<Answer>] = []
        for (address, promise) in zip(addresses, promises) where address.number <= map?.shardCount ?? .max {
            var answer: Result<Answer, ShardError>
            switch result(of: promise, by: deadline) {
            case .success(.answer(let found, let usedMap)) where usedMap.number == map?.number ?? usedMap.number:
                map = usedMap
                answer = .success(found)
            case .success:
                guard isLast else { return nil }
                answer = .failure(
                    ShardError(.nonsense, "it has not all that belongs there yet; run `timbre-cluster resize`"))
            case .failure(let error): answer = .failure(error)
            }
            replies.append(ShardReply(shard: address.number, name: address.name, answer: answer))
        }
        // What a machine has never been told of cannot be asked.
        for number in 1...max(1, map?.shardCount ?? 1) where number > addresses.count {
            let words = "timbred.toml names only the first \(addresses.count) of \(map?.shardCount ?? 0) shards"
            replies.append(
                ShardReply(shard: number, name: "no address", answer: .failure(ShardError(.away, words))))
        }
        return (map, replies)
    }

    private static func result<Answer>(
        of promise: Promise<Answer, ShardError>, by deadline: Instant
    ) -> Result<Answer, ShardError> {
        do throws(ShardError) {
            if let answer = try promise.wait(until: deadline) { return .success(answer) }
            return .failure(ShardError(.late, "no answer in time"))
        } catch { return .failure(error) }
    }

    private func start<Answer>(
        _ address: ShardAddress, _ promise: Promise<Answer, ShardError>,
        _ body: @escaping @Sendable () throws(ShardError) -> Answer
    ) {
        let isTooMuch = state.withLock { state in
            if state.busy[address.number, default: 0] >= Self.mostBusy { return true }
            state.busy[address.number, default: 0] += 1
            return false
        }
        if isTooMuch { return promise.fulfil(.failure(ShardError(.late, "too many questions wait for it"))) }
        do {
            try DetachedThread.start { [self] in
                promise.fulfil(Result(catching: body))
                state.withLock { $0.busy[address.number, default: 1] -= 1 }
            }
        } catch {
            state.withLock { $0.busy[address.number, default: 1] -= 1 }
            promise.fulfil(.failure(ShardError(.away, "\(error)")))
        }
    }

    private func answer<Answer>(
        _ address: ShardAddress, by deadline: Instant, _ longest: Duration, _ manner: Manner,
        _ body: @Sendable (Shard, ShardMap, Instant) throws(ShardError) -> Answer
    ) throws(ShardError) -> Outcome<Answer> {
        // What was kept may have broken since, and says so at once.
        while let kept = state.withLock({ $0.idle[address.number]?.popLast() }) {
            do throws(ShardError) { return try answer(kept, address, by: deadline, manner, body) } catch {
                guard error.reason == .away else { throw error }
            }
        }
        let shard = try Shard(at: address, patience: longest, by: deadline)
        return try answer(shard, address, by: deadline, manner, body)
    }

    /// Asks over a connection, by a map or, without one, by the newest that the shard is ready for.
    private func answer<Answer>(
        _ shard: Shard, _ address: ShardAddress, by deadline: Instant, _ manner: Manner,
        _ body: @Sendable (Shard, ShardMap, Instant) throws(ShardError) -> Answer
    ) throws(ShardError) -> Outcome<Answer> {
        var shard = shard
        do throws(ShardError) {
            for isFresh in manner.looksAgain ? [true] : [false, true] {
                if isFresh { shard = try shard.refreshed(by: deadline) }
                state.withLock { $0.choice.known[address.number] = shard.maps }
                let map = shard.maps.last { $0.isReady && $0.number == manner.map?.number ?? $0.number }
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
