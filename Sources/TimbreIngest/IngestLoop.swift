import FolderWatch
import Glibc
import LibraryFeed
import Logging
import Platform
import SystemPackage
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// The loop that every change of the library goes through.
///
/// One thread owns it, with everything in it: it is not `Sendable`, and other threads reach it only through its inbox.
/// It waits for the watcher, the workers and the clients, and passes on what they bring: ``Intake`` turns it into
/// transactions, ``Dispatcher`` hands out files, and ``Packing`` and ``IdleCare`` work when there is nothing else to do.
/// Nobody else writes the catalog.
final class IngestLoop {
    typealias Instant = ContinuousClock.Instant

    /// What other threads post.
    enum Item: Sendable {
        case changes([FolderChange])
        /// The result for a file that was opened, or checked, on another thread.
        case file(FileOpener.News)
        /// A client's request; it gets nil if the loop has ended.
        case request(@Sendable (IngestLoop?) -> Void)
        case stop
    }

    let intake: Intake
    private let inbox: Inbox<Item>
    private let catalog: Catalog
    private let library: LiveLibrary
    private let feed: Feed
    private let journal: IngestJournal
    private let board: IngestStatusBoard
    private let boot: String
    private var settings: IngestSettings
    private var isPaused: Bool
    private(set) var dispatcher: Dispatcher
    /// What is put off while the machine runs on battery.
    private var battery = BatteryCare()
    private let power = PowerSupply()
    private var packing: Packing
    private let care: IdleCare
    private var memory = MemoryCare()
    private var announcer: IngestAnnouncer
    /// Asks the watcher to look at everything again.
    private let lookAgain: () -> Void
    /// Whether nothing new may be begun.
    private var isEnding = false

    /// How long the end waits for files that are with workers.
    private static let longestEnd = Duration.seconds(5)

    init(_ parts: IngestParts, inbox: Inbox<Item>) {
        catalog = parts.catalog
        library = parts.library
        feed = parts.feed
        boot = parts.surroundings.boot
        settings = parts.settings
        isPaused = parts.isPaused
        board = parts.board
        lookAgain = parts.lookAgain
        self.inbox = inbox
        journal = IngestJournal(logger: parts.logger, catalog: parts.catalog, board: parts.board)
        announcer = IngestAnnouncer(announce: parts.announce)
        care = IdleCare(parts.catalog, parts.library, journal)
        packing = Packing(plan: parts.packPlan)
        dispatcher = Dispatcher(
            catalog: parts.catalog, extractor: parts.surroundings.extractor, settings: parts.settings,
            opening: parts.fileOpening
        ) { news in inbox.post(.file(news)) }
        intake = Intake(
            catalog: parts.catalog, library: parts.library, feed: parts.feed, journal: journal, boot: boot,
            opening: parts.opening, patience: Patience(settle: parts.settings.settle))
        intake.mayHang = dispatcher.mayHang
        intake.setFilter(parts.settings.filter)
    }

    /// Works until a stop is posted.
    ///
    /// - Returns: What is left undone.
    /// - Throws: What the catalog throws at the start, unless it is only that nothing can be written for now.
    func run() throws -> IngestRemainder {
        do { try transact { _ in } } catch  where StorageFailure.reason(of: error) != nil {
            // It is tried again later; meanwhile queries search what the library has.
        }
        publish(at: .now)
        while true {
            guard takeItems() else { return end() }
            inbox.note(backlog: intake.pendingCount / Turn.mostFiles)
            goRound(at: .now)
            wait(atMost: mayPack || mayTakeCare(at: .now) ? .zero : timeout(at: .now), inbox)
        }
    }

    /// Takes in what other threads have posted.
    ///
    /// - Returns: Whether to go on.
    private func takeItems() -> Bool {
        var isStopping = false
        for item in inbox.takeAll() {
            switch item {
            case .stop: isStopping = true
            case .changes(let more): intake.add(more)
            case .file(let news):
                intake.withQueue { dispatcher.openerReported(news, &$0) }
                takeFindings(at: .now)
            case .request(let body) where isStopping: body(nil)
            case .request(let body):
                // A request sees everything that came before it.
                turnIfDue(at: .now, mustTakeFindings: true)
                body(self)
            }
        }
        return !isStopping
    }

