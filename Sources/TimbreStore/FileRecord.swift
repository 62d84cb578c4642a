import Platform
import SoundFeatures
import SystemPackage

/// How far a file has come.
package enum FileState: Int, Sendable {
    case pending = 0
    case indexed = 1
    case failed = 2
    case skipped = 3
    /// An archive that waits to be read. 4 is what ``Census`` counts under that is offline.
    case unopened = 5
    /// An archive of which nothing is to be said: its members are files of their own.
    case opened = 6

    /// Whether the file waits to be read.
    package var isUnread: Bool { self == .pending || self == .unopened }
    /// Whether a list has the file: archives are in it only if something is wrong with them.
    package var isListed: Bool { rawValue < FileState.unopened.rawValue }
}

/// A file of the watched folders.
package struct FileRecord: Hashable, Sendable {
    /// Given in the order of discovery: the smaller is the older.
    package var id: Int64
    package var directory: Int64
    package var name: [UInt8]
    package var identity: FileIdentity
    package var state: FileState
    /// What the file holds, once that is known.
    package var content: Int64?
    /// Why it failed or was skipped.
    package var failure: ExtractionFailure?
    /// When it was last read, or was to be; seconds since 1970.
    package var tried: Double?
    /// How often it was, since it was last another.
    package var tries = 0
    /// When it was first seen, seconds since 1970.
    package var added: Double
    package var isOffline: Bool

    /// Whether it is taken for an archive, which may have members.
    package var isArchive: Bool { ArchiveNames.isArchive(name) }
}

/// Where a file lies. Places are in the order of the bytes of their directories' paths, then of their names.
package struct FilePlace: Hashable, Sendable {
    /// The directory's path.
    package var directory: [UInt8]
    package var name: [UInt8]

    package init(directory: [UInt8], name: [UInt8]) {
        self.directory = directory
        self.name = name
    }
}

extension FileRecord {
    static let columns = """
        file.id, file.directory, file.name, file.size, file.modified, file.changed, file.device, file.inode, file.state, file.content,
        file.failure, file.detail, file.tried, file.tries, file.added, file.isOffline
        """

    /// Reads a row of ``columns``.
    init(_ row: Columns) {
        self.init(
            id: row.integer(0), directory: row.integer(1), name: row.bytes(2),
            identity: FileIdentity(
                size: row.integer(3), modified: row.integer(4), changed: row.integer(5), device: row.unsigned(6),
                inode: row.unsigned(7)),
            state: FileState(rawValue: row.int(8)) ?? .pending, content: row.optional(9, row.integer),
            failure: ExtractionFailure(reason: row.optional(10, row.int), detail: row.text(11)),
            tried: row.optional(12, row.real), tries: row.int(13), added: row.real(14), isOffline: row.flag(15))
    }
}
