import SystemPackage
import TimbreExtraction
import TimbreStore

extension IngestLoop {
    /// Hands noted files to the workers, as many as they take.
    func handOut(at now: Instant) {
        guard !isPaused, storage.retry == nil else { return }
        for handout in fileOpening.takeSilent(at: now) { putAside(handout, at: now) }
        while pool.hasRoom(at: now), let (handout, file) = fileOpening.ready.first {
            guard submit(handout, file, at: now) else { return }
            fileOpening.takeReady()
        }
        while pool.hasRoom(at: now), let id = state.waiting.handOutNext() {
            guard let handout = handouts[id] else {
                state.waiting.again(id)
                continue
            }
            if !handOut(handout, at: now) {
                state.waiting.takeBack(id)
                return
            }
            handouts[id] = nil
        }
    }

    /// - Returns: Whether the file is dealt with: with a worker, being opened, or found to need none.
    private func handOut(_ handout: Handout, at now: Instant) -> Bool {
        // Of folders in each other the outer one: who may write there may not lead the way to the inner one elsewhere.
        let roots = state.roots.keys.filter { handout.path.starts(with: $0) }
        let root = roots.min { $0.length < $1.length } ?? "/"
        let folder = settings.followsSymlinks ? handout.path : root
        if let opener = fileOpening.opener(for: handout.path, following: settings.followsSymlinks, post: post) {
            switch fileOpening.begin(handout, with: opener, below: folder, at: now) {
            case .begun: return true
            case .full: return false
            case .silent:
                putAside(handout, at: now)
                return true
            }
        }
        do throws(Errno) {
            return submit(handout, try OpenedFile.open(handout.path, below: folder), at: now)
        } catch {
            add(unopened: handout, error, FileIdentity(of: handout.path), at: now)
            return true
        }
    }

    /// Takes what has come of a file that was opened, or looked at, elsewhere.
    func take(_ news: FileOpener.News, at now: Instant) {
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

    /// Ends the workers that read from a folder that has gone away: they may wait for ever, and others for them.
    func endVainReads(at now: Instant) {
        let vain = opened.filter { $0.value.opener != nil && !state.waiting.isHandedOut($0.key) }.map(\.key)
        guard !vain.isEmpty else { return }
        for outcome in pool.giveUp(Set(vain), at: now) { take(outcome, at: now) }
    }

    /// Leaves a file for later whose file system does not answer.
    private func putAside(_ handout: Handout, at now: Instant) {
        let identity = handout.lastRead ?? .unknown
        add(Finding(file: handout.file, result: .unanswered, identity: identity, hasChanged: false), at: now)
    }

    /// - Returns: Whether the file is dealt with: with a worker, or found to need none.
    private func submit(_ handout: Handout, _ file: OpenedFile, at now: Instant) -> Bool {
        let identity = file.identity
        if let lastRead = handout.lastRead, identity.isUnchanged(since: lastRead), !handout.mustDecode {
            add(Finding(file: handout.file, result: .unchanged, identity: identity, hasChanged: false), at: now)
            return true
        }
        let mayWait = Patience.waitWhileOpen(changed: identity.changed, now: Self.time(), looks: 0) != nil
        if mayWait, file.isOpenForWriting {
            add(Finding(file: handout.file, result: .beingWritten, identity: identity, hasChanged: false), at: now)
            return true
        }
        let request = ExtractionRequest(
            id: UInt64(bitPattern: handout.file), work: handout.work, longest: settings.longest.inSeconds,
            known: handout.known)
        let isTaken = pool.submit(
            request, file: file.descriptor, size: identity.size, deadline: identity.deadline,
            isAlone: handout.hasCrashed, at: now)
        if isTaken { opened[handout.file] = file }
        return isTaken
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

extension FileIdentity {
    /// That of a file that nobody has looked at.
    static let unknown = FileIdentity(size: 0, modified: 0, changed: 0, device: 0, inode: 0)
}
