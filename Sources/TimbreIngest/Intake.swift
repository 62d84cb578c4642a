import FolderWatch
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Changes the library, a turn at a time, and keeps what no turn has taken in yet.
///
/// What cannot be stored is kept, and tried again less and less often; what cannot be taken in by itself is left out, so
/// that it stops nothing else. What is to follow a turn outside the library gathers in ``TurnEffects``.
final class Intake {
    typealias Instant = ContinuousClock.Instant

    /// What follows turns that are on disk, for the loop to see to.
    struct TurnEffects {
        /// Files whose attempts are noted: they may be handed out.
        var noted: [Handout] = []
        /// Changes of the index.
        var editCount = 0
        /// Files that were put into it.
        var insertCount = 0
        /// Syncs that are over.
        var synced: [Promise<Void, any Error>] = []
        /// Whether the watcher is to look at everything again.
        var mustLookAgain = false
    }

    private let catalog: Catalog
    private let library: LiveLibrary
    private let journal: IngestJournal
    private let boot: String
    /// What a start has to do before anything else, once it can be written.
    private var opening: IngestStart?
    /// What turns have made of it all; beside them only the queue of files is changed, as files are handed out.
    var state = IngestState()
    private var changes = PendingChanges()
    private var findings = PendingFindings()
    /// Why nothing can be stored, and when that is tried again.
    private var storage = Backoff(first: .seconds(1))
    private var effects = TurnEffects()
    /// Whether something that was told could not be taken in: then only a scan finds it.
    private(set) var hasLeftOut = false
    /// How long files that look unfinished are waited for.
    var patience: Patience
    /// Whether looking at a path may take for ever.
    var mayHang: @Sendable (FilePath) -> Bool = { _ in false }

    init(
        catalog: Catalog, library: LiveLibrary, journal: IngestJournal, boot: String, opening: IngestStart?,
        patience: Patience
    ) {
        self.catalog = catalog
        self.library = library
        self.journal = journal
        self.boot = boot
        self.opening = opening
        self.patience = patience
        if let opening { state.folders.requireScans(of: opening.folders) }
    }

    /// Whether turns can be stored, as far as is known.
    var canStore: Bool { storage.retry == nil }
    /// Why nothing can be stored.
    var trouble: String? { storage.reason }
    /// Whether a turn is due that goes on with what the one before had no room for.
    var hasMore: Bool { !changes.isEmpty || state.forgetting != nil }
    /// Whether all that the watcher told has been taken in.
    var hasTakenChanges: Bool { changes.isEmpty }
    /// Whether everything that was found has been dealt with.
    var isIdle: Bool { state.isIdle && changes.isEmpty && findings.isEmpty }
    /// Whether files are being taken out that lie in no watched folder any more, and can be now.
    var isForgetting: Bool { state.forgetting != nil && canStore }
    /// The names in what no turn has taken in yet.
    var pendingCount: Int { changes.nameCount }

    /// When the next turn is due, or the next file may be ready; nil if nothing is waited for.
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

    /// Keeps what came of files until a turn takes it in.
    func add(_ more: [Finding], at now: Instant) {
        for finding in more { findings.add(finding, at: now) }
    }

    /// Takes out what is to follow the turns that were made.
    func takeEffects() -> TurnEffects {
        defer { effects = TurnEffects() }
        return effects
    }

    /// Makes a turn if what has gathered is worth one.
    ///
    /// - Parameter mustTakeFindings: Whether a few are worth one, too.
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
            // Said already; all of it is tried again.
        }
    }

    /// Makes a turn of all that has gathered, and of `body`.
    ///
    /// - Throws: What the catalog or `body` throws; then nothing has happened.
    @discardableResult
    func transact<Result>(at now: Instant = .now, for demand: WorkerDemand, _ body: (Turn) throws -> Result) throws
        -> Result
    {
        try transact(mostChanges: .max, mostFindings: .max, at: now, for: demand, body)
    }

    /// Makes a turn of each thing that has gathered, so that the one that cannot be taken in does not stop the others.
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
            // Nothing can be stored: said already, and the rest is tried again.
        }
    }

    /// Takes something in, or leaves it out if it is not the disk that refuses it.
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
        let generation = library.snapshot.generation
        let codes = findings.codes(ofFirst: mostFindings, under: generation)
        let (changeCount, findingCount) = (min(mostChanges, changes.count), min(mostFindings, findings.count))
        let made: (turn: Turn, taken: Int, noted: [Handout], result: Result)
        do {
            made = try catalog.write { writer in
                let turn = Turn(
                    writer: writer, generation: generation, codes: codes, patience: patience, state: state, time: time,
                    now: now, mayHang: mayHang)
                // A turn may change nothing: what is to show whether the disk takes something gives it something.
                if !canStore { try writer.set("tried", to: Int64(time)) }
                try opening?.open(turn, boot: boot)
                var taken = 0
                while taken < changeCount, turn.room > 0, try turn.watcherSaw(changes[taken]) { taken += 1 }
                for place in 0..<findingCount { try turn.cameBack(findings[place]) }
                // Before the body, which may read all that is in the library for another index.
                try turn.forgetSome()
                let result = try body(turn)
                return (turn, taken, try Attempts(turn: turn).noteNext(demand, boot: boot), result)
            }
        } catch {
            if let reason = StorageFailure.reason(of: error) {
                if reason != storage.reason { journal.cannotStore(reason) }
                storage.failed(at: now, why: reason)
            }
            throw error
        }
        if storage.reason != nil { journal.canStoreAgain() }
        storage.succeeded()
        opening = nil
        changes.removeFirst(made.taken)
        findings.removeFirst(findingCount)
        committed(made.turn, made.noted)
        return made.result
    }

    /// What follows once a turn is on disk.
    private func committed(_ turn: Turn, _ noted: [Handout]) {
        state = turn.state
        if changes.takeLoss() { effects.mustLookAgain = true }
        library.apply(turn.edits, isComplete: state.isIdle && changes.isEmpty)
        effects.noted += noted
        effects.editCount += turn.edits.count
        effects.insertCount += turn.edits.count { if case .insert = $0 { true } else { false } }
        effects.synced += state.syncs.takeFinished()
        for note in turn.notes { journal.log(note) }
    }
}
