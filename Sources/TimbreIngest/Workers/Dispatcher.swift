import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary
import TimbreStore

/// Hands files to the workers, and gathers what comes of them.
///
/// It owns the workers and the files that are open for them; which files wait is lent to it for each call. It is told the
/// time, and runs on no thread of its own: its owner polls the workers' sockets.
struct Dispatcher {
    typealias Instant = ContinuousClock.Instant

    /// What became of the attempt to hand a file out.
    private enum Fate {
        /// It is with a worker or being opened, or was found to need none.
        case dealtWith
        /// It waits for what comes of another: one that it may be a copy of, or those of its file system before it.
        case follows
        /// No worker takes it now.
        case lacksWorker
    }

    private var settings: IngestSettings
    private var pool: WorkerPool
    /// Whether nothing is to be begun any more.
    var isEnding = false
    /// Noted, not yet handed out.
    private var handouts: [Int64: Handout] = [:]
    /// What is asked about each file, and which of the files that may be copies of each other go first.
    private var questions: Questions
    /// Being opened where that may take for ever.
    private var opening: FileOpening
    /// Tells what has come of a file that is opened there; called on another thread.
    private let post: @Sendable (FileOpener.News) -> Void
    /// With workers.
    private var opened: [Int64: OpenedFile] = [:]
    /// What came of files since it was last taken.
    private var findings: [Finding] = []

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

    /// Whether looking at a path may take for ever.
    var mayHang: @Sendable (FilePath) -> Bool {
        { [point = opening.point, follows = settings.followsSymlinks] in point($0, follows) != nil }
    }

    /// When something is due beyond what the sockets tell.
    ///
    /// - Parameter hasNoted: Whether files wait for a worker.
    func nextDue(hasNoted: Bool, at now: Instant) -> Instant? {
        // A start that is due was tried just now, or waits for more than the time.
        let start = hasNoted ? pool.nextStart.flatMap { $0 > now ? $0 : nil } : nil
        return [pool.nextDeadline, opening.nextLook(at: now), start].compactMap { $0 }.min()
    }

    mutating func apply(_ settings: IngestSettings) {
        self.settings = settings
        pool.resize(to: settings.workers)
    }

    /// Adds files whose attempts are noted: they may be handed out.
    mutating func add(_ noted: [Handout]) {
        for handout in noted { handouts[handout.file] = handout }
    }

    /// Takes out what came of files.
    mutating func takeFindings() -> [Finding] {
        defer { findings = [] }
        return findings
    }

    /// Takes out what there is to tell of workers that have died.
    mutating func takeDeaths() -> [WorkerDeath] { pool.takeDeaths() }

    /// Hands noted files to the workers, as many as they take.
    ///
    /// - Parameter folders: The watched folders.
    mutating func handOut(_ waiting: inout WaitingFiles, in folders: some Collection<FilePath>, at now: Instant) {
        for handout in opening.takeSilent(at: now) { putAside(handout, &waiting) }
        while pool.hasRoom(at: now), let (handout, file) = opening.ready.first {
            // Its folder may have gone away meanwhile.
            let isMeant = waiting.isHandedOut(handout.file)
            let fate = isMeant ? submit(handout, file, &waiting, at: now) : .dealtWith
            // Files of other file systems may still find one.
            if fate == .lacksWorker { break }
            opening.takeReady()
            takeBackHeld(&waiting)
        }
        while pool.hasRoom(at: now), let id = waiting.handOutNext() {
            guard let handout = handouts[id] else {
                waiting.again(id)
                continue
            }
            // A worker has it still from before it went away and came back.
            guard opened[id] == nil else {
                handouts[id] = nil
                waiting.postpone(id, until: now + .milliseconds(100))
                continue
            }
            // Of folders in each other the outer one: who may write there may not lead the way to the inner one elsewhere.
            let folder = folders.filter { handout.path.starts(with: $0) }.min { $0.length < $1.length }
            switch handOut(handout, below: folder ?? "/", &waiting, at: now) {
            case .dealtWith: handouts[id] = nil
            case .follows: break
            case .lacksWorker: return waiting.takeBack(id)
            }
        }
    }

    private mutating func handOut(
        _ handout: Handout, below root: FilePath, _ waiting: inout WaitingFiles, at now: Instant
    ) -> Fate {
        let folder = settings.followsSymlinks ? handout.path : root
        if let opener = opening.opener(for: handout.path, following: settings.followsSymlinks, post: post) {
            switch opening.begin(handout, with: opener, below: folder, at: now) {
            case .begun: return .dealtWith
            case .full: return .lacksWorker
            case .held: return .follows
            case .silent:
                putAside(handout, &waiting)
                return .dealtWith
            }
        }
        do throws(Errno) {
            return submit(handout, try OpenedFile.open(handout.path, below: folder), &waiting, at: now)
        } catch {
            notOpened(handout, error, FileIdentity(of: handout.path))
            return .dealtWith
        }
    }

