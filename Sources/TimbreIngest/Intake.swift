import FolderWatch
import LibraryFeed
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Changes the library, a turn at a time, and keeps what is waiting for a turn.
///
/// While nothing can be stored, everything is kept and tried again, less and less often. A single item that cannot be
/// taken in is left out, so that it does not block the rest. What is to follow a turn elsewhere gathers in
/// ``TurnEffects``.
final class Intake {
    typealias Instant = ContinuousClock.Instant

    private let catalog: Catalog
    private let library: LiveLibrary
    private let feed: Feed
    private let journal: IngestJournal
    private let boot: String
    /// What has to be done at the start before anything else, until it is on disk.
    private var opening: IngestStart?
    /// The state as of the last turn. Between turns only the queue of files changes, as files are handed out, and the
    /// syncs.
    private(set) var state: IngestState
    private var changes = PendingChanges()
    private var findings = PendingFindings()
    private var eventKeeper = EventKeeper()
    /// Why nothing can be stored, and when that is tried again.
    private var storage = Backoff(first: .seconds(1))
    private var effects = TurnEffects()
    /// Whether something was left out that could not be taken in: only a scan will find it.
    private(set) var hasLeftOut = false
    /// How long to wait for files that look unfinished.
    var patience: Patience
    /// Whether a look at a path may hang.
    var mayHang: @Sendable (FilePath) -> Bool = { _ in false }

    init(
        catalog: Catalog, library: LiveLibrary, feed: Feed, journal: IngestJournal, boot: String,
        opening: IngestStart?, patience: Patience, state: IngestState = IngestState()
    ) {
        self.catalog = catalog
        self.library = library
        self.feed = feed
        self.journal = journal
        self.boot = boot
        self.opening = opening
        self.patience = patience
        self.state = state
        if let opening { self.state.folders.requireScans(of: opening.folders) }
    }

    /// Whether turns can be stored, as far as we know.
    var canStore: Bool { storage.retry == nil }
    /// Why nothing can be stored.
    var trouble: String? { storage.reason }
    /// Whether there is more to take in than the last turn had room for.
    var hasMore: Bool { !changes.isEmpty || state.forgetting != nil }
    /// Whether everything the watcher reported has been taken in.
    var hasTakenChanges: Bool { changes.isEmpty }
    /// Whether everything found has been dealt with.
    var isIdle: Bool { state.isIdle && changes.isEmpty && findings.isEmpty }
    /// Whether files outside the watched folders are being removed, and can be now.
    var isForgetting: Bool { state.forgetting != nil && canStore }
    /// The names in the changes that wait for a turn.
    var pendingCount: Int { changes.nameCount }

    /// When the next turn is due, or the next file may be ready; nil if there is nothing to wait for.
    func nextDue(at now: Instant) -> Instant? {
        let gathered = hasMore ? now : findings.due
        return [canStore ? gathered : storage.retry, state.waiting.nextDeferred].compactMap { $0 }.min()
    }

    /// Keeps what the watcher saw until a turn takes it in.
    func add(_ more: [FolderChange]) {
        let hadLostTrack = changes.hasLostTrack
        changes.add(more, isStored: canStore)
        guard changes.hasLostTrack else { return }
        if !hadLostTrack { journal.lostTrack() }
        state.partial = PartialChange()
    }

    /// Keeps findings until a turn takes them in.
    func add(_ more: [Finding], at now: Instant) {
        for finding in more { findings.add(finding, at: now) }
    }

    /// Says by which names something is left out.
    func setFilter(_ filter: NameFilter) { state.folders.setFilter(filter) }

    /// Lends the queue of files, which changes between turns as files are handed out and wake up.
    func withQueue(_ body: (inout WaitingFiles) -> Void) { body(&state.waiting) }

    /// Begins a sync, which waits for the proof that the watcher's queue is drained.
    func beginSync(_ token: UInt64, ofNames: Bool = false, _ promise: Promise<Void, any Error>) {
        state.syncs.begin(token, ofNames: ofNames, promise)
    }

    /// Drops a sync that nobody waits for any more.
    func giveUpSync(_ token: UInt64) { state.syncs.giveUp(token) }

    /// Takes out all syncs, at the end.
    func takeSyncs() -> [Promise<Void, any Error>] { state.syncs.takeAll() }

    /// Takes out the effects of the turns that were made.
    func takeEffects() -> TurnEffects {
        defer { effects = TurnEffects() }
        return effects
    }

    /// Makes a turn if enough has gathered.
    ///
    /// - Parameter mustTakeFindings: Whether even a few findings are enough.
    func turnIfDue(at now: Instant, for demand: WorkerDemand, mustTakeFindings: Bool = false) {
        guard storage.mayTry(at: now) else { return }
        let hasWork = demand.onlyUrgent ? state.waiting.hasUrgent : state.waiting.hasWaiting
        let isDry =
            demand.isOpen && hasWork && state.waiting.notedCount < min(Attempts.noteAhead / 2, demand.capacity)
        let isQuiet = demand.busyCount == 0 && !state.waiting.hasNoted
        let mustTake = !findings.isEmpty && (mustTakeFindings || isQuiet || findings.isDue(at: now))
        guard !canStore || hasMore || isDry || mustTake else { return }
        do {
            try transact(at: now, for: demand) { _ in }
        } catch  where StorageFailure.reason(of: error) == nil {
            salvage(at: now, for: demand)
        } catch {
            // Reported already; all of it is tried again.
        }
    }

