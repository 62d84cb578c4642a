import CLinux
import ContentHash
import FolderWatch
import Glibc
import Logging
import Platform
import SoundFeatures
import SystemPackage
import TimbreConfiguration
import TimbreLibrary
import TimbreStore

/// The loop through which every change of the library goes.
///
/// One thread owns it. It takes what the watcher saw, hands files to the workers, and writes what came of them, a turn at
/// a time; then the index follows. Nobody else writes to the catalog.
final class IngestLoop {
    typealias Instant = ContinuousClock.Instant

    let catalog: Catalog
    let library: LiveLibrary
    let logger: Logger
    var settings: IngestSettings
    var state = IngestState()
    var pool: WorkerPool
    var isPaused: Bool
    /// What is put off while the machine runs on its battery.
    var battery = BatteryCare()
    let power = PowerSupply()
    /// Whether something that was told could not be taken in: then only a scan finds it.
    var hasLeftOut = false
    /// Whether nothing is to be begun any more.
    var isEnding = false
    /// What a start has to do before anything else, once it can be written.
    var opening: ((IngestLoop, inout Turn) throws -> Void)?
    /// How long a started service must wait for files that took the machine down.
    var suspects: Set<Int64> = []

    /// Seen by the watcher, not yet taken in.
    var changes: [FolderChange] = []
    /// Whether some of it was let go, for there was too much: then only a look at everything shows what it was.
    var hasLostTrack = false
    /// Has the watcher look at everything again.
    var lookAgain: () -> Void = {}
    /// Answered by workers, not yet taken in.
    var findings: [Finding] = []
    /// The codes of what they hold, under a generation.
    var coded: (generation: Int64, codes: [ContentHash: CodeRecord]) = (0, [:])
    var oldestFinding: Instant?
    var findingBytes = 0
    /// Noted, not yet handed out.
    var handouts: [Int64: Handout] = [:]
    /// Which of the files that may be copies of each other go first.
    var newSizes = NewSizes()
    /// Being opened where that may take for ever.
    var fileOpening = FileOpening()
    /// How what opens them tells what has come of it.
    private(set) var post: @Sendable (FileOpener.News) -> Void = { _ in }
    /// With workers.
    var opened: [Int64: OpenedFile] = [:]
    /// Why nothing can be written, and when that is tried again.
    var storage = StorageBackoff()
    var packing = PackingState()
    var memory = MemoryCare()
    var syncPromises: [UInt64: Promise<Void, any Error>] = [:]
    let status: IngestStatusBoard
    var announcer: IngestAnnouncer

    init(
        catalog: Catalog, library: LiveLibrary, settings: IngestSettings, isPaused: Bool, status: IngestStatusBoard,
        logger: Logger, announce: @escaping (String) -> Void = { _ in }
    ) {
        self.catalog = catalog
        self.library = library
        self.settings = settings
        self.isPaused = isPaused
        self.status = status
        self.logger = logger
        announcer = IngestAnnouncer(announce: announce)
        pool = WorkerPool(executable: settings.extractor, size: settings.workers)
    }

    /// Works until a stop is posted.
    ///
    /// - Returns: What it has not come to.
    func run(_ inbox: Inbox<IngestItem>) -> IngestRemainder {
        post = { news in inbox.post(.file(news)) }
        while true {
            var isStopping = false
            for item in inbox.takeAll() {
                switch item {
                case .stop: isStopping = true
                case .changes(let more): gather(more)
                case .file(let news): take(news, at: .now)
                case .task(let body) where isStopping: body(nil)
                case .task(let body):
                    // A task sees all that came before it.
                    turnIfDue(at: .now, mustTakeChanges: true)
                    body(self)
                }
            }
            if isStopping { return end() }
            inbox.note(backlog: pendingCount / Turn.mostFiles)
            let now = Instant.now
            state.waiting.wake(at: now)
            for outcome in pool.expire(at: now) { take(outcome, at: now) }
            logDeaths()
            battery.update(
                isWaiting: state.waiting.hasPatient && !isPaused, isAwaited: !state.syncs.isEmpty, at: now,
                isOnBattery: power.isOnBattery)
            turnIfDue(at: now)
            endVainReads(at: now)
            handOut(at: now)
            publish(at: now)
            // Between two looks at what came.
            if inbox.isEmpty, !hasMore { packSome() }
            let isIdle = state.isIdle && changes.isEmpty && !mayPack
            if memory.isDue(isIdle: isIdle, at: now) { giveBackMemory() }
            receive(inbox, waitingAtMost: mayPack ? .zero : timeout(at: now))
        }
    }

