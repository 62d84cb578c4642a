import ContentHash
import GRDB

/// How far somebody has read the journal of changes.
package struct ChangeCursor: Hashable, Sendable {
    /// The last change that was read.
    package var number: Int64
    /// The history that it belongs to, 32 hexadecimal digits.
    package var history: String

    package init(number: Int64, history: String) {
        self.number = number
        self.history = history
    }
}

/// An indexed file as it is now, with all by which it can be found elsewhere.
package struct ChangedFile: Hashable, Sendable {
    package var id: Int64
    package var directory: Int64
    package var name: [UInt8]
    /// When it was first seen, seconds since 1970.
    package var added: Double
    package var isOffline: Bool
    package var hash: ContentHash
    /// Bytes in the file.
    package var size: Int
    /// Length of the sound, in seconds.
    package var duration: Double
    package var channelCount: Int
    /// Samples at 22 050 Hz.
    package var sampleCount: Int
    /// Under the model of the changes; those of the frames are not read.
    package var code: CodeRecord
}

/// A model that changes are told under although it is not the live one.
package struct ReadingModel {
    /// Its number, and its hash.
    package var id: Int64
    package var hash: ContentHash
    /// Whether codes without timbre vectors do not count, as an earlier version made them.
    package var hasVectors: Bool
    /// Codes a content that has no codes of it yet.
    package var code: (Int64) throws -> CodeRecord

    package init(
        id: Int64, hash: ContentHash, hasVectors: Bool, code: @escaping (Int64) throws -> CodeRecord
    ) {
        (self.id, self.hash, self.hasVectors, self.code) = (id, hash, hasVectors, code)
    }
}

/// Some changes, in their order: of each directory and file as it is now, at the moment of reading.
package struct LibraryChanges: Hashable, Sendable {
    /// The model of the codes.
    package var model: ContentHash
    /// Where to read on.
    package var next: ChangeCursor
    /// Whether everything is told from the beginning, and what is not told is gone: the cursor was not one of this history.
    package var isAnew: Bool
    /// Whether these are all changes that there are now.
    package var isLast = true
    /// The directories that changed and those of the files, with their paths; nil for one that is gone.
    package var directories: [Int64: [UInt8]?] = [:]
    package var files: [ChangedFile] = []
    /// The files that cannot be found any more, or never could.
    package var gone: [Int64] = []
}

extension CatalogReader {
    /// What changed behind a cursor.
    ///
    /// - Parameters:
    ///   - cursor: Where an earlier reading ended; nil for everything.
    ///   - limit: How many changes at most.
    ///   - size: Bytes of codes and vectors behind which no more is read.
    ///   - other: The model to tell under; the live one if nil. A page ends behind 200 contents that it has to code.
    /// - Returns: nil if there is no live model yet.
    /// - Complexity: O(*n*) in the changes that are read.
    package func changes(
        after cursor: ChangeCursor?, limit: Int, size: Int, under other: ReadingModel? = nil
    ) throws -> LibraryChanges? {
        guard let model = try other?.id ?? liveModel(), let hash = try other?.hash ?? liveModelHash() else {
            return nil
        }
        let start = try cursor.flatMap { try knows($0) ? $0.number : nil }
        let rows = try database.all(
            "SELECT number, kind, item FROM change WHERE number > ? ORDER BY number LIMIT ?", .integer(start ?? 0),
            .integer(limit)
        ) { (number: $0.integer(0), kind: $0.int(1), item: $0.integer(2)) }
        var (next, read, taken) = (start ?? 0, 0, 0)
        var codes = PageCodes(under: other)
        var changes = LibraryChanges(
            model: hash, next: ChangeCursor(number: 0, history: ""), isAnew: start == nil)
        for row in rows where taken <= size && !codes.isFull {
            if row.kind == ChangeJournal.directory {
                changes.directories[row.item] = .some(try path(ofDirectory: row.item))
            } else if let file = try changedFile(row.item, model: model, &codes) {
                if changes.directories[file.directory] == nil {
                    changes.directories[file.directory] = .some(try path(ofDirectory: file.directory))
                }
                taken += file.code.spans.count + file.code.vectors.count
                changes.files.append(file)
            } else {
                changes.gone.append(row.item)
            }
            (next, read) = (row.number, read + 1)
        }
        changes.isLast = read == rows.count && read < limit
        if changes.isLast { next = max(next, try lastChange()) }
        changes.next = ChangeCursor(number: next, history: try history(of: next))
        return changes
    }

    /// Whether all changes behind a cursor are known.
    private func knows(_ cursor: ChangeCursor) throws -> Bool {
        try cursor.number > 0 && cursor.number <= lastChange()
            && cursor.history == history(of: cursor.number)
    }

    /// An indexed file with its codes under a model; nil if there is none.
    private func changedFile(_ id: Int64, model: Int64, _ codes: inout PageCodes) throws -> ChangedFile? {
        let found = try database.first(Self.changedFile, .integer(model), .integer(id)) { row in
            let isCoded = !row.isNull(9)
            let file = ChangedFile(
                id: id, directory: row.integer(0), name: row.bytes(1), added: row.real(2), isOffline: row.flag(3),
                hash: try ContentHash(stored: row.bytes(4)), size: row.int(11),
                duration: Double(row.int(5)) / Double(row.int(6)),
                channelCount: row.int(7), sampleCount: row.int(8),
                code: CodeRecord(
                    spans: isCoded ? row.bytes(9) : [], frames: [], vectors: isCoded ? row.bytes(10) : []))
            return (file: file, content: row.integer(12), isCoded: isCoded && codes.isEnough(file.code))
        }
        guard let found, !found.isCoded else { return found?.file }
        guard let code = try codes.code(found.content) else { return nil }
        var file = found.file
        file.code = code
        return file
    }

    private static let changedFile = """
        SELECT file.directory, file.name, file.added, file.isOffline, content.hash, content.frameCount,
        content.sampleRate, content.channelCount, content.sampleCount, code.spans, code.vectors, content.size, content.id
        FROM file JOIN content ON content.id = file.content
        LEFT JOIN code ON code.content = content.id AND code.model = ?
        WHERE file.id = ? AND file.state = 1
        """
}

/// The codes that a page of changes has to make: each content's once, and not too many, as a reading of the catalog is not to
/// last long.
private struct PageCodes {
    private static let most = 200

    private let model: ReadingModel?
    private var made: [Int64: CodeRecord] = [:]

    init(under model: ReadingModel?) { self.model = model }

    /// Whether the page ends here.
    var isFull: Bool { made.count >= Self.most }

    /// Whether stored codes are all that the model gives.
    func isEnough(_ code: CodeRecord) -> Bool { model.map { !$0.hasVectors || !code.vectors.isEmpty } ?? true }

    /// The codes of a content that has none; nil under the live model, which ingest codes it under.
    mutating func code(_ content: Int64) throws -> CodeRecord? {
        guard let model else { return nil }
        if let known = made[content] { return known }
        var code = try model.code(content)
        code.frames = []
        made[content] = code
        return code
    }
}
