import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// The connections that are open.
///
/// A descriptor is closed and forgotten in one step, so that nobody shuts down a number that means another file by then.
final class Connections: Sendable {
    private struct State {
        var open: Set<CInt> = []
        var isClosing = false
    }

    let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var isEmpty: Bool { state.withLock { $0.open.isEmpty } }

    /// Notes a connection; false if there are too many, or none is wanted any more.
    func add(_ connection: FileDescriptor) -> Bool {
        state.withLock { state in
            guard state.open.count < limit, !state.isClosing else { return false }
            state.open.insert(connection.rawValue)
            return true
        }
    }

    /// Closes a connection and forgets it.
    func close(_ connection: FileDescriptor) {
        state.withLock { state in
            state.open.remove(connection.rawValue)
            Glibc.close(connection.rawValue)
        }
    }

    /// Lets no call in any more: each connection ends after the reply under way.
    func endReading() { shutDown(CInt(SHUT_RD)) }

    /// Ends all connections at once.
    func endAll() { shutDown(CInt(SHUT_RDWR)) }

    private func shutDown(_ direction: CInt) {
        state.withLock { state in
            state.isClosing = true
            for connection in state.open { shutdown(connection, direction) }
        }
    }
}
