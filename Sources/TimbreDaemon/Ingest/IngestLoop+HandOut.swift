import SystemPackage
import TimbreExtraction
import TimbreStore

extension IngestLoop {
    /// Hands noted files to the workers, as many as they take.
    func handOut(at now: Instant) {
        guard !isPaused, storage.retry == nil else { return }
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

    /// - Returns: Whether the file is dealt with: with a worker, or found to need none.
    private func handOut(_ handout: Handout, at now: Instant) -> Bool {
        do throws(Errno) {
            // Of folders in each other the outer one: who may write there may not lead the way to the inner one elsewhere.
            let roots = state.roots.keys.filter { handout.path.starts(with: $0) }
            let root = roots.min { $0.length < $1.length } ?? "/"
            let file = try OpenedFile.open(handout.path, below: settings.followsSymlinks ? handout.path : root)
            let identity = file.identity
            if let lastRead = handout.lastRead, identity.isUnchanged(since: lastRead), !handout.mustDecode {
                add(
                    Finding(file: handout.file, result: .unchanged, identity: identity, hasChanged: false), at: now)
                return true
            }
            let mayWait = Patience.waitWhileOpen(changed: identity.changed, now: Self.time(), looks: 0) != nil
            if mayWait, file.isOpenForWriting {
                add(Finding(file: handout.file, result: .beingWritten, identity: identity, hasChanged: false), at: now)
                return true
            }
            let request = ExtractionRequest(
                id: UInt64(bitPattern: handout.file), work: handout.work, longest: settings.longest.inSeconds,
                suffix: FileSuffix(of: handout.path), known: handout.known)
            let isTaken = pool.submit(
                request, file: file.descriptor, size: identity.size, deadline: identity.deadline,
                isAlone: handout.hasCrashed, at: now)
            guard isTaken else { return false }
            opened[handout.file] = file
        } catch {
            let identity =
                FileIdentity(of: handout.path) ?? FileIdentity(size: 0, modified: 0, changed: 0, device: 0, inode: 0)
            let result: Finding.Result =
                switch error {
                case .noSuchFileOrDirectory, .notDirectory: .unopened(nil)
                case .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory, .interrupted: .postponed
                default: .unopened("cannot be opened: \(error)")
                }
            add(Finding(file: handout.file, result: result, identity: identity, hasChanged: false), at: now)
        }
        return true
    }
}