    /// Makes a turn of everything that has gathered, and of `body`.
    ///
    /// - Throws: What the catalog or `body` throws; then nothing has changed.
    @discardableResult
    func transact<Result>(at now: Instant = .now, for demand: WorkerDemand, _ body: (Turn) throws -> Result) throws
        -> Result
    {
        try transact(mostChanges: .max, mostFindings: .max, at: now, for: demand, body)
    }

    /// Makes a turn of each single item, so that the one that cannot be taken in does not block the others.
    private func salvage(at now: Instant, for demand: WorkerDemand) {
        do {
            while !changes.isEmpty {
                try unlessLeftOut {
                    try transact(mostChanges: 1, mostFindings: 0, at: now, for: demand) { _ in }
                } otherwise: {
                    state.partial = PartialChange()
                    changes.removeFirst(1)
                }
            }
            while let finding = findings.first {
                try unlessLeftOut {
                    try transact(mostChanges: 0, mostFindings: 1, at: now, for: demand) { _ in }
                } otherwise: {
                    state.finish(finding.file)
                    findings.removeFirst(1)
                }
            }
        } catch {
            // Nothing can be stored: reported already, and the rest is tried again.
        }
    }

    /// Takes an item in, or leaves it out if it fails for any reason but the disk.
    private func unlessLeftOut(_ body: () throws -> Void, otherwise leaveOut: () -> Void) throws {
        do { try body() } catch  where StorageFailure.reason(of: error) == nil {
            journal.leftOut(error)
            hasLeftOut = true
            leaveOut()
        }
    }

    private func transact<Result>(
        mostChanges: Int, mostFindings: Int, at now: Instant, for demand: WorkerDemand,
        _ body: (Turn) throws -> Result
    ) throws -> Result {
        let time = WallClock.seconds()
        let (generation, table) = (library.snapshot.generation, library.snapshot.events)
        let codes = findings.codes(ofFirst: mostFindings, under: generation)
        let events = eventKeeper.keep(findings.extractions(ofFirst: mostFindings), in: table)
        effects.eventFailure = eventKeeper.takeFailure() ?? effects.eventFailure
        let (changeCount, findingCount) = (min(mostChanges, changes.count), min(mostFindings, findings.count))
        let made: (turn: Turn, taken: Int, noted: [WorkItem], result: Result)
        do {
            made = try catalog.write { writer in
                let turn = Turn(
                    writer: writer, generation: generation, codes: codes, events: events, patience: patience,
                    state: state, time: time, now: now, mayHang: mayHang)
                // A turn may change nothing, but a retry has to write something to find out whether the disk works
                // again.
                if !canStore { try writer.set("tried", to: Int64(time)) }
                try opening?.open(turn, boot: boot)
                var taken = 0
                while taken < changeCount, turn.room > 0, try turn.watcherSaw(changes[taken]) { taken += 1 }
                for place in 0..<findingCount { try turn.cameBack(findings[place]) }
                // Before the body, which may read the whole library to build another index.
                try turn.forgetSome()
                let result = try body(turn)
                return (turn, taken, try Attempts(turn: turn).noteNext(demand, boot: boot), result)
            }
        } catch {
            if let reason = StorageFailure.reason(of: error) {
                if reason != storage.reason {
                    journal.cannotStore(reason)
                    feed.tell([.stuck(reason)], at: time)
                }
                storage.failed(at: now, why: reason)
            }
            throw error
        }
        if storage.reason != nil {
            journal.canStoreAgain()
            feed.tell([.unstuck], at: time)
        }
        storage.succeeded()
        opening = nil
        changes.removeFirst(made.taken)
        findings.removeFirst(findingCount)
        if findingCount > 0 { eventKeeper.committed() }
        committed(made.turn, made.noted)
        return made.result
    }

    /// Carries on from a turn that is on disk.
    private func committed(_ turn: Turn, _ noted: [WorkItem]) {
        state = turn.state
        if changes.takeLoss() { effects.mustLookAgain = true }
        let (wasComplete, isComplete) = (library.snapshot.isComplete, state.isIdle && changes.isEmpty)
        library.apply(turn.edits, isComplete: isComplete)
        // Who is told can ask for it now.
        feed.tell(turn.happenings + (isComplete && !wasComplete ? [.caughtUp] : []), at: turn.time)
        effects.follow(turn, noted: noted)
        effects.synced += state.syncs.takeFinished()
        for note in turn.notes { journal.log(note) }
    }
}
