import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary
import TimbreStore

/// Hands files to the workers, and gathers the results.
///
/// It owns the workers and the files that are open for them; the queue of files is lent to it for each call. It is told
/// the time, and runs on no thread of its own: its owner polls the workers' sockets.
struct Dispatcher {
    typealias Instant = ContinuousClock.Instant

    /// The result of an attempt to hand out a file.
    private enum Fate {
        /// A worker has it, it is being opened, or it needs no worker.
        case dealtWith
        /// It waits for another file: one that it may be a copy of, or those before it on its file system.
        case follows
        /// No worker can take it now.
        case lacksWorker
    }

    private var settings: IngestSettings
    private var pool: WorkerPool
    /// Whether nothing new may be begun.
    private var isEnding = false
    /// Files whose attempts are on disk, not yet handed out.
    private var workItems: [Int64: WorkItem] = [:]
    /// What is asked about each file, and which of the files that may be copies of each other go first.
    private var questions: Questions
    /// Files that are being opened where that may hang.
    private var opening: FileOpening
    /// Posts the result for a file that was opened there; called on another thread.
    private let post: @Sendable (FileOpener.News) -> Void
    /// With workers.
    private var opened: [Int64: OpenedFile] = [:]
    private var results = WorkerResults()

    init(
        catalog: Catalog, extractor: FilePath, settings: IngestSettings, opening: FileOpening = FileOpening(),
        post: @escaping @Sendable (FileOpener.News) -> Void
    ) {
        self.settings = settings
        self.opening = opening
        self.post = post
        questions = Questions(catalog: catalog)
        pool = WorkerPool(executable: extractor, size: settings.workers)
    }

    /// The sockets to poll for reading.
    var sockets: [Int32] { pool.sockets }
    /// Files that are with workers.
    var busyCount: Int { pool.busyCount }
    /// Files that workers may have.
    var capacity: Int { pool.size * pool.depth }
    var processIDs: [Int32] { pool.processIDs }
    /// Why no worker can be started, while that is so.
    var trouble: String? { pool.trouble }

    /// Whether a look at a path may hang.
    var mayHang: @Sendable (FilePath) -> Bool {
        { [point = opening.point, follows = settings.followsSymlinks] in point($0, follows) != nil }
    }

    /// When something is due that the sockets do not show.
    ///
    /// - Parameter hasNoted: Whether files wait for a worker.
    func nextDue(hasNoted: Bool, at now: Instant) -> Instant? {
        // A start that is due was tried just now, or is waiting for something else.
        let start = hasNoted ? pool.nextStart.flatMap { $0 > now ? $0 : nil } : nil
        return [pool.nextDeadline, opening.nextLook(at: now), start].compactMap { $0 }.min()
    }

    mutating func apply(_ settings: IngestSettings) {
        self.settings = settings
        pool.resize(to: settings.workers)
    }

    /// Adds files whose attempts are on disk: they may be handed out.
    mutating func add(_ noted: [WorkItem]) {
        for item in noted { workItems[item.file] = item }
    }

    /// Takes out the results.
    mutating func takeFindings() -> [Finding] { results.take() }

    /// Whether there is nothing to do but to read tags.
    func mayReadTags(at now: Instant) -> Bool {
        results.tags.isIdle && opened.isEmpty && opening.isIdle && pool.hasRoom(at: now)
    }

    /// Has the tags of some files read; those that cannot be opened, or have changed, are passed over.
    ///
    /// - Precondition: ``mayReadTags(at:)``, and the files are no more than ``TagCare/most``.
    mutating func readTags(
        of items: [WorkItem], _ waiting: inout WaitingFiles, in folders: some Collection<FilePath>, at now: Instant
    ) {
        for item in items where waiting.entries[item.file] == nil {
            results.tags.begin(item)
            let fate = handOut(item, below: outermost(of: folders, for: item.path), &waiting, at: now)
            if fate != .dealtWith { results.tags.giveUp(item.file) }
        }
    }

    /// Takes out what came of the tags that were to be read.
    mutating func takeTags() -> TagCare.News { results.tags.takeNews() }

    /// Takes out the deaths of workers.
    mutating func takeDeaths() -> [WorkerDeath] { pool.takeDeaths() }

