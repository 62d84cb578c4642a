import Dispatch
import Synchronization

/// A value that one thread gives and others wait for, or an error in its place.
package final class Promise<Value: Sendable, Failure: Error>: Sendable {
    private let result = Mutex<Result<Value, Failure>?>(nil)
    private let isGiven = DispatchSemaphore(value: 0)
    private let signal: EventSignal?

    /// - Parameter signal: Is raised when the value is given, for whoever waits for something else as well.
    package init(raising signal: EventSignal? = nil) { self.signal = signal }

    /// The value, if it was given.
    ///
    /// - Throws: The error that was given in its place.
    package func valueIfGiven() throws(Failure) -> Value? { try result.withLock { $0 }?.get() }

    /// Gives the value; the first one counts.
    package func fulfil(_ value: Result<Value, Failure>) {
        result.withLock { if $0 == nil { $0 = value } }
        isGiven.signal()
        signal?.raise()
    }

    /// Waits for the value.
    ///
    /// - Throws: The error that was given in its place.
    package func wait() throws(Failure) -> Value {
        while true {
            if let value = try valueIfGiven() { return value }
            isGiven.wait()
            // For whoever else waits.
            isGiven.signal()
        }
    }

    /// Waits for the value; nil if it has not come by a moment.
    ///
    /// - Throws: The error that was given in its place.
    package func wait(until deadline: ContinuousClock.Instant) throws(Failure) -> Value? {
        if let value = try valueIfGiven() { return value }
        // Dispatch counts nanoseconds in 64 bits: enough for 290 years.
        let left = min(max(0, (deadline - .now) / .nanoseconds(1)), 0x1p62)
        if isGiven.wait(timeout: .now() + .nanoseconds(Int(left))) == .success { isGiven.signal() }
        return try valueIfGiven()
    }

    /// Waits for the value; nil if it has not come within a time.
    ///
    /// - Throws: The error that was given in its place.
    package func wait(atMost time: Duration) throws(Failure) -> Value? { try wait(until: .now + time) }
}
