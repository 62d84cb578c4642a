import Platform
import TimbreStore

/// The files that ingest has not done with, and how far each is.
///
/// Files that somebody has just dropped go before those that a scan has found, so that a long first scan does not keep
/// a new sound from being searchable at once. Within each class the order is that of arrival.
struct WaitingFiles {
    typealias Instant = ContinuousClock.Instant

    /// How far along a file is.
    enum Phase {
        case waiting
        /// The attempt is on disk; the file may be handed to a worker.
        case noted
        case withWorker
        /// Not ready yet: to be looked at again later.
        case deferred
    }

    struct Entry {
        var phase = Phase.waiting
        var isUrgent: Bool
        /// Workers that died of it.
        var crashes = 0
        /// How often it was found open for writing since its file system last answered.
        var openLooks = 0
        /// Decode without asking: the hash is known to be new, or what is known under it is to be forgotten.
        var mustDecode = false
        /// What was seen under the name while a worker had the file: another file may have taken the name.
        var seen: FileIdentity?
    }

    private(set) var entries = NumberedShards<Entry>()
    private var urgent = NumberQueue()
    private var patient = NumberQueue()
    private var noted = NumberQueue()
    private var deferred: [Int64: Instant] = [:]
    /// Files that somebody has had open for writing for more than a moment, or whose file systems do not answer.
    private var open: Set<Int64> = []
    /// Files finished since ingest was last idle, members of archives among them.
    private(set) var doneCount = 0

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    /// Whether there is nothing left to do but wait for others to close their files.
    var isAtRest: Bool { open.count == entries.count }
    /// The files that can be dealt with now or soon: all but those that somebody has open for writing.
    var awaited: some Sequence<Int64> { entries.keys.lazy.filter { !open.contains($0) } }
    var awaitedCount: Int { entries.count - open.count }
    /// Files that could be handed out once their attempts are on disk.
    var hasWaiting: Bool { !urgent.isEmpty || !patient.isEmpty }
    var hasUrgent: Bool { !urgent.isEmpty }
    var hasPatient: Bool { !patient.isEmpty }
    var hasNoted: Bool { !noted.isEmpty }

    /// Adds a file, or makes it urgent; if a worker has it, its outcome decides whether to look again.
    mutating func add(_ file: Int64, isUrgent: Bool, mustDecode: Bool = false, seen: FileIdentity? = nil) {
        if var entry = entries[file] {
            open.remove(file)
            let wasDeferred = deferred.removeValue(forKey: file) != nil
            if wasDeferred { entry.phase = .waiting }
            let standsInLine = !wasDeferred && (entry.isUrgent || !isUrgent)
            entry.mustDecode = entry.mustDecode || mustDecode
            entry.isUrgent = entry.isUrgent || isUrgent
            if entry.phase == .withWorker { entry.seen = seen }
            entries[file] = entry
            if entry.phase == .waiting && !standsInLine { enqueue(file, entry) }
            return
        }
        let entry = Entry(isUrgent: isUrgent, mustDecode: mustDecode)
        entries[file] = entry
        enqueue(file, entry)
    }

    private mutating func enqueue(_ file: Int64, _ entry: Entry) {
        if entry.isUrgent { urgent.append(file) } else { patient.append(file) }
    }

    /// Takes the next file whose attempt is to be recorded.
    mutating func noteNext(onlyUrgent: Bool = false) -> Int64? {
        while let file = urgent.popFirst() ?? (onlyUrgent ? nil : patient.popFirst()) {
            // A file may stand in a line that it has left: removed meanwhile, or moved to the other line.
            guard entries[file]?.phase == .waiting else { continue }
            entries.update(file) { $0.phase = .noted }
            noted.append(file)
            return file
        }
        return nil
    }

    /// How many files may be handed out.
    var notedCount: Int { noted.count }

    /// Takes the next file to hand to a worker.
    mutating func handOutNext() -> Int64? {
        while let file = noted.popFirst() {
            guard entries[file]?.phase == .noted else { continue }
            entries.update(file) { ($0.phase, $0.seen) = (.withWorker, nil) }
            open.remove(file)
            return file
        }
        return nil
    }

    /// Takes back a file that could not be handed out after all; its attempt stays recorded.
    mutating func takeBack(_ file: Int64) {
        guard entries[file] != nil else { return }
        entries.update(file) { $0.phase = .noted }
        noted.prepend(file)
    }

    /// Postpones a file that somebody has open for writing.
    mutating func hold(_ file: Int64, until instant: Instant) {
        guard let looks = entries[file]?.openLooks else { return }
        if looks > 0 { open.insert(file) }
        entries.update(file) { $0.openLooks += 1 }
        postpone(file, until: instant)
    }

    /// Puts the files that somebody had open for writing back in line: their closing may have been told under a name that
    /// was gone by then.
    mutating func lookAtOpen() {
        for file in open {
            guard let entry = entries[file], entry.openLooks > 0 else { continue }
            open.remove(file)
            if entry.phase == .deferred { again(file) }
        }
    }

    /// Postpones a file when nobody knows when it can be read.
    mutating func setAside(_ file: Int64, until instant: Instant) {
        guard entries[file] != nil else { return }
        open.insert(file)
        entries.update(file) { $0.openLooks = 0 }
        postpone(file, until: instant)
    }

    /// Whether a file was taken out to be handed to a worker, and nothing has come of it yet.
    func isHandedOut(_ file: Int64) -> Bool { entries[file]?.phase == .withWorker }

    /// Whether somebody has a file open for writing, and not only for a moment.
    func isHeldOpen(_ file: Int64) -> Bool { open.contains(file) }

    /// Postpones a file until it may be ready.
    mutating func postpone(_ file: Int64, until instant: Instant) {
        guard entries[file] != nil else { return }
        entries.update(file) { $0.phase = .deferred }
        deferred[file] = instant
    }

    /// Queues a file once more.
    mutating func again(_ file: Int64, mustDecode: Bool = false, hasCrashed: Bool = false) {
        guard var entry = entries[file] else { return }
        entry.phase = .waiting
        deferred[file] = nil
        entry.mustDecode = entry.mustDecode || mustDecode
        if hasCrashed { entry.crashes += 1 }
        entries[file] = entry
        enqueue(file, entry)
    }

    /// Forgets a file that ingest is done with.
    mutating func finish(_ file: Int64) {
        guard entries.removeValue(forKey: file) != nil else { return }
        deferred[file] = nil
        open.remove(file)
        doneCount += 1
        if isAtRest { doneCount = 0 }
    }

    /// Notes that some members of an archive are done with, which have waited in it.
    mutating func finishMembers(_ count: Int) { doneCount += count }

    /// When the next file that was postponed is to be looked at.
    var nextDeferred: Instant? { deferred.values.min() }

    /// Puts files that were postponed back in line.
    mutating func wake(at now: Instant) {
        for (file, instant) in deferred where instant <= now { again(file) }
    }
}
