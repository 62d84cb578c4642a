import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary
import TimbreStore

extension IngestLoop {
    /// What came of the try to hand a file out.
    private enum Fate {
        /// It is with a worker or being opened, or was found to need none.
        case dealtWith
        /// It waits for what comes of another: one that it may be a copy of, or those of its file system before it.
        case follows
        /// No worker takes it now.
        case lacksWorker
    }

    /// Hands noted files to the workers, as many as they take.
    func handOut(at now: Instant) {
        guard !isPaused, storage.retry == nil else { return }
        for handout in fileOpening.takeSilent(at: now) { putAside(handout, at: now) }
        while pool.hasRoom(at: now), let (handout, file) = fileOpening.ready.first {
            // Its folder may have gone away meanwhile.
            let fate = state.waiting.isHandedOut(handout.file) ? submit(handout, file, at: now) : .dealtWith
            // Files of other file systems may still find one.
            if fate == .lacksWorker { break }
            fileOpening.takeReady()
            takeBackHeld()
        }
        while pool.hasRoom(at: now), let id = state.waiting.handOutNext() {
            guard let handout = handouts[id] else {
                state.waiting.again(id)
                continue
            }
            // A worker has it still from before it went away and came back.
            guard opened[id] == nil else {
                handouts[id] = nil
                state.waiting.postpone(id, until: now + .milliseconds(100))
                continue
            }
            switch handOut(handout, at: now) {
            case .dealtWith: handouts[id] = nil
            case .follows: break
            case .lacksWorker:
                state.waiting.takeBack(id)
                return
            }
        }
    }

    private func handOut(_ handout: Handout, at now: Instant) -> Fate {
        // Of folders in each other the outer one: who may write there may not lead the way to the inner one elsewhere.
        let roots = state.roots.keys.filter { handout.path.starts(with: $0) }
        let root = roots.min { $0.length < $1.length } ?? "/"
        let folder = settings.followsSymlinks ? handout.path : root
        if let opener = fileOpening.opener(for: handout.path, following: settings.followsSymlinks, post: post) {
            switch fileOpening.begin(handout, with: opener, below: folder, at: now) {
            case .begun: return .dealtWith
            case .full: return .lacksWorker
            case .held: return .follows
            case .silent:
                putAside(handout, at: now)
                return .dealtWith
            }
        }
        do throws(Errno) {
            return submit(handout, try OpenedFile.open(handout.path, below: folder), at: now)
        } catch {
            add(unopened: handout, error, FileIdentity(of: handout.path), at: now)
            return .dealtWith
        }
    }

    /// Takes what has come of a file that was opened, or looked at, elsewhere.
    func take(_ news: FileOpener.News, at now: Instant) {
        takeBackHeld()
        switch news {
        case .opened(let ticket, let file):
            // Its folder may have gone away meanwhile.
            guard let handout = fileOpening.end(ticket), state.waiting.isHandedOut(ticket.file) else { return }
            fileOpening.keep(handout, file)
        case .unopened(let ticket, let error, let identity):
            guard let handout = fileOpening.end(ticket) else { return }
            add(unopened: handout, error, identity, at: now)
        case .checked(let file, let outcome, let hasChanged):
            add(outcome, of: file, hasChanged: hasChanged, at: now)
        }
    }

    /// Puts the files back in line that wait for others of their file system to be opened.
    private func takeBackHeld() {
        for file in fileOpening.takeHeld().reversed() { state.waiting.takeBack(file) }
    }

    /// Ends the workers that read from a folder that has gone away: they may wait for ever, and others for them.
    func endVainReads(at now: Instant) {
        let vain = opened.filter { $0.value.opener != nil && !state.waiting.isHandedOut($0.key) }.map(\.key)
        guard !vain.isEmpty else { return }
        for outcome in pool.giveUp(Set(vain), at: now) { take(outcome, at: now) }
    }

    /// Leaves a file for later whose file system does not answer.
    private func putAside(_ handout: Handout, at now: Instant) {
        takeBackHeld()
        let identity = handout.lastRead ?? .unknown
        add(Finding(file: handout.file, result: .unanswered, identity: identity, hasChanged: false), at: now)
    }

    private func submit(_ handout: Handout, _ file: OpenedFile, at now: Instant) -> Fate {
        let identity = file.identity
        if let lastRead = handout.lastRead, identity.isUnchanged(since: lastRead), !handout.mustDecode {
            add(Finding(file: handout.file, result: .unchanged, identity: identity, hasChanged: false), at: now)
            return .dealtWith
        }
        let mayWait = Patience.waitWhileOpen(changed: identity.changed, now: WallClock.seconds(), looks: 0) != nil
        if mayWait, file.isOpenForWriting {
            add(Finding(file: handout.file, result: .beingWritten, identity: identity, hasChanged: false), at: now)
            return .dealtWith
        }
        var (work, known) = (ExtractionRequest.Work.features, [ContentHash]())
        if !handout.mustDecode {
            (work, known) = knowledge(of: handout, size: identity.size)
            // One that lies where reading may take for ever has nobody wait for it.
            if known.isEmpty, work == .features, file.opener == nil,
                !newSizes.mayGo(handout.file, size: identity.size)
            {
                return .follows
            }
        }
        let request = ExtractionRequest(
            id: UInt64(bitPattern: handout.file), work: work, longest: settings.longest.inSeconds,
            suffix: FileSuffix(of: handout.path), audio: handout.audio, known: known)
        let isTaken = pool.submit(
            request, file: file.descriptor, size: identity.size, deadline: identity.deadline,
            mayHang: file.opener != nil, isAlone: handout.hasCrashed, at: now)
        guard isTaken else {
            letFollow(handout.file, size: identity.size)
            return .lacksWorker
        }
        opened[handout.file] = file
        return .dealtWith
    }

    private func add(unopened handout: Handout, _ error: Errno, _ identity: FileIdentity?, at now: Instant) {
        let result: Finding.Result =
            switch error {
            case .noSuchFileOrDirectory, .notDirectory: .unopened(nil)
            case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .interrupted: .postponed
            default: .unopened("cannot be opened: \(error)")
            }
        add(Finding(file: handout.file, result: result, identity: identity ?? .unknown, hasChanged: false), at: now)
    }
}

extension IngestLoop {
    /// Contents of a size that are looked up: one more than can be told to a worker says that there are too many.
    static let askedFor = ExtractionRequest.mostKnown + 1

    /// What is asked of a worker about a file of a size, and the contents that it may turn out to hold.
    ///
    /// The size is that of the open file: when the file was first seen, it may have been in the middle of being copied.
    private func knowledge(of handout: Handout, size: Int64) -> (ExtractionRequest.Work, [ContentHash]) {
        var known = handout.known
        do {
            if size != handout.size { known = try catalog.read { try $0.contents(ofSize: size, limit: Self.askedFor) } }
        } catch {
            // Then it is decoded, be it known or not: that does no harm, and whether the disk is in trouble shows in turns.
            known = []
        }
        known += newSizes.contents(ofSize: size).filter { !known.contains($0) }
        // Of so many the hash alone is asked for, and the catalog then looked into.
        return known.count > ExtractionRequest.mostKnown ? (.hash, []) : (.features, known)
    }

    /// Lets the files go that have waited for what comes of one.
    func letFollow(_ file: Int64, size: Int64) {
        for follower in newSizes.finished(file, size: size).reversed() { state.waiting.takeBack(follower) }
    }
}

extension FileIdentity {
    /// That of a file that nobody has looked at.
    static let unknown = FileIdentity(size: 0, modified: 0, changed: 0, device: 0, inode: 0)
}
