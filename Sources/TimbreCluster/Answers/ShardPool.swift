import ClusterShards
import Platform
import ShardConnections
import Synchronization
import TimbreWire

/// What a shard said, or why it is missing.
struct ShardReply<Answer: Sendable>: Sendable {
    let address: ShardAddress
    let answer: Result<Answer, ShardError>

    /// What the shard said; nil if it is missing.
    var found: Answer? { if case .success(let found) = answer { found } else { nil } }
}

extension [MissingShard] {
    /// The shards that did not answer; nil if all did.
    static func missing<Answer>(_ replies: [ShardReply<Answer>]) -> [MissingShard]? {
        let missing = replies.compactMap { reply -> MissingShard? in
            guard case .failure(let error) = reply.answer else { return nil }
            return MissingShard(shard: reply.address.number, why: "\(reply.address.name): \(error.words)")
        }
        return missing.isEmpty ? nil : missing
    }
}

/// Asks all shards at once, each on a thread of its own, and waits for none longer than it is told.
///
/// Connections are kept for the next question.
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
    }

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

    /// Asks every shard the same.
    ///
    /// - Parameters:
    ///   - longest: How long it may take; ``patience`` if nil.
    ///   - keeps: Whether connections are kept for the next question. One that an answer still uses must not be.
    func ask<Answer: Sendable>(
        atMost longest: Duration? = nil, keeps: Bool = true,
        _ body: @escaping @Sendable (Shard, Instant) throws(ShardError) -> Answer
    ) -> [ShardReply<Answer>] {
        let deadline = Instant.now + (longest ?? patience)
        let promises = addresses.map { address in
            let promise = Promise<Answer, ShardError>()
            start(address, promise) { [self] () throws(ShardError) in
                try answer(address, by: deadline, longest ?? patience, keeps, body)
            }
            return promise
        }
        return zip(addresses, promises).map { address, promise in
            ShardReply(address: address, answer: Self.result(of: promise, by: deadline + Self.grace))
        }
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
        _ address: ShardAddress, by deadline: Instant, _ longest: Duration, _ keeps: Bool,
        _ body: @Sendable (Shard, Instant) throws(ShardError) -> Answer
    ) throws(ShardError) -> Answer {
        // What was kept may have broken since, and says so at once.
        while let kept = state.withLock({ $0.idle[address.number]?.popLast() }) {
            do throws(ShardError) {
                let answer = try body(kept, deadline)
                if keeps { keep(kept, address) }
                return answer
            } catch {
                if !error.endsConnection { keep(kept, address) }
                guard error.reason == .away else { throw error }
            }
        }
        let shard = try Shard(at: address, of: addresses.count, patience: longest, by: deadline)
        do throws(ShardError) {
            let answer = try body(shard, deadline)
            if keeps { keep(shard, address) }
            return answer
        } catch {
            if !error.endsConnection { keep(shard, address) }
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