    /// Waits until workers answer, or somebody posts something, and takes the answers.
    func receive(_ inbox: Inbox<IngestItem>? = nil, waitingAtMost longest: Duration?) {
        let signal = inbox?.signal.descriptor.rawValue
        var entries = (pool.sockets + [signal].compactMap(\.self)).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let milliseconds = longest.map { Int32(clamping: Int64(max(0, $0.inSeconds * 1000).rounded(.up))) } ?? -1
        guard unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return }
        let readable = entries.filter { $0.revents != 0 && $0.fd != signal }.map(\.fd)
        let instant = Instant.now
        for outcome in pool.receive(from: readable, at: instant) { take(outcome, at: instant) }
        logDeaths()
    }

    /// The time until something is due; nil if nothing is.
    func timeout(at now: Instant) -> Duration? {
        if hasMore, storage.retry == nil { return .zero }
        var next = [pool.nextDeadline, state.waiting.nextDeferred].compactMap { $0 }
        if let retry = storage.retry { next.append(retry) }
        if let oldestFinding, storage.retry == nil { next.append(oldestFinding + Self.longestHold) }
        if let look = fileOpening.nextLook(at: now) { next.append(look) }
        if battery.isSparing, let look = battery.nextLook { next.append(look) }
        if let due = memory.next { next.append(due) }
        // A start that is due was tried just now, or waits for more than the time.
        if state.waiting.hasNoted, let start = pool.nextStart, start > now { next.append(start) }
        return next.min().map { $0 - now }
    }

    func take(_ outcome: WorkerOutcome, at now: Instant) {
        guard let file = opened.removeValue(forKey: outcome.file) else { return }
        defer { letFollow(outcome.file, size: file.identity.size) }
        switch outcome.result {
        case .extracted(let extraction): newSizes.found(extraction.content, size: Int64(extraction.size))
        case .failed(_, let content?): newSizes.found(content, size: file.identity.size)
        default: break
        }
        if let opener = file.opener, outcome.result.isOfTheFile, !isEnding {
            return opener.check(file, for: outcome)
        }
        // At the end nobody waits for a server: the next start finds whether the file has changed.
        add(outcome, of: file, hasChanged: file.opener == nil && file.hasChanged, at: now)
    }

    func add(_ outcome: WorkerOutcome, of file: OpenedFile, hasChanged: Bool, at now: Instant) {
        var hasChanged = hasChanged
        switch outcome.result {
        case .hashed(_, let size), .sameAudio(_, let size): hasChanged = hasChanged || Int64(size) != file.identity.size
        case .extracted(let extraction):
            hasChanged = hasChanged || Int64(extraction.size) != file.identity.size
            findingBytes += extraction.frames.bands.count + extraction.frames.cepstra.count
        default: break
        }
        add(
            Finding(
                file: outcome.file, result: .answer(outcome.result), identity: file.identity,
                hasChanged: hasChanged, isOpenForWriting: !hasChanged && file.isOpenForWriting), at: now)
    }

    func add(_ finding: Finding, at now: Instant) {
        findings.append(finding)
        oldestFinding = oldestFinding ?? now
    }

    /// How long answers are gathered while more are on their way.
    static let longestHold = Duration.milliseconds(50)
}

/// What other threads have for ingest.
enum IngestItem: Sendable {
    case changes([FolderChange])
    /// What has come of a file that was opened, or looked at, elsewhere.
    case file(FileOpener.News)
    /// Something to do on the loop's thread; it is told nil if the loop has ended.
    case task(@Sendable (IngestLoop?) -> Void)
    case stop
}

/// What ingest takes from the configuration.
package struct IngestSettings: Sendable, Equatable {
    package var extractor: FilePath
    /// Extraction processes.
    package var workers: Int
    package var settle: Duration
    /// Longer sounds are skipped.
    package var longest: Duration
    package var followsSymlinks: Bool
    /// Which boot of the machine this is.
    package var boot: String
}
