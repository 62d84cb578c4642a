import CMicroHTTP
import Glibc
import Platform
import Synchronization
import SystemPackage

/// Serves pages over HTTP/1.1 to programs of this machine, each connection on a thread of its own.
///
/// libmicrohttpd reads and writes HTTP. The server serves from its making until it goes out of scope, which waits for the
/// requests under way.
///
/// Any thread may have it: of the library's server nothing is used after its start but its end.
@safe package struct PageServer: ~Copyable, @unchecked Sendable {
    /// In what the server is to be modest.
    package struct Limits: Sendable {
        /// Connections at a time.
        package var connections = 64
        /// Bytes for the head of a request.
        package var head = 16 << 10
        /// Fields in the head of a request.
        package var fields = 100

        package init() {}
    }

    private let daemon: OpaquePointer
    private let served: Served

    /// Begins to serve.
    ///
    /// - Parameter complain: Is told, once, if it cannot be found out whose connections come in.
    /// - Throws: `Errno` if there is no thread or memory for it.
    package init(
        _ listener: consuming LoopbackListener, to peers: PeerRule, limits: Limits = Limits(),
        responder: any PageResponder, complain: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(Errno) {
        served = Served(
            responder: responder, peers: peers, port: listener.port, limits: limits, complain: complain)
        let socket = listener.released()
        let callbacks = unsafe cmicrohttp_callbacks(
            context: Unmanaged.passUnretained(served).toOpaque(),
            admit: { context, address, _ in unsafe Served.of(context).admits(address) ? .YES : .NO },
            changed: { context, connection, _, change in
                unsafe Served.of(context).connection(connection, changed: change)
            },
            answer: { unsafe Served.of($0).take(Call($1, $2, $3, $4, $5, $6, $7)) ? .YES : .NO },
            completed: { context, connection, exchange, _ in unsafe Served.of(context).completed(connection, exchange) }
        )
        // It is the table that sees to the number of connections: one that it has shut down lives a moment longer, and must
        // take no other's place. Half of the memory is for the answer's head.
        let room = cmicrohttp_limits(
            connections: UInt32(limits.connections + 1000), patience: Served.patience, memory: 2 * limits.head,
            stack: 1 << 20)
        guard let daemon = unsafe cmicrohttp_start(socket.rawValue, callbacks, room) else {
            let failure = Errno.last
            Glibc.close(socket.rawValue)
            throw failure
        }
        unsafe self.daemon = daemon
    }

    deinit { unsafe MHD_stop_daemon(daemon) }

    /// Since when no request has been answered; nil if one is.
    package var idleSince: ContinuousClock.Instant? { served.idleSince }
}

/// What the library's callbacks work on.
private final class Served: Sendable {
    /// Seconds in which a client that is to send a head must send something, and one that is answered must take something.
    static let patience: UInt32 = 5
    private static let answeringPatience: UInt32 = 20

    private struct State {
        var table: ConnectionTable
        var lastUse = ContinuousClock.now
        var hasComplained = false
    }

    private let responder: any PageResponder
    private let peers: PeerRule
    private let port: UInt16
    private let limits: PageServer.Limits
    private let complain: @Sendable (String) -> Void
    private let state: Mutex<State>

    init(
        responder: any PageResponder, peers: PeerRule, port: UInt16, limits: PageServer.Limits,
        complain: @escaping @Sendable (String) -> Void
    ) {
        self.responder = responder
        self.peers = peers
        self.port = port
        self.limits = limits
        self.complain = complain
        state = Mutex(State(table: ConnectionTable(most: limits.connections)))
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> Served {
        guard let context = unsafe context else { preconditionFailure("the context that was given") }
        return unsafe Unmanaged<Served>.fromOpaque(context).takeUnretainedValue()
    }

    var idleSince: ContinuousClock.Instant? { state.withLock { $0.table.isBusy ? nil : $0.lastUse } }

    func admits(_ address: UnsafePointer<sockaddr>?) -> Bool {
        guard let address = unsafe address, unsafe address.pointee.sa_family == sa_family_t(AF_INET) else {
            return false
        }
        let theirs = unsafe UnsafeRawPointer(address).loadUnaligned(as: sockaddr_in.self)
        switch peers.verdict(PeerRule.owner(port: UInt16(bigEndian: theirs.sin_port), ours: port)) {
        case .admitted: return true
        case .refused: return false
        case .unknown(let error):
            let isFirst = state.withLock { state in
                defer { state.hasComplained = true }
                return !state.hasComplained
            }
            if isFirst {
                complain("whose connections come in cannot be found out (\(error)): only the key protects the page")
            }
            return true
        }
    }

    func connection(_ connection: OpaquePointer?, changed: MHD_ConnectionNotificationCode) {
        let socket = unsafe cmicrohttp_socket(connection)
        // Until this returns the socket's number is that of no other.
        state.withLock { state in
            if changed == .CONNECTION_NOTIFY_STARTED {
                for leaving in state.table.opened(socket, at: .now) { shutdown(leaving, Int32(SHUT_RDWR)) }
            } else {
                state.table.closed(socket)
            }
        }
    }

    /// Takes what has come of a request: first its head, then pieces of its body, then its end.
    func take(_ call: Call) -> Bool {
        guard let exchange = call.exchange else {
            let head = call.head
            state.withLock { state in
                state.table.requestBegan(call.socket)
                state.lastUse = .now
            }
            unsafe cmicrohttp_set_patience(call.connection, Self.answeringPatience)
            switch head.fields.count > limits.fields ? .refuse(PageResponse(431)) : responder.review(head) {
            case .refuse(let response): return call.reply(response)
            case .read(let most):
                let length = head.value(of: "Content-Length").map { Int($0) ?? .max } ?? 0
                guard length <= most else { return call.reply(PageResponse(413)) }
                call.begin(Exchange(head: head, length: length))
                return true
            }
        }
        if let piece = call.takePiece() {
            exchange.body += piece
            // It is the library that counts; this is for the day on which it errs.
            return exchange.body.count <= exchange.length
        }
        return call.reply(responder.answer(PageRequest(head: exchange.head, body: exchange.body)))
    }

    func completed(_ connection: OpaquePointer?, _ exchange: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) {
        if let kept = unsafe exchange?.pointee {
            unsafe Unmanaged<Exchange>.fromOpaque(kept).release()
            unsafe exchange?.pointee = nil
        }
        unsafe cmicrohttp_set_patience(connection, Self.answeringPatience)
        let socket = unsafe cmicrohttp_socket(connection)
        state.withLock { state in
            state.table.requestEnded(socket, at: .now)
            state.lastUse = .now
        }
    }
}
