import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary
import TimbreStore

/// Who may be asked to read files now, as a turn has to know it.
struct WorkerDemand {
    /// Whether files are handed out at all: not while ingest is paused, nor at the end.
    var isOpen: Bool
    /// Whether only files go out for which somebody waits.
    var onlyUrgent = false
    /// Files that workers have.
    var busyCount: Int
    /// Files that workers may have.
    var capacity: Int
}

/// The attempts on files: what a worker is about to be given is noted on disk first, so that a file that takes the machine
/// down is found out.
struct Attempts {
    let turn: Turn

    /// Files whose attempts are noted ahead.
    static let noteAhead = 256
    /// Contents of a size that are looked up: one more than can be told to a worker says that there are too many.
    static let askedFor = ExtractionRequest.mostKnown + 1
    /// How often a machine may go down while a worker has a file, before the file is left alone.
    private static let mostSuspicions = 2

    /// Notes the attempts on the files that go out next.
    func noteNext(_ demand: WorkerDemand, boot: String) throws -> [Handout] {
        guard demand.isOpen else { return [] }
        turn.state.suspects = turn.state.suspects.filter { turn.state.waiting.entries[$0] != nil }
        // A file that was with a worker when the machine went down goes alone, so that it cannot drag others with it.
        let isSuspicious = !turn.state.suspects.isEmpty
        if isSuspicious && (demand.busyCount > 0 || turn.state.waiting.hasNoted) { return [] }
        let most = isSuspicious ? min(1, turn.state.waiting.count) : Self.noteAhead
        var noted: [Handout] = []
        while turn.state.waiting.notedCount < most,
            let id = turn.state.waiting.noteNext(onlyUrgent: demand.onlyUrgent)
        {
            guard let file = try turn.reader.file(id) else {
                turn.state.finish(id)
                continue
            }
            try turn.writer.noteAttempt(on: id, boot: boot)
            noted.append(try handout(file))
        }
        return noted
    }

    private func handout(_ file: FileRecord) throws -> Handout {
        let entry = turn.state.waiting.entries[file.id]
        var handout = Handout(
            file: file.id, path: try turn.path(of: file), lastRead: file.state == .pending ? nil : file.identity,
            mustDecode: entry?.mustDecode ?? false, hasCrashed: entry?.crashes ?? 0 > 0)
        if !handout.mustDecode {
            let before = try file.state == .indexed ? file.content.flatMap { try turn.reader.content($0) } : nil
            handout.audio = before?.sound?.audio
            handout.size = file.identity.size
            handout.known = try turn.reader.contents(ofSize: handout.size, limit: Self.askedFor)
        }
        return handout
    }

    /// Takes up the files that were with workers when the machine went down.
    func resumeSuspects(boot: String) throws {
        for (file, count) in try turn.writer.takeSuspects(boot: boot) {
            if let record = try turn.reader.file(file) { try resume(record, suspicions: count) }
            turn.state.suspects.insert(file)
        }
    }

    /// Tries a file again that was with a worker when the machine went down; once, and alone.
    func resume(_ file: FileRecord, suspicions: Int) throws {
        if suspicions < Self.mostSuspicions {
            return turn.state.enqueue(file.id, path: try turn.path(of: file), isUrgent: true)
        }
        if file.state == .indexed { turn.edit(.remove(file.id)) }
        var given = file
        (given.state, given.content) = (.failed, nil)
        given.failure = ExtractionFailure(
            .crashed, "the machine went down \(suspicions) times while this was being decoded; try it with retry")
        (given.tries, given.tried) = (suspicions, turn.time)
        try turn.writer.update(given)
        try turn.writer.clearAttempt(on: file.id)
    }

    /// Lets files go through again that could not be read.
    ///
    /// - Returns: How many wait now.
    func retry(_ files: [FileRecord]) throws -> Int {
        var queued: Set<Int64> = []
        for file in files {
            // Whoever holds the same bytes failed for the same reason.
            if let content = file.content { queued.formUnion(try turn.writer.forgetFailure(content)) }
            queued.insert(file.id)
        }
        for id in queued.sorted() {
            guard var file = try turn.reader.file(id) else { continue }
            (file.state, file.failure, file.content) = (.pending, nil, nil)
            try turn.writer.update(file)
            turn.state.enqueue(id, path: try turn.path(of: file), isUrgent: true, mustDecode: true)
        }
        return queued.count
    }
}
