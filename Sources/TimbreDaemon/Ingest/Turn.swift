import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// One step of ingest: what came from the watcher and the workers, made into one transaction.
///
/// A turn has no effects beyond the transaction: it changes a copy of ``IngestState`` and collects what is to happen
/// once the transaction is on disk. If it cannot be committed, all of it is tried again from the same start.
struct Turn {
    /// What a turn has to tell, for the journal.
    enum Note: Sendable {
        case failed(FilePath, ExtractionFailure)
        case folder(FilePath, String, isOnline: Bool)
        case overflowed
        /// So many files were not there any more.
        case vanished(FilePath, Int)
        case unreadable(FilePath, String)
    }

    let writer: CatalogWriter
    let generation: Generation
    /// Codes of contents that were found, made ahead and together.
    let coded: [ContentHash: CodeRecord]
    let patience: Patience
    /// Seconds since 1970.
    let time: Double
    let now: ContinuousClock.Instant

    /// Whether looking at a path may take for ever, so that it is left to others.
    var mayWait: (FilePath) -> Bool = { _ in false }
    var state: IngestState
    /// Files that the turn may still change: what is more waits for the next, so that no turn takes long.
    var room: Int
    /// How the index follows.
    private(set) var edits: [IndexEdit] = []
    private(set) var notes: [Note] = []

    init(
        writer: CatalogWriter, generation: Generation, coded: [ContentHash: CodeRecord] = [:], patience: Patience,
        state: IngestState, time: Double, now: ContinuousClock.Instant, room: Int = Self.mostFiles
    ) {
        self.writer = writer
        self.generation = generation
        self.coded = coded
        self.patience = patience
        self.state = state
        self.time = time
        self.now = now
        self.room = room
    }

    /// The files of one turn; of a deleted tree that takes some 30 ms.
    static let mostFiles = 1000

    var reader: CatalogReader { writer.reader }

    mutating func edit(_ edit: IndexEdit) { edits.append(edit) }
    mutating func note(_ note: Note) { notes.append(note) }

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

    /// Puts an indexed file into the index.
    mutating func insert(_ file: FileRecord, _ content: ContentRecord, sound: SoundInfo, code: CodeRecord) throws {
        edit(.directory(file.directory, path: try directoryPath(file.directory)))
        edit(.insert(IndexedFile(file, sound: sound, code: code)))
    }

    /// Forgets a name; what was learnt of its content stays, and says what its last name was.
    mutating func forget(_ file: FileRecord) throws {
        if let content = file.content {
            try writer.setLastPath(try path(of: file).bytes, ofContent: content)
        }
        try writer.removeFile(file.id)
        state.finish(file.id)
        edit(.remove(file.id))
    }

    /// Notes that ingest is done with a file, and no worker has it.
    mutating func finish(_ file: Int64) throws {
        try writer.clearAttempt(on: file)
        state.finish(file)
    }

    /// What is known below a place is not there now: forgotten where that is certain, kept as offline where it is not.
    mutating func vanish(_ file: FileRecord, isCertain: Bool) throws {
        if isCertain && !file.isOffline { return try forget(file) }
        try finish(file.id)
        guard !file.isOffline else { return }
        var away = file
        away.isOffline = true
        try writer.update(away)
        edit(.offline([file.id], true))
    }
}

extension IndexedFile {
    init(_ file: FileRecord, sound: SoundInfo, code: CodeRecord) {
        self.init(
            id: file.id, directory: file.directory, name: file.name, duration: sound.duration,
            channelCount: sound.channelCount, sampleCount: sound.sampleCount, added: file.added,
            isOffline: file.isOffline, spans: code.indexedSpans, vector: code.vector)
    }
}
