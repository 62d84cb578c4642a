import Platform
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// The client whose call is being answered has hung up: nobody is left to answer.
package struct ClientLeft: Error, Hashable {
    package init() {}
}

extension Peer {
    /// Whether the client has closed its connection.
    ///
    /// One that has only finished sending still reads its answer: the kernel tells the two apart by POLLHUP.
    package var hasLeft: Bool {
        var waits = [pollfd(connection)]
        return unsafe poll(&waits, 1, 0) > 0
    }

    /// Ends long work for a client that has left.
    package func check() throws(ClientLeft) { if hasLeft { throw ClientLeft() } }

    /// Waits until a signal is raised, for a while at most.
    ///
    /// - Throws: ``ClientLeft`` as soon as the client hangs up.
    package func wait(for signal: EventSignal, atMost longest: Duration) throws(ClientLeft) {
        var waits = [pollfd(connection), pollfd(fd: signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
        let milliseconds = CInt(clamping: Int64((longest / .milliseconds(1)).rounded(.up)))
        // A signal ends the wait early, which whoever waits in a loop does not mind.
        _ = unsafe poll(&waits, 2, milliseconds)
        if waits[0].revents != 0 { throw ClientLeft() }
    }
}

extension pollfd {
    /// Waits for the end of a connection alone: POLLHUP and POLLERR are told without being asked for.
    fileprivate init(_ connection: FileDescriptor?) {
        self.init(fd: connection?.rawValue ?? -1, events: 0, revents: 0)
    }
}
