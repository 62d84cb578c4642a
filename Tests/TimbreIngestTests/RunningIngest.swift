import FolderWatch
import Glibc
import LibraryFeed
import Logging
import Platform
import SystemPackage
import TestFiles
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// Ingest at work on a thread of its own, over a test's library; stopped when the value goes.
final class RunningIngest {
    let ingest: Ingest
    private let ended = Promise<Void, any Error>()
    private var token: UInt64 = 1000

    static let settings = IngestSettings(
        workers: 2, settle: .milliseconds(250), longest: .seconds(3600), followsSymlinks: false)
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init(
        _ test: TestLibrary, extractor: FilePath = BuiltPrograms.extractor, isPaused: Bool = false,
        opening: FileOpening = FileOpening(), logger: Logger = RunningIngest.logger
    ) throws {
        ingest = try Ingest(
            catalog: test.catalog, library: test.library,
            surroundings: IngestSurroundings(extractor: extractor, boot: "this"), logger: logger)
        let (ingest, ended) = (ingest, ended)
        ingest.watcherSaw([.continued(test.status())])
        try DetachedThread.start {
            var parts = ingest.parts(Self.settings)
            (parts.isPaused, parts.fileOpening) = (isPaused, opening)
            ended.fulfil(Result { try ingest.run(parts) })
        }
    }

    deinit { stop() }

    /// What makes the turns, without the loop around it.
    static func intake(
        _ catalog: Catalog, _ library: LiveLibrary, feed: Feed = Feed(), opening: IngestStart? = nil,
        state: IngestState = IngestState()
    ) -> Intake {
        Intake(
            catalog: catalog, library: library, feed: feed,
            journal: IngestJournal(logger: logger, catalog: catalog, board: IngestStatusBoard()), boot: "this",
            opening: opening, patience: Patience(settle: settings.settle), state: state)
    }

    /// Waits until one of two signals is raised.
    ///
    /// - Returns: Whether the first is.
    static func wait(for signal: EventSignal, or other: EventSignal, atMost longest: Duration) -> Bool {
        var waits = [signal, other].map { pollfd(fd: $0.descriptor.rawValue, events: Int16(POLLIN), revents: 0) }
        _ = unsafe poll(&waits, 2, CInt(longest / .milliseconds(1)))
        return waits[0].revents != 0
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
        ingest.watcherSaw(changes)
        try ingest.perform { try $0.beginSync(token, promise) }
        ingest.watcherSaw([.drained(token: token, unsettled: [])])
        return try promise.wait(atMost: .milliseconds(30_000)) != nil
    }
}

extension WorkerDemand {
    /// Nothing is handed out.
    static let none = WorkerDemand(isOpen: false, busyCount: 0, capacity: 0)
}
