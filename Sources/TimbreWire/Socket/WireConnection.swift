import CLinux
import SystemPackage

/// One client's connection, from its first call to its end.
struct WireConnection {
    let client: FileDescriptor
    let service: LibraryService
    let limits: WireServer.Limits

    /// What a client may send that may do nothing: enough for a call, which is then refused.
    private static let strangersLimit = 64 << 10

    /// Answers calls, one after the other, until the client goes or breaks the rules.
    func run() {
        do {
            var longest = timeval(limits.sending)
            guard
                unsafe setsockopt(
                    client.rawValue, SOL_SOCKET, SO_SNDTIMEO, &longest, socklen_t(MemoryLayout<timeval>.size)) == 0
            else { return }
            try converse(with: Peer(of: client))
        } catch {
            // The client is gone, or has to go; there is nobody left to tell.
        }
    }

    private func converse(with peer: Peer) throws {
        let isStranger = service.access(of: peer) == .nothing
        var messages = MessageSplitter(limit: isStranger ? Self.strangersLimit : limits.message)
        while true {
            let piece = try client.receive(upTo: 64 << 10)
            guard !piece.isEmpty else { return }
            messages.append(piece)
            while let message = try messages.next() {
                try service.answer(message, from: peer) { try client.sendAll($0) }
                if isStranger { return }
            }
        }
    }
}

extension timeval {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