    /// Does what is due, and publishes the status.
    private func goRound(at now: Instant) {
        intake.withQueue { $0.wake(at: now) }
        intake.withQueue { dispatcher.expire(&$0, at: now) }
        takeFindings(at: now)
        care.store(dispatcher.takeTags(), at: now) { try transact($0) }
        battery.update(
            isWaiting: intake.state.waiting.hasPatient && !isPaused, isAwaited: !intake.state.syncs.isEmpty, at: now,
            isOnBattery: power.isOnBattery)
        turnIfDue(at: now)
        intake.withQueue { dispatcher.endAbandonedReads(&$0, at: now) }
        if !isPaused, intake.canStore {
            let folders = intake.state.folders.roots.keys
            intake.withQueue { dispatcher.handOut(&$0, in: folders, at: now) }
        }
        takeFindings(at: now)
        publish(at: now)
        // This waits for a moment when nothing has been posted.
        if inbox.isEmpty, mayPack { packing.packSome(catalog, library) }
        if inbox.isEmpty, mayTakeCare(at: now) { takeCare(at: now) }
        memory.giveBackIfDue(isIdle: isIdle, catalog, at: now)
    }

    /// Whether there is time to pack files.
    private var mayPack: Bool {
        packing.isDue && !intake.hasMore && intake.canStore && !isEnding && !battery.isSparing
    }

    /// Whether something can be done, and there is time, for what contents lack.
    private func mayTakeCare(at now: Instant) -> Bool {
        hasTimeForCare && care.mayWork(at: now, mayReadTags: mayReadTags(at: now))
    }
    private var hasTimeForCare: Bool { intake.isIdle && intake.canStore && !isEnding && !battery.isSparing }
    private func mayReadTags(at now: Instant) -> Bool { !isPaused && dispatcher.mayReadTags(at: now) }

    private func takeCare(at now: Instant) {
        let unread = care.work(at: now, mayReadTags: mayReadTags(at: now)) { try transact($0) }
        guard !unread.isEmpty else { return }
        let folders = intake.state.folders.roots.keys
        intake.withQueue { dispatcher.readTags(of: unread, &$0, in: folders, at: now) }
    }

    private var isIdle: Bool { intake.state.isIdle && intake.hasTakenChanges && !mayPack }

    private var demand: WorkerDemand {
        WorkerDemand(
            isOpen: !isPaused && !isEnding, onlyUrgent: battery.isSparing, busyCount: dispatcher.busyCount,
            capacity: dispatcher.capacity)
    }

    /// Makes a turn if enough has gathered.
    func turnIfDue(at now: Instant, mustTakeFindings: Bool = false) {
        intake.turnIfDue(at: now, for: demand, mustTakeFindings: mustTakeFindings)
        followTurns()
    }

    /// Makes a turn of everything that has gathered, and of `body`.
    ///
    /// - Throws: What the catalog or `body` throws; then nothing has changed.
    @discardableResult
    func transact<Result>(_ body: (Turn) throws -> Result) throws -> Result {
        defer { followTurns() }
        return try intake.transact(for: demand, body)
    }

    /// Carries out the effects of turns.
    private func followTurns() {
        let effects = intake.takeEffects()
        if effects.mustLookAgain { lookAgain() }
        dispatcher.add(effects.noted)
        packing.note(changes: effects.editCount)
        memory.note(changes: effects.editCount)
        announcer.indexed += effects.insertCount
        care.follow(effects, at: .now)
        // A client that asks for the status after a sync sees what it has waited for.
        if !effects.synced.isEmpty { publish(at: .now) }
        for promise in effects.synced { promise.fulfil(.success(())) }
    }

    private func takeFindings(at now: Instant) {
        intake.add(dispatcher.takeFindings(), at: now)
        for death in dispatcher.takeDeaths() { journal.workerDied(death) }
    }

    /// Waits until workers answer, or something is posted, and takes in the answers.
    private func wait(atMost longest: Duration?, _ inbox: Inbox<Item>? = nil) {
        let signal = inbox?.signal.descriptor.rawValue
        var entries = (dispatcher.sockets + [signal].compactMap(\.self)).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let milliseconds = longest.map { Int32(clamping: Int64(max(0, $0.inSeconds * 1000).rounded(.up))) } ?? -1
        guard unsafe poll(&entries, nfds_t(entries.count), milliseconds) > 0 else { return }
        let readable = entries.filter { $0.revents != 0 && $0.fd != signal }.map(\.fd)
        let now = Instant.now
        intake.withQueue { dispatcher.receive(from: readable, &$0, at: now) }
        takeFindings(at: now)
    }

