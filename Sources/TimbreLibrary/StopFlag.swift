import Synchronization

/// Whether the service is stopping, so that whatever takes long has to give up. Once raised, it stays up.
package final class StopFlag: Sendable {
    private let isUp = Atomic(false)

    package init() {}

    package var isRaised: Bool { isUp.load(ordering: .relaxed) }

    package func raise() { isUp.store(true, ordering: .relaxed) }
}
