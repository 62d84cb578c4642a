import Dispatch
import Synchronization
import TimbreLibrary
import TimbreWire

/// A value that one thread waits for and another gives.
final class Promise<Value>: Sendable where Value: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let isGiven = DispatchSemaphore(value: 0)
    private let wakeUp: WakeUp?

    /// - Parameter wakeUp: Is called when the value is given, for whoever waits for something else as well.
    init(calling wakeUp: WakeUp? = nil) { self.wakeUp = wakeUp }

    /// The value, if it was given.
    ///
    /// - Throws: The error that was given in its place.
    var value: Value? { get throws { try result.withLock { $0 }?.get() } }

    /// Gives the value; the first one counts.
    func fulfil(_ value: Result<Value, any Error>) {
        result.withLock { if $0 == nil { $0 = value } }
        isGiven.signal()
        wakeUp?.call()
    }

    /// Waits for the value.
    ///
    /// - Throws: The error that was given in its place.
    func wait() throws -> Value {
        while true {
            if let result = result.withLock({ $0 }) { return try result.get() }
            isGiven.wait()
        }
    }

    /// Waits for the value; nil when it has not come within the time.
    func wait(atMost time: Duration) throws -> Value? {
        if let result = result.withLock({ $0 }) { return try result.get() }
        _ = isGiven.wait(timeout: .now() + time.inSeconds)
        return try result.withLock { $0 }?.get()
    }
}