    /// Hands files to the workers, as many as they take.
    ///
    /// - Parameter folders: The watched folders.
    mutating func handOut(_ waiting: inout WaitingFiles, in folders: some Collection<FilePath>, at now: Instant) {
        for item in opening.takeSilent(at: now) { setAside(item, &waiting) }
        while pool.hasRoom(at: now), let (item, file) = opening.ready.first {
            // Its folder may have gone away meanwhile.
            let isMeant = item.isForTags || waiting.isHandedOut(item.file)
            // Its tags are being read.
            let isBusy = opened[item.file] != nil
            if isMeant, isBusy {
                if item.isForTags {
                    results.tags.giveUp(item.file)
                } else {
                    waiting.postpone(item.file, until: now + .milliseconds(100))
                }
            }
            let fate = isMeant && !isBusy ? submit(item, file, &waiting, at: now) : .dealtWith
            // Files of other file systems may still find one.
            if fate == .lacksWorker { break }
            opening.takeReady()
            requeueHeld(&waiting)
        }
        while pool.hasRoom(at: now), let id = waiting.handOutNext() {
            guard let item = workItems[id] else {
                waiting.again(id)
                continue
            }
            // A worker still has it from before it went away and came back.
            guard opened[id] == nil else {
                workItems[id] = nil
                waiting.postpone(id, until: now + .milliseconds(100))
                continue
            }
            switch handOut(item, below: outermost(of: folders, for: item.path), &waiting, at: now) {
            case .dealtWith: workItems[id] = nil
            case .follows: break
            case .lacksWorker: return waiting.takeBack(id)
            }
        }
    }

    /// The folder below which a file is opened. Of nested ones the outer one counts: whoever can write there must not be able
    /// to redirect the inner one.
    private func outermost(of folders: some Collection<FilePath>, for path: FilePath) -> FilePath {
        folders.filter { path.starts(with: $0) }.min { $0.length < $1.length } ?? "/"
    }

    private mutating func handOut(
        _ item: WorkItem, below root: FilePath, _ waiting: inout WaitingFiles, at now: Instant
    ) -> Fate {
        let folder = settings.followsSymlinks ? item.path : root
        if let opener = opening.opener(for: item.path, following: settings.followsSymlinks, post: post) {
            switch opening.begin(item, with: opener, below: folder, at: now) {
            case .begun: return .dealtWith
            case .full: return .lacksWorker
            case .held: return .follows
            case .silent:
                setAside(item, &waiting)
                return .dealtWith
            }
        }
        do throws(Errno) {
            return submit(item, try OpenedFile.open(item.path, below: folder), &waiting, at: now)
        } catch {
            results.note(item, unopened: error, FileIdentity(of: item.path))
            return .dealtWith
        }
    }

    private mutating func submit(
        _ item: WorkItem, _ file: OpenedFile, _ waiting: inout WaitingFiles, at now: Instant
    ) -> Fate {
        let identity = file.identity
        if item.isForTags {
            submitForTags(item, file, at: now)
            return .dealtWith
        }
        if let lastRead = item.lastRead, identity.isUnchanged(since: lastRead), !item.mustDecode {
            results.note(item, .unchanged, identity)
            return .dealtWith
        }
        if Patience.waitWhileOpen(changed: identity.changed, now: WallClock.seconds(), looks: 0) != nil,
            file.isOpenForWriting
        {
            results.note(item, .beingWritten, identity)
            return .dealtWith
        }
        if var step = item.archive {
            if let listed = item.listed, !identity.isUnchanged(since: listed) { step = .list }
            if step != .list, pool.unpackingCount >= settings.archives.mostUnpacking {
                results.note(item, .postponed, identity)
                return .dealtWith
            }
            let order = WorkOrder.archive(step, of: item, in: file, settings)
            return submit(order, item, file, at: now) ? .dealtWith : .lacksWorker
        }
        // No other file waits for one whose reading may hang.
        let question = questions.question(about: item, size: identity.size, leads: file.opener == nil)
        guard let question else { return .follows }
        guard submit(.sound(of: item, in: file, question, settings), item, file, at: now) else {
            releaseFollowers(item.file, size: identity.size, &waiting)
            return .lacksWorker
        }
        return .dealtWith
    }

    /// Hands an open file to a worker.
    ///
    /// - Returns: Whether one has taken it.
    private mutating func submit(_ order: WorkOrder, _ item: WorkItem, _ file: OpenedFile, at now: Instant) -> Bool {
        guard pool.submit(order, file: file.descriptor, at: now) else { return false }
        opened[item.file] = file
        return true
    }

