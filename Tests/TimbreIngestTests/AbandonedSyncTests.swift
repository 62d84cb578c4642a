import FolderWatch
import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreWire
import Varlink

@testable import TimbreIngest

@Suite(.timeLimit(.minutes(2)))
struct AbandonedSyncTests {
    /// The two ends of a connection.
    private func connection() throws -> (FileDescriptor, FileDescriptor) {
        var ends: [CInt] = [0, 0]
        guard unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0 else { throw Errno.last }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    @Test func aSyncEndsWithItsClientAndLeavesNothingBehind() throws {
        let test = try TestLibrary()
        let running = try RunningIngest(test)
        // A watcher that does not run never says that its queue is drained.
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: test.folder.path))
        let (server, client) = try connection()
        let peer = Peer(user: 0, groups: [0], process: 1, connection: server)
        let outcome = Promise<Void, any Error>()
        let ingest = running.ingest
        try DetachedThread.start {
            outcome.fulfil(Result { try ingest.sync(with: watcher) { try peer.wait(for: $0, atMost: $1) } })
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while try ingest.perform({ $0.intake.state.syncs.isEmpty }), .now < deadline { sched_yield() }
        #expect(try outcome.valueIfGiven() == nil)
        try client.close()
        #expect(throws: ClientLeft.self) { try outcome.wait(atMost: .seconds(20)) }
        #expect(try ingest.perform { $0.intake.state.syncs.isEmpty })
        try server.close()
    }
}
