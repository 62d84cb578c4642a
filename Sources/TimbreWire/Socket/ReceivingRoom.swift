import Synchronization

/// The memory for messages that have begun to arrive, which all connections share.
final class ReceivingRoom: Sendable {
    private let size: Int
    private let taken = Mutex(0)

    /// - Parameter size: In bytes.
    init(size: Int) { self.size = size }

    /// Takes more room, or less, than a connection has; false if there is not so much, and nothing has changed.
    func change(_ held: Int, to wanted: Int) -> Bool {
        taken.withLock { taken in
            guard wanted <= held || taken - held + wanted <= size else { return false }
            taken += wanted - held
            return true
        }
    }

    /// Gives all room of a connection back.
    func release(_ held: Int) { taken.withLock { $0 -= held } }
}
