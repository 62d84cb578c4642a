import Synchronization
import SystemPackage

/// What a lane is looking at, told before each look so that others see where it is stuck.
final class LanePulse: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A look that has not come back.
    struct Look: Sendable {
        let path: FilePath
        let began: Instant
    }

    private let look = Mutex<Look?>(nil)
    private let wasAtRest: @Sendable () -> Void

    /// - Parameter wasAtRest: Called before the first look after a rest.
    init(wasAtRest: @escaping @Sendable () -> Void) { self.wasAtRest = wasAtRest }

    /// Tells that the lane is about to ask the file system about a path.
    func looks(at path: FilePath) {
        let new = Look(path: path, began: .now)
        let isFirst = look.withLock { look in
            defer { look = new }
            return look == nil
        }
        if isFirst { wasAtRest() }
    }

    /// Tells that the lane is done with looking for now.
    func rests() { look.withLock { $0 = nil } }

    /// The look that the lane is at; nil while it is at none.
    var current: Look? { look.withLock { $0 } }
}
