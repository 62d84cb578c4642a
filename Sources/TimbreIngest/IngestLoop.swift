import FolderWatch
import Glibc
import Logging
import Platform
import SystemPackage
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// The loop through which every change of the library goes.
///
/// One thread owns it, with all that it holds: it is not `Sendable`, and other threads reach it through its inbox alone.
/// It waits for the watcher, the workers and the clients, and passes on what they have: ``Intake`` makes turns of it, the
/// ``Dispatcher`` hands files out, and ``Packing`` works while nothing else is to be done. Nobody else writes to the
/// catalog.
final class IngestLoop {
    typealias Instant = ContinuousClock.Instant

    /// What other threads have for ingest.
    enum Item: Sendable {
        case changes([FolderChange])
        /// What has come of a file that was opened, or looked at, elsewhere.
        case file(FileOpener.News)
        /// Something that a client wants; it is told nil if the loop has ended.
        case request(@Sendable (IngestLoop?) -> Void)
        case stop
    }

    let intake: Intake
    private let inbox: Inbox<Item>
    private let catalog: Catalog
    private let library: LiveLibrary
    private let journal: IngestJournal
    private let board: IngestStatusBoard
    private let boot: String
    private var settings: IngestSettings
    private var isPaused: Bool
    private(set) var dispatcher: Dispatcher
    /// What is put off while the machine runs on its battery.
    private var battery = BatteryCare()
    private let power = PowerSupply()
    private var packing: Packing
    private var memory = MemoryCare()
    private var announcer: IngestAnnouncer
    /// Has the watcher look at everything again.
    private let lookAgain: () -> Void
    /// Whether nothing is to be begun any more.
    private var isEnding = false

    /// How long files that are with workers are waited for when ingest ends.
    private static let longestEnd = Duration.seconds(5)

    init(_ parts: IngestParts, inbox: Inbox<Item>) {
        catalog = parts.catalog
        library = parts.library
        boot = parts.surroundings.boot
        settings = parts.settings
        isPaused = parts.isPaused
        board = parts.board
        lookAgain = parts.lookAgain
        self.inbox = inbox
        journal = IngestJournal(logger: parts.logger, catalog: parts.catalog, board: parts.board)
        announcer = IngestAnnouncer(announce: parts.announce)
        packing = Packing(plan: parts.packPlan)
        dispatcher = Dispatcher(
            catalog: parts.catalog, extractor: parts.surroundings.extractor, settings: parts.settings,
            opening: parts.fileOpening
        ) { news in inbox.post(.file(news)) }
        intake = Intake(
            catalog: parts.catalog, library: parts.library, journal: journal, boot: boot, opening: parts.opening,
            patience: Patience(settle: parts.settings.settle))
        intake.mayHang = dispatcher.mayHang
    }

    /// Works until a stop is posted.
    ///
    /// - Returns: What it has not come to.
    /// - Throws: What the catalog throws at the start, unless that is over when the disk takes something again.
    func run() throws -> IngestRemainder {
        do { try transact { _ in } } catch  where StorageFailure.reason(of: error) != nil {
            // It is tried again when writing may work; what the library holds is searched meanwhile.
        }
        publish(at: .now)
        while true {
            guard takeItems() else { return end() }
            inbox.note(backlog: intake.pendingCount / Turn.mostFiles)
            goRound(at: .now)
            wait(atMost: mayPack ? .zero : timeout(at: .now), inbox)
        }
    }

    /// Takes what other threads have posted.
    ///
    /// - Returns: Whether to go on.
    private func takeItems() -> Bool {
        var isStopping = false
        for item in inbox.takeAll() {
            switch item {
            case .stop: isStopping = true
            case .changes(let more): intake.add(more)
            case .file(let news):
                dispatcher.openerReported(news, &intake.state.waiting)
                takeFindings(at: .now)
            case .request(let body) where isStopping: body(nil)
            case .request(let body):
                // A request sees all that came before it.
                turnIfDue(at: .now, mustTakeFindings: true)
                body(self)
            }
        }
        return !isStopping
    }

    /// Does what is due, and tells how it stands.
    private func goRound(at now: Instant) {
        intake.state.waiting.wake(at: now)
        dispatcher.expire(&intake.state.waiting, at: now)
        takeFindings(at: now)
        battery.update(
            isWaiting: intake.state.waiting.hasPatient && !isPaused, isAwaited: !intake.state.syncs.isEmpty, at: now,
            isOnBattery: power.isOnBattery)
        turnIfDue(at: now)
        dispatcher.endVainReads(&intake.state.waiting, at: now)
        if !isPaused, intake.canStore {
            dispatcher.handOut(&intake.state.waiting, in: intake.state.folders.roots.keys, at: now)
        }
        takeFindings(at: now)
        publish(at: now)
        // Between two looks at what came.
        if inbox.isEmpty, mayPack { packing.packSome(catalog, library) }
        memory.giveBackIfDue(isIdle: isIdle, catalog, at: now)
    }

    /// Whether files are to be packed while nothing else is to be done.
    private var mayPack: Bool {
        packing.isDue && !intake.hasMore && intake.canStore && !isEnding && !battery.isSparing
    }

    private var isIdle: Bool { intake.state.isIdle && intake.hasTakenChanges && !mayPack }

    private var demand: WorkerDemand {
        WorkerDemand(
            isOpen: !isPaused && !isEnding, onlyUrgent: battery.isSparing, busyCount: dispatcher.busyCount,
            capacity: dispatcher.capacity)
    }

