import ContentHash
import EventStore
import FolderWatch
import LibraryFeed
import Platform
import SoundEvents
import SoundFeatures
import SystemPackage
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// One step of ingest: the news from the watcher and the workers, made into one transaction.
///
/// A turn has no effects beyond the transaction: it changes a copy of ``IngestState`` and collects what is to happen
/// once the transaction is on disk. If it cannot be committed, it is thrown away, and everything is tried again from
/// the same start. ``FileEvents``, ``ListingIntake``, ``FolderEvents``, ``FindingIntake`` and the like do its work:
/// each knows what one kind of news means.
final class Turn {
    /// What a turn has to say to the journal.
    enum Note: Sendable {
        case failed(FilePath, ExtractionFailure)
        case folder(FilePath, String, isOnline: Bool)
        case overflowed
        /// So many files were not there any more.
        case vanished(FilePath, Int)
        case unreadable(FilePath, String)
    }

    /// The files of one turn; of a deleted tree that takes some 30 ms.
    static let mostFiles = 1000

    let writer: CatalogWriter
    let generation: Generation
    /// Codes of the extractions, made ahead and together.
    let codes: [ContentHash: CodeRecord]
    /// Where the events of the extractions are.
    let events: [ContentHash: EventExtent]
    let patience: Patience
    /// Seconds since 1970.
    let time: Double
    let now: ContinuousClock.Instant
    /// Whether a look at a path may hang, so that it is left to another thread.
    let mayHang: (FilePath) -> Bool

    var state: IngestState
    /// How many more files the turn may change: the rest waits for the next, so that no turn takes long.
    var room: Int
    /// Whether a file has got a long sound without events: they are to be found, without haste.
    private(set) var lacksEvents = false
    /// How the index follows.
    private(set) var edits: [IndexEdit] = []
    private(set) var notes: [Note] = []
    /// What happened, for those who follow the library.
    private(set) var happenings: [Happening] = []

    init(
        writer: CatalogWriter, generation: Generation, codes: [ContentHash: CodeRecord] = [:],
        events: [ContentHash: EventExtent] = [:], patience: Patience, state: IngestState, time: Double,
        now: ContinuousClock.Instant, room: Int = Turn.mostFiles,
        mayHang: @escaping (FilePath) -> Bool = { _ in false }
    ) {
        self.writer = writer
        self.generation = generation
        self.codes = codes
        self.events = events
        self.patience = patience
        self.state = state
        self.time = time
        self.now = now
        self.room = room
        self.mayHang = mayHang
    }

    var reader: CatalogReader { writer.reader }

    /// Takes in one change that the watcher saw, as far as there is room.
    ///
    /// - Returns: Whether that was all of it; if not, the next turn is to be given the same change.
    @discardableResult
    func watcherSaw(_ change: FolderChange) throws -> Bool {
        room -= 1
        let (files, folders) = (FileEvents(turn: self), FolderEvents(turn: self))
        var isDone = true
        switch change {
        case .listed(let listing): isDone = try ListingIntake(turn: self, listing: listing).takeIn()
        case .settled(let path): try files.settled(path)
        case .pending(let path): try files.pending(path)
        case .gone(let path, let isDirectory): isDone = try files.gone(path, isDirectory: isDirectory)
        case .moved(let from, let to, let isDirectory):
            isDone = try files.moved(from: from, to: to, isDirectory: isDirectory)
        case .folder(let status): isDone = try folders.changed(status)
        case .continued(let status): isDone = try folders.continued(status)
        case .scanBegan(let path): state.folders.scanBegan(path)
        case .scanEnded(let path, let isComplete): isDone = try folders.scanEnded(path, isComplete: isComplete)
        case .overflowed: folders.eventsWereLost()
        case .drained(let token, let unsettled): folders.queueWasDrained(token, unsettled: unsettled)
        case .unreadable(let path, let reason): isDone = try folders.becameUnreadable(path, why: reason)
        case .leftOut(let path, let count): try folders.entriesWereLeftOut(count, of: path)
        }
        if isDone { state.partial = PartialChange() }
        return isDone
    }

    /// Takes in what came of a file that was handed out.
    func cameBack(_ finding: Finding) throws { try FindingIntake(turn: self).cameBack(finding) }

