import ContentHash
import LibraryFeed
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary
import TimbreStore

/// What the workers can take, as far as a turn has to know.
struct WorkerDemand {
    /// Whether files are handed out at all: not while ingest is paused, nor at the end.
    var isOpen: Bool
    /// Whether only files that somebody waits for go out.
    var onlyUrgent = false
    /// Files that workers have.
    var busyCount: Int
    /// Files that workers may have.
    var capacity: Int
}

/// The attempts on files. What a worker is about to be given is recorded on disk first, so that a file that takes the
/// machine down with it is found out.
struct Attempts {
    let turn: Turn

    /// Files whose attempts are recorded ahead.
    static let noteAhead = 256
    /// Known contents that are looked up for a size: one more than a worker can be told, which shows that there are too
    /// many.
    static let askedFor = ExtractionRequest.mostKnown + 1
    /// How often a machine may go down while a worker has a file, before the file is left alone.
    private static let mostSuspicions = 2

    /// Records the attempts on the files that go out next.
    func noteNext(_ demand: WorkerDemand, boot: String) throws -> [WorkItem] {
        guard demand.isOpen else { return [] }
        turn.state.suspects = turn.state.suspects.filter { turn.state.waiting.entries[$0] != nil }
        // A suspect goes alone, so that it cannot drag others down with it.
        let isSuspicious = !turn.state.suspects.isEmpty
        if isSuspicious && (demand.busyCount > 0 || turn.state.waiting.hasNoted) { return [] }
        let most = (isSuspicious ? 1 : Self.noteAhead) - turn.state.waiting.notedCount
        var noted: [WorkItem] = []
        // Those that go out count, and not those that are dealt with here: if there were no others in a turn, nothing would
        // make the next one.
        while noted.count < most,
            let id = turn.state.waiting.noteNext(onlyUrgent: demand.onlyUrgent)
        {
            guard let file = try turn.reader.file(id) else {
                turn.state.finish(id)
                continue
            }
            let directory = try turn.directoryPath(file.directory)
            if let archive = try turn.archive(around: directory) {
                // It is read with its archive.
                turn.state.finish(id)
                turn.state.enqueue(archive.id, path: try turn.path(of: archive), isUrgent: true)
                continue
            }
            let path = FilePath(bytes: directory).appending(bytes: file.name)
            guard let item = try item(file, at: path) else { continue }
            try turn.writer.noteAttempt(on: id, boot: boot)
            noted.append(item)
        }
        return noted
    }

    /// What is to be done with a file; nil if nothing is now.
    private func item(_ file: FileRecord, at path: FilePath) throws -> WorkItem? {
        let entry = turn.state.waiting.entries[file.id]
        var item = WorkItem(
            file: file.id, path: path, lastRead: file.state.isUnread ? nil : file.identity,
            mustDecode: entry?.mustDecode ?? false, hasCrashed: entry?.crashes ?? 0 > 0)
        if file.isArchive {
            guard let progress = turn.state.archives[file.id], progress.isListed else {
                item.archive = .list
                return item
            }
            guard let wanted = try ArchiveIntake(turn: turn, archive: file).wanted() else { return nil }
            (item.archive, item.listed) = (.decode(wanted), progress.identity)
        } else if !item.mustDecode {
            let before = try file.state == .indexed ? file.content.flatMap { try turn.reader.content($0) } : nil
            item.audio = before?.sound?.audio
            item.size = file.identity.size
            item.known = try turn.reader.contents(ofSize: item.size, limit: Self.askedFor)
        }
        return item
    }

    /// Takes up the suspects: files that were with workers when the machine went down.
    func resumeSuspects(boot: String) throws {
        for (file, count) in try turn.writer.takeSuspects(boot: boot) {
            if let record = try turn.reader.file(file) { try resume(record, suspicions: count) }
            turn.state.suspects.insert(file)
        }
    }

    /// Tries a suspect once more, and alone.
    func resume(_ file: FileRecord, suspicions: Int) throws {
        if suspicions < Self.mostSuspicions {
            return turn.state.enqueue(file.id, path: try turn.path(of: file), isUrgent: true)
        }
        let failure = ExtractionFailure(
            .crashed, "the machine went down \(suspicions) times while this was being decoded; try it with retry")
        if file.isArchive { return try ArchiveIntake(turn: turn, archive: file).cannotBeRead(failure) }
        if file.state == .indexed { turn.edit(.remove(file.id)) }
        var given = file
        (given.state, given.content) = (.failed, nil)
        given.failure = failure
        (given.tries, given.tried) = (suspicions, turn.time)
        try turn.writer.update(given)
        try turn.writer.clearAttempt(on: file.id)
        try turn.tell(.failed, given)
    }

    /// Tries files again that could not be read.
    ///
    /// - Returns: How many are queued now.
    func retry(_ files: [FileRecord]) throws -> Int {
        var queued: Set<Int64> = []
        for file in files {
            // Files with the same bytes failed for the same reason.
            if let content = file.content { queued.formUnion(try turn.writer.forgetFailure(content)) }
            queued.insert(file.id)
        }
        for id in queued.sorted() {
            guard var file = try turn.reader.file(id) else { continue }
            let path = try turn.path(of: file)
            if let archive = try turn.archive(around: path.bytes) {
                // Its members are read with it.
                try reopen(archive)
                if archive.id == id { continue }
                (file.state, file.failure, file.content) = (.pending, nil, nil)
                try turn.writer.update(file)
                try turn.tell(.retried, file, at: path)
                continue
            }
            (file.state, file.failure, file.content) = (.pending, nil, nil)
            try turn.writer.update(file)
            turn.state.enqueue(id, path: path, isUrgent: true, mustDecode: true)
            try turn.tell(.retried, file, at: path)
        }
        return queued.count
    }

    /// Has an archive read anew, once it is there.
    func reopen(_ archive: FileRecord) throws {
        if archive.state.isListed { try turn.tell(.removed, archive) }
        var next = archive
        (next.state, next.failure) = (.unopened, nil)
        try turn.writer.update(next)
        turn.state.archives[archive.id] = nil
        if archive.isOffline { return }
        turn.state.enqueue(archive.id, path: try turn.path(of: archive), isUrgent: true, mustDecode: true)
    }
}
