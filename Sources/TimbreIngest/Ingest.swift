import FolderWatch
import LibraryFeed
import Logging
import Platform
import SoundFeatures
import Synchronization
import SystemPackage
import TimbreCoding
import TimbreLibrary
import TimbreStore

/// The door of ingest, which keeps the library in step with the folders: all that other modules may ask of it.
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
    private let catalog: Catalog
    private let library: LiveLibrary
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

    /// Applies new settings, and keeps only these folders, as ``keepOnly(_:)`` does.
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

    /// Records a folder that was added at run time.
    ///
    /// - Parameter note: Called as soon as this is on disk, before any other change of the folders.
    package func addFolder(_ path: FilePath, then note: @escaping @Sendable () -> Void) throws {
        try perform { loop in
            try loop.transact { try $0.addFolder(path) }
            note()
        }
    }

    /// Records that only these folders are watched, and begins to remove the files of all others from the library; what
    /// was learnt from them is kept.
    ///
    /// - Parameter folders: Evaluated on the ingest thread, in order with other changes of the folders.
    package func keepOnly(_ folders: @autoclosure @escaping @Sendable () -> [FilePath]) throws {
        try perform { loop in try loop.transact { try $0.keepOnly(folders()) } }
    }

    /// Waits until the library has no files left outside the watched folders. If nothing can be stored, it returns at
    /// once, and ingest carries on as soon as it can.
    ///
    /// - Parameter goOn: Throws to end the wait.
    package func waitUntilForgotten(_ goOn: () throws -> Void) throws {
        while try perform({ $0.intake.isForgetting }) { try goOn() }
    }

    /// Gives all that is known below a folder another path, and keeps only these folders, as ``keepOnly(_:)`` does, in one
    /// transaction.
    ///
    /// - Parameter note: Called as soon as this is on disk, before any other change of the folders.
    /// - Throws: ``Rebasing/Conflict``; then nothing has happened.
    package func rebase(
        _ rebasing: Rebasing, keeping folders: [FilePath], then note: @escaping @Sendable () -> Void
    ) throws {
        try perform { loop in
            try loop.transact { turn in
                try rebasing.apply(in: turn)
                try turn.keepOnly(folders)
            }
            note()
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

    /// Stores a model; a known one keeps its number.
    ///
    /// - Returns: The number of its generation.
    package func add(_ model: TimbreModel, origin: String) throws -> Int64 {
        let (hash, data, time) = (model.identifier, model.json(), WallClock.seconds())
        return try perform { loop in
            try loop.transact { try $0.writer.addModel(hash, data: data, origin: origin, at: time) }
        }
    }

    /// Stores the codes of contents under a generation, but for contents that have been deleted meanwhile.
    package func store(_ codes: [(content: Int64, code: CodeRecord)], of generation: Int64) throws {
        try perform { loop in
            try loop.transact { turn in
                for (content, code) in codes where try turn.reader.content(content) != nil {
                    try turn.writer.setCode(code, of: content, model: generation)
                }
            }
        }
    }

    /// Makes a generation the live one, on disk in one transaction and for all queries at one instant.
    ///
    /// - Parameter also: Writes more in the same transaction.
    package func activate(
        _ generation: Generation, also: @escaping @Sendable (CatalogWriter) throws -> Void = { _ in }
    ) throws {
        try perform { [library, feed] loop in
            let index = try loop.transact { try $0.activate(generation, in: library.snapshot, also: also) }
            loop.modelChanged()
            library.swap(index, LibraryLoader.generation(id: generation.id, model: generation.model, index))
            feed.tell([.model(generation.model.identifier)], at: WallClock.seconds())
        }
    }

    /// The library and the catalog at one moment, between two turns, when they agree.
    package func moment() throws -> (library: LibrarySnapshot, catalog: CatalogSnapshot) {
        try perform { [library, catalog] _ in (library.snapshot, try catalog.snapshot()) }
    }

    /// The library and the catalog at one moment, and the number of the last thing that had happened by then.
    package func numberedMoment() throws -> (number: Int64, library: LibrarySnapshot, catalog: CatalogSnapshot) {
        try perform { [feed, library, catalog] _ in (feed.last, library.snapshot, try catalog.snapshot()) }
    }

    /// Returns when all that was on disk before the call is searchable.
    ///
    /// - Parameters:
    ///   - watcher: Is given a token, which comes back among the changes once its queue is drained.
    ///   - wait: Waits for the signal, for a time at most; throws when the client has left.
    /// - Throws: ``IngestBusy`` while ingest is paused or cannot store anything, what `wait` throws, and `Errno` if the
    ///   kernel gives no more descriptors.
    package func sync(with watcher: FolderWatcher, waiting wait: (EventSignal, Duration) throws -> Void) throws {
        _ = try sync(with: watcher, ofNames: false) { signal in
            try wait(signal, .seconds(1))
            let status = board.status
            if status.isPaused { throw IngestBusy.paused }
            if let trouble = status.trouble { throw IngestBusy(reason: trouble) }
            return true
        }
    }

    /// Returns when the library has all names that were on disk before the call, and no others, as the watcher's settings have
    /// it; or at a moment, if that comes first. Whether the files have been read is of no interest.
    ///
    /// - Parameters: As of ``sync(with:waiting:)``.
    /// - Returns: Whether it has; false also while nothing can be stored.
    /// - Throws: What `wait` throws, and `Errno` if the kernel gives no more descriptors.
    package func takeInNames(
        from watcher: FolderWatcher, by moment: ContinuousClock.Instant,
        waiting wait: (EventSignal, Duration) throws -> Void
    ) throws -> Bool {
        try sync(with: watcher, ofNames: true) { signal in
            let left = moment - .now
            guard left > .zero, board.status.trouble == nil else { return false }
            try wait(signal, min(left, .seconds(1)))
            return true
        }
    }

    /// - Parameter wait: Waits for the signal, for a time at most; returns whether to go on.
    /// - Returns: Whether the sync is over, and was not given up.
    private func sync(with watcher: FolderWatcher, ofNames: Bool, waiting wait: (EventSignal) throws -> Bool) throws
        -> Bool
    {
        let token = nextToken.wrappingAdd(1, ordering: .relaxed).newValue
        let signal = try EventSignal()
        let promise = Promise<Void, any Error>(raising: signal)
        try perform { try $0.beginSync(token, ofNames: ofNames, promise) }
        watcher.sync(token: token)
        func giveUp() { inbox.post(.request { $0?.intake.giveUpSync(token) }) }
        do {
            while try promise.valueIfGiven() == nil {
                guard try wait(signal) else {
                    giveUp()
                    return false
                }
            }
            return true
        } catch {
            giveUp()
            throw error
        }
    }

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
