import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// The connections that are open.
///
/// A descriptor is closed and forgotten in one step: its number may be another file's right after.
final class Connections: Sendable {
    private struct Connection {
        /// The user, if that is one who may not change anything.
        var guest: UInt32?
        var wasAnswered = false
    }

    private struct State {
        /// By their descriptors.
        var open: [CInt: Connection] = [:]
        var isClosing = false
    }

    let limit: Int
    /// How many there may be of one user who may not change anything.
    private let limitOfGuest: Int
    /// How many there may be of all such users together: the rest is reserved for users who may.
    private let limitOfGuests: Int
    private let state = Mutex(State())

    init(limit: Int, ofGuest limitOfGuest: Int, ofGuests limitOfGuests: Int) {
        self.limit = limit
        self.limitOfGuest = limitOfGuest
        self.limitOfGuests = limitOfGuests
    }

    var isEmpty: Bool { state.withLock { $0.open.isEmpty } }

    /// Adds a connection; false if there are too many, or the server is stopping.
    ///
    /// - Parameter guest: The user at the other end, if that is one who may not change anything.
    func add(_ connection: FileDescriptor, ofGuest guest: UInt32?) -> Bool {
        state.withLock { state in
            guard state.open.count < limit, !state.isClosing else { return false }
            if let guest {
                let guests = state.open.values.compactMap(\.guest)
                guard guests.count < limitOfGuests, guests.count(where: { $0 == guest }) < limitOfGuest else {
                    return false
                }
            }
            state.open[connection.rawValue] = Connection(guest: guest)
            return true
        }
    }

    /// Closes a connection and forgets it.
    func close(_ connection: FileDescriptor) {
        state.withLock { state in
            state.open.removeValue(forKey: connection.rawValue)
            Glibc.close(connection.rawValue)
        }
    }

    /// Notes that a connection has had a reply.
    ///
    /// - Returns: Whether it may have another.
    func noteReply(on connection: FileDescriptor) -> Bool {
        state.withLock { state in
            state.open[connection.rawValue]?.wasAnswered = true
            return !state.isClosing
        }
    }

    /// Lets no call in any more: each connection ends after the reply under way. Those that have had no reply yet may
    /// still send the call that they were opened for.
    func endReading() {
        state.withLock { state in
            state.isClosing = true
            for (descriptor, connection) in state.open where connection.wasAnswered {
                shutdown(descriptor, CInt(SHUT_RD))
            }
        }
    }

    /// Lets no call in any more at all.
    func endGreeting() { shutDown(CInt(SHUT_RD)) }

    /// Ends all connections at once.
    func endAll() { shutDown(CInt(SHUT_RDWR)) }

    private func shutDown(_ direction: CInt) {
        state.withLock { state in
            state.isClosing = true
            for connection in state.open.keys { shutdown(connection, direction) }
        }
    }
}
