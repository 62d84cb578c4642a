import FolderWatch
import Logging
import Platform
import Synchronization
import SystemPackage
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreDaemon

/// The loop of ingest at work on a thread of its own, over a test's library; stopped when the value goes.
final class RunningIngest {
    let ingest: Ingest
    private let ended = Promise<Void, any Error>()
    private var token: UInt64 = 1000

    init(
        _ test: TestLibrary, extractor: FilePath = WorkerPoolTests.executable, isPaused: Bool = false,
        opening: FileOpening = FileOpening()
    ) throws {
        ingest = try Ingest()
        let (catalog, library, ingest, ended) = (test.catalog, test.library, ingest, ended)
        let state = test.state.roots
        try DetachedThread.start {
            let loop = RunningIngest.makeLoop(
                catalog, library, extractor: extractor, isPaused: isPaused, board: ingest.board)
            loop.state.roots = state
            loop.fileOpening = opening
            ingest.run { loop }
            ended.fulfil(.success(()))
        }
    }

    deinit { stop() }

    static func makeLoop(
        _ catalog: Catalog, _ library: LiveLibrary, extractor: FilePath, isPaused: Bool = false,
        board: IngestStatusBoard = IngestStatusBoard()
    ) -> IngestLoop {
        IngestLoop(
            catalog: catalog, library: library,
            settings: IngestSettings(
                extractor: extractor, workers: 2, settle: .milliseconds(250), longest: .seconds(3600),
                followsSymlinks: false, boot: "this"),
            isPaused: isPaused, status: board, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Ends the loop and waits until it has.
    func stop() {
        ingest.stop()
        do { _ = try ended.wait(atMost: .seconds(20)) } catch { preconditionFailure("\(error)") }
    }

    /// Posts changes, and waits until all that they ask for is done.
    ///
    /// - Returns: Whether that was so within 30 seconds.
    func finish(_ changes: [FolderChange]) throws -> Bool {
        token += 1
        let (token, promise) = (token, Promise<Void, any Error>())
        ingest.post(changes)
        try ingest.perform { loop in
            loop.state.syncs[token] = SyncWait()
            loop.syncPromises[token] = promise
        }
        ingest.post([.drained(token: token, unsettled: [])])
        return try promise.wait(atMost: .milliseconds(30_000)) != nil
    }
}
