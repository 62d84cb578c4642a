import FolderWatch
import Logging
import Platform
import SoundFeatures
import Synchronization
import SystemPackage
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// The door of ingest: all that others may ask of what keeps the library as the folders are.
///
/// Everything behind it belongs to one thread, the one that ``run(_:_:lookAgain:)`` is called on: the catalog is written
/// there alone, and the index follows there. The types behind the door are not `Sendable`, so that nobody else gets at
/// them; what others have for ingest goes through an inbox, in the order in which it was posted. Three things are seen
/// from several threads and guard themselves: the inbox, the status board, and ``FileOpener``, which works on a thread of
/// its own for each file system that may stop answering and posts what comes of it.
///
/// What the watcher and the watchdog call returns at once. The verbs for clients wait until it is their turn and what
/// they change is on disk. They throw ``IngestBusy`` when ingest has ended, and what the catalog throws if nothing can be
/// stored; then nothing has happened.
package final class Ingest: Sendable {
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

    /// - Parameter announce: Tells the service manager how ingest stands.
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

    /// How ingest stands.
    package var status: IngestStatus { board.status }
    /// The last few things that went wrong, newest first.
    package var errors: [IngestError] { board.errors }
    /// What was not come to, once ``run(_:_:lookAgain:)`` has returned.
    package var remainder: IngestRemainder? { left.withLock { $0 } }

    /// Works on the calling thread until ``stop()``; whoever waits for something then is told that it will not come.
    ///
    /// - Parameter lookAgain: Has the watcher look at everything again.
    /// - Throws: What the catalog throws at the start, unless that is over when the disk takes something again.
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
            catalog: catalog, library: library, surroundings: surroundings, settings: settings,
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

    /// Takes what the watcher saw.
    package func watcherSaw(_ changes: [FolderChange]) { inbox.post(.changes(changes)) }

    /// Holds the watcher up while much of what it saw has not been taken in: it lists a large folder faster than that is
    /// compared, and what is listed takes memory. Not for longer than the kernel's queue has room for events.
    package func slowDownWatcher() { inbox.waitForRoom(below: 16, atMost: .milliseconds(50)) }

    /// Notes something that went wrong, for `status`.
    package func noteError(path: FilePath, _ failure: ExtractionFailure) {
        board.noteError(path: path, failure, at: WallClock.seconds())
    }

    /// Returns when all that was told before has been taken in.
    package func catchUp() throws { try perform { _ in } }

    /// Lets no more files be read, also after a start, until ``resume()``.
    package func pause() throws { try perform { try $0.setPaused(true) } }

    /// Lets files be read again, be the machine on its battery or not.
    package func resume() throws { try perform { try $0.setPaused(false) } }

    /// Works by other settings from now on, and keeps no other folders than these, as by ``keepOnly(_:)``.
    ///
    /// - Parameter retriesSkipped: Whether files are looked at again that were too long.
    package func apply(
        _ settings: IngestSettings, folders: @autoclosure @escaping @Sendable () -> [FilePath], retriesSkipped: Bool
    ) throws {
        try perform { loop in
            try loop.transact { turn in
                try turn.keepOnly(folders())
                if retriesSkipped { _ = try Attempts(turn: turn).retry(try turn.reader.files(in: .skipped)) }
            }
            loop.apply(settings)
        }
    }

    /// Writes down that a folder is watched that was added at run time.
    ///
    /// - Parameter note: Is told as soon as that is on disk, before any other change of the folders.
    package func addFolder(_ path: FilePath, then note: @escaping @Sendable () -> Void) throws {
        try perform { loop in
            try loop.transact { try $0.addFolder(path) }
            note()
        }
    }

    /// Writes down which folders are watched, and begins to take the files of others out of the library; what was learnt
    /// of them is kept.
    ///
    /// - Parameter folders: Asked when it is its turn, in the order in which others add and remove some.
    package func keepOnly(_ folders: @autoclosure @escaping @Sendable () -> [FilePath]) throws {
        try perform { loop in try loop.transact { try $0.keepOnly(folders()) } }
    }

    /// Waits until the files are out of the library that lie in no watched folder any more. Where nothing can be stored,
    /// ingest goes on with that as soon as something can, and nobody waits.
    ///
    /// - Parameter goOn: Throws when nobody waits any more.
    package func waitUntilForgotten(_ goOn: () throws -> Void) throws {
        while try perform({ $0.intake.isForgetting }) { try goOn() }
    }

    /// Lets files go through again that could not be read, or were left out.
    ///
    /// - Parameter files: Which; nil for all.
    /// - Returns: How many wait now.
    package func retry(_ files: Set<Int64>?) throws -> Int {
        try perform { loop in
            try loop.transact { turn in
                let all = try turn.reader.files(in: .failed) + turn.reader.files(in: .skipped)
                return try Attempts(turn: turn).retry(all.filter { files?.contains($0.id) ?? true })
            }
        }
    }

    /// Forgets what is kept of deleted files, or the files of a folder that are offline. Whatever ends this in between
    /// leaves files and contents that another one finds.
    ///
    /// - Parameters:
    ///   - folder: The offline folder; nil for what is kept of deleted files.
    ///   - goOn: Throws when nobody waits any more.
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

    /// Keeps a model; one that is known already keeps its number.
    ///
    /// - Returns: The number of its generation.
    package func add(_ model: TimbreModel, origin: String) throws -> Int64 {
        let (hash, data, time) = (model.identifier, model.json(), WallClock.seconds())
        return try perform { loop in
            try loop.transact { try $0.writer.addModel(hash, data: data, origin: origin, at: time) }
        }
    }

    /// Keeps the codes of contents under a generation; those of contents that are not there any more are let go.
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
    /// - Parameter also: What is to be written in the same transaction.
    package func activate(
        _ generation: Generation, also: @escaping @Sendable (CatalogWriter) throws -> Void = { _ in }
    ) throws {
        try perform { [library] loop in
            let index = try loop.transact { try $0.activate(generation, in: library.snapshot, also: also) }
            loop.modelChanged()
            library.swap(index, LibraryLoader.generation(id: generation.id, model: generation.model, index))
        }
    }

    /// The library and the catalog at one moment, between two turns: nothing is on its way from the one to the other.
    package func moment() throws -> (library: LibrarySnapshot, catalog: CatalogSnapshot) {
        try perform { [library, catalog] _ in (library.snapshot, try catalog.snapshot()) }
    }

    /// Returns when all that was on disk before the call is searchable.
    ///
    /// - Parameters:
    ///   - watcher: Proves its queue drained: it is told a token, which comes back among the changes.
    ///   - wait: Waits until it is woken, for a time at most; throws when nobody waits any more.
    /// - Throws: ``IngestBusy`` while ingest is paused or cannot store anything, what `wait` throws, and `Errno` if the
    ///   kernel gives no more descriptors.
    package func sync(with watcher: FolderWatcher, waiting wait: (EventSignal, Duration) throws -> Void) throws {
        let token = nextToken.wrappingAdd(1, ordering: .relaxed).newValue
        let signal = try EventSignal()
        let promise = Promise<Void, any Error>(raising: signal)
        try perform { try $0.beginSync(token, promise) }
        watcher.sync(token: token)
        do {
            while try promise.valueIfGiven() == nil {
                try wait(signal, .seconds(1))
                let status = board.status
                if status.isPaused { throw IngestBusy.paused }
                if let trouble = status.trouble { throw IngestBusy(reason: trouble) }
            }
        } catch {
            inbox.post(.request { $0?.intake.state.syncs.giveUp(token) })
            throw error
        }
    }

    /// Runs something on the loop's thread, after all that was posted before, and waits for its result.
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
