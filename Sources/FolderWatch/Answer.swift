import Dispatch
import Synchronization
import SystemPackage

/// Threads that look at something and have not come back.
private let looking = Atomic(0)

/// What a look at a file system brings, if it brings anything: on a dead server's it never does.
///
/// The look is taken on a thread of its own. Whoever has waited long enough goes on without it; the thread stays where it
/// is until the kernel lets it go.
package final class Answer<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isGiven = DispatchSemaphore(value: 0)

    /// Threads that may be looking at a time: whoever asks for more than that gets no answer.
    private static var most: Int { 64 }

    /// Begins to look.
    ///
    /// - Parameters:
    ///   - look: What may block for ever.
    ///   - then: What follows it, on the same thread.
    /// - Throws: ``Errno`` if there can be no thread, or too many wait already.
    package init(
        _ look: @escaping @Sendable () -> Value, then: @escaping @Sendable () -> Void = {}
    ) throws(Errno) {
        let count = looking.wrappingAdd(1, ordering: .relaxed).newValue
        do throws(Errno) {
            guard count <= Self.most else { throw .resourceTemporarilyUnavailable }
            try OwnThread.start { [self] in
                let found = look()
                looking.wrappingSubtract(1, ordering: .relaxed)
                value.withLock { $0 = found }
                isGiven.signal()
                then()
            }
        } catch {
            looking.wrappingSubtract(1, ordering: .relaxed)
            throw error
        }
    }

    /// What was found; nil as long as nothing is known.
    package var found: Value? { value.withLock { $0 } }

    /// Waits for what is found; nil if it was not known by a moment.
    package func wait(until deadline: ContinuousClock.Instant) -> Value? {
        if let found { return found }
        let left = max(0, (deadline - .now) / .nanoseconds(1))
        guard isGiven.wait(timeout: .now() + .nanoseconds(Int(left))) == .success else { return found }
        // For whoever else waits.
        isGiven.signal()
        return found
    }
}

extension Answer {
    /// What a look brings within a time.
    ///
    /// - Returns: nil if it has not come by then, or could not be begun.
    package static func of(within time: Duration, _ look: @escaping @Sendable () -> Value) -> Value? {
        do throws(Errno) {
            return try Answer(look).wait(until: .now + time)
        } catch {
            return nil
        }
    }
}