    private mutating func submit(
        _ handout: Handout, _ file: OpenedFile, _ waiting: inout WaitingFiles, at now: Instant
    ) -> Fate {
        let identity = file.identity
        if let lastRead = handout.lastRead, identity.isUnchanged(since: lastRead), !handout.mustDecode {
            note(handout, .unchanged, identity)
            return .dealtWith
        }
        if Patience.waitWhileOpen(changed: identity.changed, now: WallClock.seconds(), looks: 0) != nil,
            file.isOpenForWriting
        {
            note(handout, .beingWritten, identity)
            return .dealtWith
        }
        // One that lies where reading may take for ever has nobody wait for it.
        let question = questions.question(about: handout, size: identity.size, leads: file.opener == nil)
        guard let question else { return .follows }
        let request = ExtractionRequest(
            id: UInt64(bitPattern: handout.file), work: question.work, longest: settings.longest.inSeconds,
            suffix: FileSuffix(of: handout.path), audio: handout.audio, known: question.known)
        let isTaken = pool.submit(
            request, file: file.descriptor, size: identity.size, deadline: identity.deadline,
            mayHang: file.opener != nil, isAlone: handout.hasCrashed, at: now)
        guard isTaken else {
            letFollow(handout.file, size: identity.size, &waiting)
            return .lacksWorker
        }
        opened[handout.file] = file
        return .dealtWith
    }

    /// Takes what has come of a file that was opened, or looked at, elsewhere.
    mutating func openerReported(_ news: FileOpener.News, _ waiting: inout WaitingFiles) {
        takeBackHeld(&waiting)
        switch news {
        case .opened(let ticket, let file):
            // Its folder may have gone away meanwhile.
            guard let handout = opening.end(ticket), waiting.isHandedOut(ticket.file) else { return }
            opening.keep(handout, file)
        case .unopened(let ticket, let error, let identity):
            guard let handout = opening.end(ticket) else { return }
            notOpened(handout, error, identity)
        case .checked(let file, let outcome, let hasChanged): workerAnswered(outcome, for: file, hasChanged: hasChanged)
        }
    }

    /// Reads what the workers whose sockets are readable have to say.
    mutating func receive(from ready: [Int32], _ waiting: inout WaitingFiles, at now: Instant) {
        for outcome in pool.receive(from: ready, at: now) { workerAnswered(outcome, &waiting) }
    }

    /// Ends the workers that have overrun a deadline.
    mutating func expire(_ waiting: inout WaitingFiles, at now: Instant) {
        for outcome in pool.expire(at: now) { workerAnswered(outcome, &waiting) }
    }

    /// Ends the workers that read from a folder that has gone away: they may wait for ever, and others for them.
    mutating func endVainReads(_ waiting: inout WaitingFiles, at now: Instant) {
        let vain = opened.filter { $0.value.opener != nil && !waiting.isHandedOut($0.key) }.map(\.key)
        guard !vain.isEmpty else { return }
        for outcome in pool.giveUp(Set(vain), at: now) { workerAnswered(outcome, &waiting) }
    }

    private mutating func workerAnswered(_ outcome: WorkerOutcome, _ waiting: inout WaitingFiles) {
        guard let file = opened.removeValue(forKey: outcome.file) else { return }
        defer { letFollow(outcome.file, size: file.identity.size, &waiting) }
        questions.answered(outcome.result, size: file.identity.size)
        if let opener = file.opener, outcome.result.isOfTheFile, !isEnding {
            return opener.check(file, for: outcome)
        }
        // At the end nobody waits for a server: the next start finds whether the file has changed.
        workerAnswered(outcome, for: file, hasChanged: file.opener == nil && file.hasChanged)
    }

    private mutating func workerAnswered(_ outcome: WorkerOutcome, for file: OpenedFile, hasChanged: Bool) {
        let size = outcome.result.size
        let hasChanged = hasChanged || size.map { Int64($0) != file.identity.size } ?? false
        findings.append(
            Finding(
                file: outcome.file, result: .answer(outcome.result), identity: file.identity,
                hasChanged: hasChanged, isOpenForWriting: !hasChanged && file.isOpenForWriting))
    }

    private mutating func notOpened(_ handout: Handout, _ error: Errno, _ identity: FileIdentity?) {
        let result: Finding.Result =
            switch error {
            case .noSuchFileOrDirectory, .notDirectory: .unopened(nil)
            case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .interrupted: .postponed
            default: .unopened("cannot be opened: \(error)")
            }
        note(handout, result, identity ?? .unknown)
    }

    /// Leaves a file for later whose file system does not answer.
    private mutating func putAside(_ handout: Handout, _ waiting: inout WaitingFiles) {
        takeBackHeld(&waiting)
        note(handout, .unanswered, handout.lastRead ?? .unknown)
    }

    private mutating func note(_ handout: Handout, _ result: Finding.Result, _ identity: FileIdentity) {
        findings.append(Finding(file: handout.file, result: result, identity: identity, hasChanged: false))
    }

    /// Puts the files back in line that wait for others of their file system to be opened.
    private mutating func takeBackHeld(_ waiting: inout WaitingFiles) {
        for file in opening.takeHeld().reversed() { waiting.takeBack(file) }
    }

    /// Lets the files go that have waited for what comes of one.
    private mutating func letFollow(_ file: Int64, size: Int64, _ waiting: inout WaitingFiles) {
        for follower in questions.finished(file, size: size).reversed() { waiting.takeBack(follower) }
    }
}
