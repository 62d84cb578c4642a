import FolderWatch
import LibraryFeed
import Logging
import Platform
import SoundFeatures
import Synchronization
import SystemPackage
import TimbreLibrary
import TimbreStore

/// The door of ingest, which keeps the library in step with the folders: what other modules may ask of it, beside
/// ``FolderStorage``, ``FolderSync``, ``ModelStorage`` and ``MapStorage``.
///
/// Everything behind the door belongs to one thread, the one that calls ``run(_:_:lookAgain:)``. It alone writes the
/// catalog, and it alone updates the index. All of it hangs on one ``IngestLoop``, which is not `Sendable`, so the
/// compiler keeps other threads out: they reach it through an inbox, and are served in the order in which they posted.
/// Three things are shared between threads and guard themselves: the inbox, the status board, and ``FileOpener``, which has a thread of
/// its own for each file system that may stop answering and posts its results to the inbox.
///
/// Calls from the watcher and the watchdog return at once. Calls made for clients block until the change is on disk.
/// They throw ``IngestBusy`` when ingest has ended, and whatever the catalog throws if nothing can be stored; then
/// nothing has happened.
package final class Ingest: Sendable {
    /// What happens in the library, for those who follow it.
    package let feed = Feed()
    let library: LiveLibrary
    private let catalog: Catalog
    private let surroundings: IngestSurroundings
    private let logger: Logger
    private let announce: @Sendable (String) -> Void
    private let startsPaused: Bool
    private let inbox: Inbox<IngestLoop.Item>
    private let board = IngestStatusBoard()
    private let nextToken = Atomic<UInt64>(1)
    private let left = Mutex<IngestRemainder?>(nil)

    /// - Parameter announce: Tells the service manager what ingest is doing.
    /// - Throws: `Errno` if the kernel gives no more descriptors, and what the catalog throws.
    package init(
        catalog: Catalog, library: LiveLibrary, surroundings: IngestSurroundings, logger: Logger,
        announce: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.catalog = catalog
        self.library = library
        self.surroundings = surroundings
        self.logger = logger
        self.announce = announce
        startsPaused = try catalog.read { try $0.setting(IngestLoop.pausedSetting) == 1 }
        inbox = try Inbox()
    }

    /// What ingest is doing.
    package var status: IngestStatus { board.status }
    /// The last few things that went wrong, newest first.
    package var errors: [IngestError] { board.errors }
    /// What was left undone, once ``run(_:_:lookAgain:)`` has returned.
    package var remainder: IngestRemainder? { left.withLock { $0 } }

    /// Works on the calling thread until ``stop()``; callers still waiting then get an ``IngestBusy``.
    ///
    /// - Parameter lookAgain: Asks the watcher to look at everything again.
    /// - Throws: What the catalog throws at the start, unless it is only that nothing can be written for now.
    package func run(
        _ settings: IngestSettings, _ start: IngestStart, lookAgain: @escaping () -> Void
    ) throws {
        var parts = parts(settings)
        parts.opening = start
        parts.lookAgain = lookAgain
        try run(parts)
    }

    func parts(_ settings: IngestSettings) -> IngestParts {
        IngestParts(
            catalog: catalog, library: library, feed: feed, surroundings: surroundings, settings: settings,
            isPaused: startsPaused, logger: logger, board: board, announce: announce)
    }

    func run(_ parts: IngestParts) throws {
        defer { for item in inbox.close() { if case .request(let body) = item { body(nil) } } }
        let remainder = try IngestLoop(parts, inbox: inbox).run()
        left.withLock { $0 = remainder }
    }

    package func stop() { inbox.post(.stop) }

    /// Makes the loop go round once, to show that it does.
    package func poke() { inbox.post(.changes([])) }

    /// Takes in what the watcher saw.
    package func watcherSaw(_ changes: [FolderChange]) { inbox.post(.changes(changes)) }

    /// Blocks the watcher while much of what it saw is still waiting: it lists a large folder faster than the listing
    /// can be compared, and listings take memory. It never blocks for longer than the kernel's queue has room for
    /// events.
    package func slowDownWatcher() { inbox.waitForRoom(below: 16, atMost: .milliseconds(50)) }

    /// Adds something that went wrong to ``errors``.
    package func noteError(path: FilePath, _ failure: ExtractionFailure) {
        board.noteError(path: path, failure, at: WallClock.seconds())
    }

    /// Returns once everything posted before the call has been taken in.
    package func catchUp() throws { try perform { _ in } }

    /// Stops reading files until ``resume()``; this outlasts a restart.
    package func pause() throws { try perform { try $0.setPaused(true) } }

    /// Reads files again, even while the machine runs on its battery.
    package func resume() throws { try perform { try $0.setPaused(false) } }

    /// Applies new settings, and keeps only these folders, as ``FolderStorage/keepOnly(_:)`` does.
    ///
    /// - Parameter retriesSkipped: Whether files that were skipped for limits are looked at again.
    package func apply(
        _ settings: IngestSettings, folders: @autoclosure @escaping @Sendable () -> [FilePath], retriesSkipped: Bool
    ) throws {
        try perform { loop in
            try loop.transact { turn in
                turn.state.folders.setFilter(settings.filter)
                try MemberNames(turn: turn).follow()
                try turn.keepOnly(folders())
                if retriesSkipped { _ = try Attempts(turn: turn).retry(try turn.reader.files(in: .skipped)) }
            }
            loop.apply(settings)
        }
    }

    /// Keeps the database file as it is at this moment, so that it can be copied; the library goes on.
    ///
    /// - Returns: nil while somebody reads an earlier moment, or nothing can be stored: it is to be tried again.
    package func freeze() throws -> FrozenDatabase? { try perform { [catalog] _ in try catalog.freeze() } }

    /// Tries files again that failed or were skipped.
    ///
    /// - Parameter files: Their numbers; nil for all.
    /// - Returns: How many are queued now.
    package func retry(_ files: Set<Int64>?) throws -> Int {
        try perform { loop in
            try loop.transact { turn in
                let all = try turn.reader.files(in: .failed) + turn.reader.files(in: .skipped)
                return try Attempts(turn: turn).retry(all.filter { files?.contains($0.id) ?? true })
            }
        }
    }

    /// Forgets what is kept of deleted files, or the offline files of a folder. If this is interrupted, another prune
    /// finds what is left.
    ///
    /// - Parameters:
    ///   - folder: The offline folder; nil for what is kept of deleted files.
    ///   - goOn: Called before each step; throws to stop there.
    package func prune(offline folder: FilePath?, _ goOn: () throws -> Void) throws {
        var (pruning, isDone) = (Pruning(offline: folder), false)
        while !isDone {
            try goOn()
            let begun = pruning
            (pruning, isDone) = try perform { loop in
                try loop.transact { turn in
                    var pruning = begun
                    let isDone = try pruning.forgetSome(in: turn)
                    return (pruning, isDone)
                }
            }
        }
    }

    /// Has the events of contents found anew, because those that are kept are damaged.
    package func remakeEvents(of contents: Set<Int64>) throws {
        try perform { loop in
            try loop.transact { turn in
                for case let content? in try contents.map(turn.reader.content) {
                    try turn.writer.removeEvents(of: content.id)
                    for file in try turn.reader.files(ofContent: content.id) where file.state == .indexed {
                        try turn.noteEvents(of: file, content)
                    }
                }
            }
            loop.eventsWereDamaged(contents.count)
        }
    }

    /// Keeps a small fact.
    package func note(_ name: String, _ value: Int64) throws {
        try perform { loop in try loop.transact { try $0.writer.set(name, to: value) } }
    }

    /// The library and the catalog at one moment, between two turns, when they agree.
    package func moment() throws -> (library: LibrarySnapshot, catalog: CatalogSnapshot) {
        try perform { [library, catalog] _ in (library.snapshot, try catalog.snapshot()) }
    }

    /// The library and the catalog at one moment, and the number of the last thing that had happened by then.
    package func numberedMoment() throws -> (number: Int64, library: LibrarySnapshot, catalog: CatalogSnapshot) {
        try perform { [feed, library, catalog] _ in (feed.last, library.snapshot, try catalog.snapshot()) }
    }

    /// Begins a sync; see ``FolderSync``.
    ///
    /// - Returns: A token, by which the watcher says that its queue is drained.
    /// - Throws: ``IngestBusy``
    func beginSync(ofNames: Bool, _ promise: Promise<Void, any Error>) throws -> UInt64 {
        let token = nextToken.wrappingAdd(1, ordering: .relaxed).newValue
        try perform { try $0.beginSync(token, ofNames: ofNames, promise) }
        return token
    }

    /// Drops a sync that nobody waits for any more.
    func giveUpSync(_ token: UInt64) { inbox.post(.request { $0?.intake.giveUpSync(token) }) }

    /// Runs something on the ingest thread, after everything posted before, and waits for its result.
    ///
    /// - Throws: What `body` throws.
    func perform<Result: Sendable>(_ body: @escaping @Sendable (IngestLoop) throws -> Result) throws -> Result {
        let promise = Promise<Result, any Error>()
        let isPosted = inbox.post(
            .request { loop in
                promise.fulfil(
                    Swift.Result {
                        guard let loop else { throw IngestBusy.stopping }
                        return try body(loop)
                    })
            })
        guard isPosted else { throw IngestBusy.stopping }
        return try promise.wait()
    }
}
