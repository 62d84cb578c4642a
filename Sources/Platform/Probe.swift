import Synchronization
import SystemPackage

/// How many threads may wait for answers at a time.
///
/// What should not suffer when another thing hangs has a limit of its own.
package final class ProbeLimit: Sendable {
    /// For all that has none of its own.
    package static let general = ProbeLimit(64)

    private let most: Int
    private let count = Atomic(0)

    package init(_ most: Int) { self.most = most }

    /// Counts a thread, unless there are too many.
    fileprivate func enter() throws(Errno) {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue > most else { return }
        leave()
        throw .resourceTemporarilyUnavailable
    }

    fileprivate func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// A question to a file system that may never be answered: on a dead server's, a system call can take for ever.
///
/// It is asked on a thread of its own. Whoever has waited long enough goes on without the answer; the thread stays where
/// it is until the kernel lets it go.
package final class Probe<Value: Sendable>: Sendable {
    private let answer = Promise<Value, Never>()

    /// Begins to ask.
    ///
    /// - Parameters:
    ///   - limit: How many threads may wait: beyond that, nothing is asked.
    ///   - look: What may block for ever.
    ///   - then: What follows it, on the same thread.
    /// - Throws: `Errno` if there can be no thread, or too many wait already.
    package init(
        limit: ProbeLimit = .general, _ look: @escaping @Sendable () -> Value,
        then: @escaping @Sendable () -> Void = {}
    ) throws(Errno) {
        try limit.enter()
        do throws(Errno) {
            try DetachedThread.start { [answer] in
                let found = look()
                limit.leave()
                answer.fulfil(.success(found))
                then()
            }
        } catch {
            limit.leave()
            throw error
        }
    }

    /// The answer; nil as long as there is none.
    package var found: Value? { answer.valueIfGiven() }

    /// Waits for the answer; nil if it has not come by a moment.
    package func wait(until deadline: ContinuousClock.Instant) -> Value? { answer.wait(until: deadline) }
}

extension Probe {
    /// Asks, and waits for the answer.
    ///
    /// - Returns: nil if there is none within the time, or nothing could be asked.
    package static func answer(
        within time: Duration, limit: ProbeLimit = .general, _ look: @escaping @Sendable () -> Value
    ) -> Value? {
        do throws(Errno) {
            return try Probe(limit: limit, look).wait(until: .now + time)
        } catch {
            return nil
        }
    }
}
