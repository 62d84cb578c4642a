import Dispatch

/// Something that one thread waits for and another brings about.
final class Flag: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func raise() { semaphore.signal() }

    /// Waits a minute at most.
    func wait() { _ = semaphore.wait(timeout: .now() + .seconds(60)) }
}