    /// Makes a turn if what has gathered is worth one.
    func turnIfDue(at now: Instant, mustTakeFindings: Bool = false) {
        intake.turnIfDue(at: now, for: demand, mustTakeFindings: mustTakeFindings)
        followTurns()
    }

    /// Makes a turn of all that has gathered, and of `body`.
    ///
    /// - Throws: What the catalog or `body` throws; then nothing has happened.
    @discardableResult
    func transact<Result>(_ body: (Turn) throws -> Result) throws -> Result {
        defer { followTurns() }
        return try intake.transact(for: demand, body)
    }

    /// Sees to what follows turns.
    private func followTurns() {
        let effects = intake.takeEffects()
        if effects.mustLookAgain { lookAgain() }
        dispatcher.add(effects.noted)
        packing.note(changes: effects.editCount)
        memory.note(changes: effects.editCount)
        announcer.indexed += effects.insertCount
        // Whoever asks for the status after a sync sees what it has waited for.
        if !effects.synced.isEmpty { publish(at: .now) }
        for promise in effects.synced { promise.fulfil(.success(())) }
    }

    private func takeFindings(at now: Instant) {
        intake.add(dispatcher.takeFindings(), at: now)
        for death in dispatcher.takeDeaths() { journal.workerDied(death) }
    }

    /// Waits until workers answer, or somebody posts something, and takes the answers.
    private func wait(atMost longest: Duration?, _ inbox: Inbox<Item>? = nil) {
        let signal = inbox?.signal.descriptor.rawValue
        var entries = (dispatcher.sockets + [signal].compactMap(\.self)).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let milliseconds = longest.map { Int32(clamping: Int64(max(0, $0.inSeconds * 1000).rounded(.up))) } ?? -1
        guard unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return }
        let readable = entries.filter { $0.revents != 0 && $0.fd != signal }.map(\.fd)
        let now = Instant.now
        dispatcher.receive(from: readable, &intake.state.waiting, at: now)
        takeFindings(at: now)
    }

    /// The time until something is due; nil if nothing is.
    func timeout(at now: Instant) -> Duration? {
        let next = [
            intake.nextDue(at: now), dispatcher.nextDue(hasNoted: intake.state.waiting.hasNoted, at: now),
            battery.isSparing ? battery.nextLook : nil, memory.next,
        ]
        return next.compactMap { $0 }.min().map { $0 - now }
    }

    /// Writes the state down for others.
    private func publish(at now: Instant) {
        let isIdle = intake.isIdle
        board.update {
            $0.isPaused = isPaused
            $0.isIdle = isIdle
            $0.isSparing = battery.isSparing
            if isIdle { $0.busySince = nil } else { $0.busySince = $0.busySince ?? now }
            $0.workerIDs = dispatcher.processIDs
            $0.trouble = intake.trouble ?? dispatcher.trouble
            $0.damage = catalog.damageFound
            $0.settings = settings
            $0.lastRound = now
            intake.state.show(&$0)
        }
        announcer.tell(board.status, fileCount: library.snapshot.index.fileCount, at: now, journal.logger)
    }

    /// Ends the work: takes in what workers are about to answer, and all that was told, and begins nothing.
    ///
    /// A stop that was asked for neither makes the files under way suspect after a reboot, nor decodes them twice.
    private func end() -> IngestRemainder {
        isEnding = true
        dispatcher.isEnding = true
        let deadline = Instant.now + Self.longestEnd
        while dispatcher.busyCount > 0, intake.canStore, .now < deadline {
            let due = [dispatcher.nextDue(hasNoted: false, at: .now), deadline].compactMap { $0 }.min() ?? deadline
            wait(atMost: due - .now)
            dispatcher.expire(&intake.state.waiting, at: .now)
            takeFindings(at: .now)
        }
        var remainder = IngestRemainder()
        do {
            repeat {
                remainder = try transact { turn in
                    try turn.writer.withdrawAttempts(boot: boot)
                    return try IngestRemainder(turn)
                }
                // What a start is told of again need not be taken in to the end.
            } while !intake.hasTakenChanges && .now < deadline
            remainder.isCaughtUp = intake.hasTakenChanges
        } catch {
            journal.keptAttempts(error)
        }
        if intake.hasLeftOut { remainder.isCaughtUp = false }
        remainder.unanswered = dispatcher.busyCount
        publish(at: .now)
        for promise in intake.state.syncs.takeAll() { promise.fulfil(.failure(IngestBusy.stopping)) }
        return remainder
    }

    /// Lets files be handed out, or not any more: from now on, and after a start.
    func setPaused(_ isPaused: Bool) throws {
        try transact { try $0.writer.set(Self.pausedSetting, to: isPaused ? 1 : 0) }
        self.isPaused = isPaused
        battery.isOverruled = !isPaused
        publish(at: .now)
    }

    /// Works by other settings from now on.
    func apply(_ settings: IngestSettings) {
        self.settings = settings
        dispatcher.apply(settings)
        intake.patience = Patience(settle: settings.settle)
        intake.mayHang = dispatcher.mayHang
        publish(at: .now)
    }

    /// Lets a sync wait for all that is under way.
    func beginSync(_ token: UInt64, _ promise: Promise<Void, any Error>) throws(IngestBusy) {
        if isPaused { throw .paused }
        intake.state.syncs.begin(token, promise)
    }

    /// Notes that another model is in use, for which the whole library was worked on.
    func modelChanged() {
        packing.noteModel()
        memory.noteMuch()
    }

    /// The setting of the catalog that says whether ingest is paused.
    static let pausedSetting = "paused"
}
