import Glibc
import Platform
import SystemPackage
import Testing

@testable import Varlink

@Suite(.timeLimit(.minutes(10)))
struct PeerPresenceTests {
    /// Runs `body` with the two ends of a connection, of which it closes the second.
    private func withConnection(_ body: (Peer, _ client: FileDescriptor) throws -> Void) throws {
        var ends: [CInt] = [0, 0]
        guard unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw Errno.last }
        let (server, client) = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
        try body(try Peer(of: server), client)
        try server.close()
    }

    @Test func aClientIsThereUntilItHangsUpWhateverItHasSent() throws {
        try withConnection { peer, client in
            #expect(!peer.hasLeft)
            try client.sendAll([1, 2, 3])
            #expect(!peer.hasLeft)
            // It has said all that it wants to say, and reads the answer.
            shutdown(client.rawValue, CInt(SHUT_WR))
            #expect(!peer.hasLeft)
            try peer.check()
            try client.close()
            #expect(peer.hasLeft)
            #expect(throws: ClientLeft.self) { try peer.check() }
        }
    }

    @Test func aWaitEndsWithACallWithTheTimeAndWithTheClient() throws {
        try withConnection { peer, client in
            let signal = try EventSignal()
            try peer.wait(for: signal, atMost: .milliseconds(1))
            signal.raise()
            try peer.wait(for: signal, atMost: .seconds(1000))
            signal.lower()
            try DetachedThread.start { close(client.rawValue) }
            #expect(throws: ClientLeft.self) { try peer.wait(for: signal, atMost: .seconds(1000)) }
        }
    }

    @Test func whoHasNoConnectionNeverLeaves() throws {
        let peer = Peer(user: 0, groups: [], process: 1)
        #expect(!peer.hasLeft)
        try peer.wait(for: EventSignal(), atMost: .zero)
    }
}
