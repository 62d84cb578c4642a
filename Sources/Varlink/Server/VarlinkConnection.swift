import CLinux
import Platform
import Synchronization
import SystemPackage

/// One client's connection, from its first call to its end.
struct VarlinkConnection {
    let client: FileDescriptor
    let peer: Peer
    let service: VarlinkService
    let limits: VarlinkServer.Limits
    let room: ReceivingRoom
    let connections: Connections

    /// Bytes that a client may send that may do nothing: enough for a call, which is then refused.
    private static let strangersLimit = 64 << 10

    /// Answers calls, one after the other, until the client goes or breaks the rules.
    func run() {
        do {
            guard limit(SO_SNDTIMEO, to: limits.sending), limit(SO_RCVTIMEO, to: limits.receiving) else { return }
            try converse()
        } catch {
            // The client is gone, or has broken the rules: there is nobody to report to.
        }
    }

    private func limit(_ option: CInt, to duration: Duration) -> Bool {
        var longest = timeval(duration)
        return unsafe setsockopt(
            client.rawValue, SOL_SOCKET, option, &longest, socklen_t(MemoryLayout<timeval>.size)) == 0
    }

    private func converse() throws {
        let isStranger = service.access(of: peer) == .nothing
        var messages = MessageSplitter(limit: isStranger ? Self.strangersLimit : limits.message)
        var held = 0
        defer { room.release(held) }
        var passed: OwnedDescriptor?
        // When the message under way began; of a stranger the time of the whole connection counts.
        var began = isStranger ? ContinuousClock.now : nil
        while true {
            if let began, ContinuousClock.now - began > limits.receiving { return }
            // Nothing came for a while: between two messages a client may take its time.
            guard let piece = try receive(&passed) else { continue }
            guard !piece.isEmpty else { return }
            messages.append(piece)
            var isAnswered = false
            while let message = try messages.next() {
                try service.answer(message, from: caller(with: passed)) { try client.sendAll($0) }
                passed = nil
                if isStranger { return }
                isAnswered = true
            }
            if isAnswered {
                guard connections.noteReply(on: client) else { return }
                began = nil
            }
            if messages.isInside { began = began ?? .now }
            guard room.change(held, to: messages.unfinishedCount) else { return }
            held = messages.unfinishedCount
        }
    }

    /// The client, with what it has passed.
    private func caller(with passed: borrowing OwnedDescriptor?) -> Peer {
        var caller = peer
        switch passed {
        case .some(let owned): caller.passed = owned.descriptor
        case .none: break
        }
        return caller
    }

    /// What comes next, nothing at the end; nil if nothing came for as long as a message may take.
    ///
    /// - Parameter passed: Receives the descriptor that came with it, if one did, in the place of an earlier one.
    private func receive(_ passed: inout OwnedDescriptor?) throws -> [UInt8]? {
        do { return try client.receive(upTo: 64 << 10, passed: &passed) } catch Errno.wouldBlock { return nil }
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}

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