    /// The time until something is due; nil if nothing is.
    func timeout(at now: Instant) -> Duration? {
        let next = [
            intake.nextDue(at: now), dispatcher.nextDue(hasNoted: intake.state.waiting.hasNoted, at: now),
            battery.isSparing ? battery.nextLook : nil, memory.next, hasTimeForCare ? care.next : nil,
        ]
        return next.compactMap { $0 }.min().map { $0 - now }
    }

    /// Publishes the status.
    private func publish(at now: Instant) {
        let isIdle = intake.isIdle
        board.update {
            $0.isPaused = isPaused
            $0.isIdle = isIdle
            $0.isSparing = battery.isSparing
            if isIdle { $0.busySince = nil } else { $0.busySince = $0.busySince ?? now }
            $0.workerIDs = dispatcher.processIDs
            $0.trouble = intake.trouble ?? dispatcher.trouble
            $0.isStorageTrouble = intake.trouble != nil
            $0.damage = catalog.damageFound
            $0.settings = settings
            $0.lastRound = now
            intake.state.show(&$0)
        }
        announcer.tell(board.status, fileCount: library.snapshot.index.fileCount, at: now, journal.logger)
    }

    /// Ends the work: takes in what workers are about to answer and what was posted, and begins nothing new.
    ///
    /// A regular stop leaves no file suspect after a reboot, and none is decoded twice.
    private func end() -> IngestRemainder {
        isEnding = true
        dispatcher.beginEnd()
        let deadline = Instant.now + Self.longestEnd
        while dispatcher.busyCount > 0, intake.canStore, .now < deadline {
            let due = [dispatcher.nextDue(hasNoted: false, at: .now), deadline].compactMap { $0 }.min() ?? deadline
            wait(atMost: due - .now)
            intake.withQueue { dispatcher.expire(&$0, at: .now) }
            takeFindings(at: .now)
        }
        var remainder = IngestRemainder()
        do {
            repeat {
                remainder = try transact { turn in
                    try turn.writer.withdrawAttempts(boot: boot)
                    return try IngestRemainder(turn)
                }
                // What the next start hears again need not be taken in completely.
            } while !intake.hasTakenChanges && .now < deadline
            remainder.isCaughtUp = intake.hasTakenChanges
        } catch {
            journal.keptAttempts(error)
        }
        if intake.hasLeftOut { remainder.isCaughtUp = false }
        remainder.unanswered = dispatcher.busyCount
        publish(at: .now)
        for promise in intake.takeSyncs() { promise.fulfil(.failure(IngestBusy.stopping)) }
        return remainder
    }

    /// Pauses or resumes, now and across restarts.
    func setPaused(_ isPaused: Bool) throws {
        try transact { try $0.writer.set(Self.pausedSetting, to: isPaused ? 1 : 0) }
        if isPaused != self.isPaused { feed.tell([isPaused ? .paused : .resumed], at: WallClock.seconds()) }
        self.isPaused = isPaused
        battery.isOverruled = !isPaused
        publish(at: .now)
    }

    /// Applies new settings.
    func apply(_ settings: IngestSettings) {
        self.settings = settings
        dispatcher.apply(settings)
        intake.patience = Patience(settle: settings.settle)
        intake.setFilter(settings.filter)
        intake.mayHang = dispatcher.mayHang
        publish(at: .now)
    }

    /// Begins a sync, which waits for everything that is under way, or for the names of it.
    func beginSync(_ token: UInt64, ofNames: Bool = false, _ promise: Promise<Void, any Error>) throws(IngestBusy) {
        if isPaused && !ofNames { throw .paused }
        intake.beginSync(token, ofNames: ofNames, promise)
    }

    /// Says that the events of recordings are found anew.
    func eventsWereDamaged(_ count: Int) { journal.remakesEvents(count) }

    /// Notes that another model is live; the whole library was recoded for it.
    func modelChanged() {
        packing.noteModel()
        memory.noteMuch()
    }

    /// The catalog's setting that says whether ingest is paused.
    static let pausedSetting = "paused"
}