    private mutating func submitForTags(_ item: WorkItem, _ file: OpenedFile, at now: Instant) {
        var isTaken = false
        if let lastRead = item.lastRead, file.identity.isUnchanged(since: lastRead), opened[item.file] == nil {
            if let step = item.archive {
                isTaken =
                    pool.unpackingCount < settings.archives.mostUnpacking
                    && submit(.archive(step, of: item, in: file, settings), item, file, at: now)
            } else {
                isTaken = submit(.tags(of: item, in: file), item, file, at: now)
            }
        }
        if !isTaken { results.tags.giveUp(item.file) }
    }

    /// Takes in the result for a file that was opened, or checked, on another thread.
    mutating func openerReported(_ news: FileOpener.News, _ waiting: inout WaitingFiles) {
        requeueHeld(&waiting)
        switch news {
        case .opened(let ticket, let file):
            // Its folder may have gone away meanwhile.
            guard let item = opening.end(ticket), item.isForTags || waiting.isHandedOut(ticket.file) else { return }
            opening.keep(item, file)
        case .unopened(let ticket, let error, let identity):
            guard let item = opening.end(ticket) else { return }
            results.note(item, unopened: error, identity)
        case .checked(let file, let outcome, let hasChanged): results.add(outcome, of: file, hasChanged: hasChanged)
        }
    }

    /// Reads the answers of the workers whose sockets are readable.
    mutating func receive(from ready: [Int32], _ waiting: inout WaitingFiles, at now: Instant) {
        let outcomes = pool.receive(from: ready, at: now)
        for outcome in outcomes { workerAnswered(outcome, &waiting) }
        guard isEnding else { return }
        // An archive is gone on with from here by the next start.
        let archives = Set(outcomes.filter { !$0.isLast }.map(\.file))
        pool.drop { archives.contains($0.file) }
    }

    /// Notes that nothing new is begun any more. What loses nothing by it is cut off.
    mutating func beginEnd() {
        isEnding = true
        pool.drop(where: \.mayBeCutOff)
    }

    /// Ends the workers that have overrun a deadline.
    mutating func expire(_ waiting: inout WaitingFiles, at now: Instant) {
        for outcome in pool.expire(at: now) { workerAnswered(outcome, &waiting) }
    }

    /// Ends the workers that read from a folder that has gone away: they may hang, and hold up others.
    mutating func endAbandonedReads(_ waiting: inout WaitingFiles, at now: Instant) {
        let abandoned = opened.filter {
            $0.value.opener != nil && !results.tags.has($0.key) && !waiting.isHandedOut($0.key)
        }.map(\.key)
        guard !abandoned.isEmpty else { return }
        for outcome in pool.giveUp(Set(abandoned), at: now) { workerAnswered(outcome, &waiting) }
    }

    private mutating func workerAnswered(_ outcome: WorkerOutcome, _ waiting: inout WaitingFiles) {
        if !outcome.isLast {
            guard let file = opened[outcome.file] else { return }
            if case .extracted(let extraction) = outcome.result {
                questions.answered(outcome.result, size: Int64(extraction.size))
            }
            return results.add(part: outcome, of: file)
        }
        guard let file = opened.removeValue(forKey: outcome.file) else { return }
        defer { releaseFollowers(outcome.file, size: file.identity.size, &waiting) }
        questions.answered(outcome.result, size: file.identity.size)
        if let opener = file.opener, outcome.result.isOfTheFile, !isEnding {
            return opener.check(file, for: outcome)
        }
        // At the end nobody waits for a server: the next start will see whether the file has changed.
        results.add(outcome, of: file, hasChanged: file.opener == nil && file.hasChanged)
    }

    /// Sets a file aside whose file system does not answer.
    private mutating func setAside(_ item: WorkItem, _ waiting: inout WaitingFiles) {
        requeueHeld(&waiting)
        results.note(item, .unanswered, item.lastRead ?? .unknown)
    }

    /// Queues the files again that wait for others of their file system to be opened.
    private mutating func requeueHeld(_ waiting: inout WaitingFiles) {
        for file in opening.takeHeld().reversed() { waiting.takeBack(file) }
    }

    /// Queues the files again that have waited for the result of another.
    private mutating func releaseFollowers(_ file: Int64, size: Int64, _ waiting: inout WaitingFiles) {
        for follower in questions.finished(file, size: size).reversed() { waiting.takeBack(follower) }
    }
}
