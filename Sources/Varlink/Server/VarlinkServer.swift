import CLinux
import Glibc
import Platform
import Synchronization
import SystemPackage

/// Serves the clients of a socket, each connection on a thread of its own.
///
/// A client that sends garbage, too much or half a message, or does not read its replies, loses its connection; others are
/// not disturbed.
package final class VarlinkServer: Sendable {
    /// What clients may take.
    package struct Limits: Sendable {
        /// Connections at one time; further clients are told that there is no room.
        package var connections = 128
        /// Connections of one user who may not change anything.
        package var connectionsOfGuest = 32
        /// Connections of all such users together, so that users who may change things always find room.
        package var connectionsOfGuests = 96
        /// Bytes in a message.
        package var message = 32 << 20
        /// Bytes that all unfinished messages may have together.
        package var unfinished = 256 << 20
        /// How long a message may take to arrive, counted from its first byte; for a client that may do nothing, from the
        /// moment it connects.
        package var receiving = Duration.seconds(30)
        /// How long a client may leave a reply unread.
        package var sending = Duration.seconds(10)
        /// How long a reply under way may take once the server is stopping.
        package var stopping = Duration.seconds(5)
        /// How long a client that has just connected may then take to send its call.
        package var greeting = Duration.milliseconds(500)

        package init() {}
    }

    private let listener: SocketListener
    private let service: VarlinkService
    private let limits: Limits
    private let connections: Connections
    private let room: ReceivingRoom
    private let signal: EventSignal
    private let isStopping = Atomic(false)
    private let turn = Mutex(ContinuousClock.now)

    package init(
        listener: SocketListener, service: VarlinkService, limits: Limits = Limits()
    ) throws(Errno) {
        self.listener = listener
        self.service = service
        self.limits = limits
        connections = Connections(
            limit: limits.connections, ofGuest: limits.connectionsOfGuest, ofGuests: limits.connectionsOfGuests)
        room = ReceivingRoom(size: limits.unfinished)
        signal = try EventSignal()
    }

    /// When the server last looked for new connections.
    package var lastTurn: ContinuousClock.Instant { turn.withLock { $0 } }

    /// Makes the server look, so that ``lastTurn`` is soon later than now if it is alive.
    package func poke() { signal.raise() }

    /// Makes ``run()`` return; it may be called from any thread, and more than once.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        signal.raise()
    }

    /// Serves until ``stop()``, then waits a little for the replies under way.
    ///
    /// A method that is still busy after ``Limits/stopping`` keeps its thread, but no longer has a connection: before
    /// stopping a server, make its methods give up.
    ///
    /// - Throws: `Errno` if the socket fails permanently; having too many open files is not permanent.
    package func run() throws(Errno) {
        defer { connections.endAll() }
        var isShort = false
        while !isStopping.load(ordering: .acquiring) {
            turn.withLock { $0 = .now }
            // Out of descriptors or memory: let new clients wait until another one leaves, or a while has passed.
            try wait(forClients: !isShort, atMost: isShort ? .milliseconds(100) : nil)
            isShort = try !acceptAll()
        }
        connections.endReading()
        try waitForReplies(atMost: limits.greeting)
        connections.endGreeting()
        try waitForReplies(atMost: limits.stopping)
    }

    private func waitForReplies(atMost longest: Duration) throws(Errno) {
        let deadline = ContinuousClock.now + longest
        while !connections.isEmpty, ContinuousClock.now < deadline {
            try wait(forClients: false, atMost: deadline - .now)
        }
    }

    /// Waits for a client to connect, for ``poke()`` and for the end of a connection.
    private func wait(forClients: Bool, atMost longest: Duration?) throws(Errno) {
        var waits = [
            pollfd(fd: signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: forClients ? listener.descriptor.rawValue : -1, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = longest.map { CInt(max(1, $0 / .milliseconds(1)).rounded(.up)) } ?? -1
        guard unsafe poll(&waits, 2, milliseconds) >= 0 || Errno.last == .interrupted else { throw Errno.last }
        signal.lower()
    }

    /// Accepts all waiting clients; false if there was no room for one.
    private func acceptAll() throws(Errno) -> Bool {
        while !isStopping.load(ordering: .acquiring) {
            let descriptor = clinux_accept(listener.descriptor.rawValue)
            guard descriptor >= 0 else {
                switch Errno.last {
                case .wouldBlock: return true
                case .interrupted, .connectionAbort: continue
                case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .noBufferSpace: return false
                default: throw Errno.last
                }
            }
            guard serve(FileDescriptor(rawValue: descriptor)) else { return false }
        }
        return true
    }

    /// Starts a connection's thread; false if there can be none.
    private func serve(_ client: FileDescriptor) -> Bool {
        let peer: Peer
        do throws(Errno) { peer = try Peer(of: client) } catch {
            close(client.rawValue)
            return true
        }
        let guest = service.access(of: peer) == .change ? nil : peer.user
        guard connections.add(client, ofGuest: guest) else {
            turnAway(client)
            return true
        }
        let (service, limits, connections, signal, room) = (service, limits, connections, signal, room)
        do {
            try DetachedThread.start {
                VarlinkConnection(
                    client: client, peer: peer, service: service, limits: limits, room: room, connections: connections
                ).run()
                connections.close(client)
                signal.raise()
            }
            return true
        } catch {
            connections.close(client)
            return false
        }
    }

    /// Says why there is no room, and hangs up. The reply fits into the kernel's buffer, so that this does not block.
    private func turnAway(_ client: FileDescriptor) {
        do { try client.sendAll(service.busy.message()) } catch {
            // The client has left already, or finds out when its connection closes.
        }
        close(client.rawValue)
    }
}
