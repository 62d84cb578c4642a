import CLinux
import Platform
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// The process at the other end of a connection, as the kernel vouches for it.
package struct Peer: Hashable, Sendable {
    package var user: UInt32
    /// Its main group first, then all others.
    package var groups: [UInt32]
    package var process: Int32
    /// The connection, open for as long as a call is being answered; nil if there is none that could end.
    package var connection: FileDescriptor?
    /// What the client passed with the call, open for as long as that is being answered; nil if nothing.
    ///
    /// As with systemd's own services, a parameter that stands for it is its number among those passed: 0.
    package var passed: FileDescriptor?

    package init(
        user: UInt32, groups: [UInt32], process: Int32, connection: FileDescriptor? = nil, passed: FileDescriptor? = nil
    ) {
        self.user = user
        self.groups = groups
        self.process = process
        self.connection = connection
        self.passed = passed
    }

    /// Asks the kernel who is at the other end of a connected Unix socket.
    ///
    /// These are the identities that the process had when it connected (or listened, for one that accepts).
    init(of socket: FileDescriptor) throws(Errno) {
        var peer = clinux_peer()
        guard unsafe clinux_peer_credentials(socket.rawValue, &peer) == 0 else { throw Errno.last }
        self.init(
            user: peer.user, groups: [peer.group] + Self.otherGroups(of: socket), process: peer.process,
            connection: socket)
    }

    /// The groups beside the main one (SO_PEERGROUPS, since Linux 4.13); none if the kernel does not tell.
    private static func otherGroups(of socket: FileDescriptor) -> [UInt32] {
        // A user can be in 65 536 groups, and is in a handful: the kernel says how much room it wants.
        let peerGroups: Int32 = 59
        var size: socklen_t = 0
        _ = unsafe getsockopt(socket.rawValue, SOL_SOCKET, peerGroups, nil, &size)
        var groups = [UInt32](repeating: 0, count: Int(size) / MemoryLayout<UInt32>.size)
        guard !groups.isEmpty, unsafe getsockopt(socket.rawValue, SOL_SOCKET, peerGroups, &groups, &size) == 0 else {
            return []
        }
        return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.size))
    }
}

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

    /// Waits until the client has read nearly all that it was sent, for a while at most. What is sent then, up to
    /// ``roomWhenRead``, does not block, and no more does a last word behind it.
    ///
    /// - Returns: Whether it has.
    /// - Throws: ``ClientLeft`` as soon as the client hangs up.
    package func waitUntilRead(atMost longest: Duration) throws(ClientLeft) -> Bool {
        guard let connection else { return true }
        // Of a Unix socket that is when a quarter of its buffer is taken at most (unix_writable in the kernel's af_unix.c).
        var waits = [pollfd(fd: connection.rawValue, events: Int16(POLLOUT), revents: 0)]
        _ = unsafe poll(&waits, 1, CInt(clamping: Int64((longest / .milliseconds(1)).rounded(.up))))
        let found = CInt(waits[0].revents)
        if found & (POLLHUP | POLLERR | POLLNVAL) != 0 { throw ClientLeft() }
        return found & POLLOUT != 0
    }

    /// Bytes that can be sent at once to a client that has read nearly all: half of the rest of the 208 KiB that the kernel
    /// gives a socket's buffer, of which each piece takes somewhat more than its length.
    package static let roomWhenRead = 32 << 10

    /// Waits until a signal is raised, for a while at most.
    ///
    /// - Throws: ``ClientLeft`` as soon as the client hangs up.
    package func wait(for signal: EventSignal, atMost longest: Duration) throws(ClientLeft) {
        var waits = [pollfd(connection), pollfd(fd: signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
        let milliseconds = CInt(clamping: Int64((longest / .milliseconds(1)).rounded(.up)))
        // A Unix signal may end the wait early: callers wait in a loop.
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
