import Synchronization

/// That the service is to begin anew within its process, with whatever library lies in the state directory then.
final class RestartRequest: Sendable {
    private struct State {
        var isMade = false
        /// Stops the service; nil until there is one to stop.
        var stop: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    var isMade: Bool { state.withLock { $0.isMade } }

    /// Says how the service is stopped.
    func whenMade(_ stop: @escaping @Sendable () -> Void) {
        let isMade = state.withLock { state in
            state.stop = stop
            return state.isMade
        }
        if isMade { stop() }
    }

    func make() {
        let stop = state.withLock { state in
            state.isMade = true
            return state.stop
        }
        stop?()
    }
}