    func edit(_ edit: IndexEdit) { edits.append(edit) }
    func note(_ note: Note) { notes.append(note) }
    func tell(_ happening: Happening) { happenings.append(happening) }

    /// Tells what happened to a file, unless it is one of which a list says nothing.
    ///
    /// - Parameter path: Where it is, if that is known already.
    func tell(_ kind: FileHappening.Kind, _ file: FileRecord, at path: FilePath? = nil) throws {
        guard file.state.isListed else { return }
        tell(.file(FileHappening(kind, file, at: try path ?? self.path(of: file))))
    }

    /// The path of a file.
    func path(of file: FileRecord) throws -> FilePath {
        FilePath(bytes: try directoryPath(file.directory)).appending(bytes: file.name)
    }

    /// The path of a directory of the catalog.
    func directoryPath(_ id: Int64) throws -> [UInt8] {
        guard let path = try reader.path(ofDirectory: id) else {
            throw CatalogError("", .damaged, "directory \(id) has no path")
        }
        return path
    }

    /// Has the events of what a file holds searched under the file's name, if it is long enough to have any.
    func noteEvents(of file: FileRecord, _ content: ContentRecord) throws {
        guard content.featureCount >= SoundEvents.shortest else { return }
        if let extent = try reader.events(of: content.id) {
            edit(.events(EventTable.Entry(file: file.id, content: content.id, extent: extent)))
        } else {
            lacksEvents = true
            edit(.withoutEvents(file.id))
        }
    }

    /// Forgets a name; what was learnt from its content stays, with its last name.
    func forget(_ file: FileRecord) throws {
        let path = try path(of: file)
        try forEachMember(of: file, at: path) { try forget($0) }
        if let content = file.content { try writer.setLastPath(path.bytes, ofContent: content) }
        try writer.removeFile(file.id)
        state.finish(file.id)
        edit(.remove(file.id))
        try tell(.removed, file, at: path)
    }

    /// Notes that ingest is done with a file, and no worker has it.
    func finish(_ file: Int64) throws {
        try writer.clearAttempt(on: file)
        state.finish(file)
    }

    /// A known file is not there now: it is forgotten if that is certain, and kept as offline if not.
    func vanish(_ file: FileRecord, isCertain: Bool) throws {
        if isCertain && !file.isOffline { return try forget(file) }
        try forEachMember(of: file, at: try path(of: file)) { try vanish($0, isCertain: false) }
        try finish(file.id)
        guard !file.isOffline else { return }
        var away = file
        away.isOffline = true
        try writer.update(away)
        edit(.offline([file.id], true))
        try tell(.offline, away)
    }

    /// A file was not found below a directory that was listed.
    func miss(_ file: FileRecord, below path: FilePath, isCertain: Bool) throws {
        if isCertain, !file.isOffline { state.folders.vanished(below: path) }
        try vanish(file, isCertain: isCertain)
    }

    /// Compares a known file with what was found, and brings it back if it was away.
    ///
    /// - Returns: Whether the file need not be read.
    func confirm(_ known: FileRecord, as found: FileIdentity) throws -> Bool {
        if known.isOffline, known.failure?.reason == .unreadable {
            // It could not be read as its folder went away: that says nothing of the file.
            var back = known
            (back.state, back.failure, back.isOffline) = (known.isArchive ? .unopened : .pending, nil, false)
            if known.isArchive { try tell(.removed, known) }
            try writer.update(back)
            try tell(.retried, back)
            return false
        }
        guard !known.state.isUnread, found.isUnchanged(since: known.identity), state.waiting.entries[known.id] == nil
        else { return false }
        if known.isOffline || known.identity.device != found.device {
            var back = known
            back.identity = found
            back.isOffline = false
            try writer.update(back)
            edit(.offline([known.id], false))
            if known.isOffline { try tell(.back, back) }
            try forEachMember(of: known, at: try path(of: known)) { member in
                guard member.isOffline else { return }
                var back = member
                back.isOffline = false
                try writer.update(back)
                edit(.offline([member.id], false))
                try tell(.back, back)
            }
        }
        return true
    }
}
