import Synchronization
import SystemPackage

/// Threads that have gone to look at something and have not come back.
private let threadCount = Atomic(0)

/// A question to a file system that may never be answered: on a dead server's, a system call can take for ever.
///
/// It is asked on a thread of its own. Whoever has waited long enough goes on without the answer; the thread stays where
/// it is until the kernel lets it go.
package final class Probe<Value: Sendable>: Sendable {
    private let answer = Promise<Value, Never>()

    /// Threads that may be waiting for answers at a time: beyond that, nothing is asked.
    private static var most: Int { 64 }

    /// Begins to ask.
    ///
    /// - Parameters:
    ///   - look: What may block for ever.
    ///   - then: What follows it, on the same thread.
    /// - Throws: `Errno` if there can be no thread, or too many wait already.
    package init(
        _ look: @escaping @Sendable () -> Value, then: @escaping @Sendable () -> Void = {}
    ) throws(Errno) {
        let count = threadCount.wrappingAdd(1, ordering: .relaxed).newValue
        do throws(Errno) {
            guard count <= Self.most else { throw .resourceTemporarilyUnavailable }
            try DetachedThread.start { [answer] in
                let found = look()
                threadCount.wrappingSubtract(1, ordering: .relaxed)
                answer.fulfil(.success(found))
                then()
            }
        } catch {
            threadCount.wrappingSubtract(1, ordering: .relaxed)
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
    package static func answer(within time: Duration, _ look: @escaping @Sendable () -> Value) -> Value? {
        do throws(Errno) {
            return try Probe(look).wait(until: .now + time)
        } catch {
            return nil
        }
    }
}
