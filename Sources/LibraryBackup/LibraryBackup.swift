import EventStore
import Glibc
import Platform
import SystemPackage
import TimbreStore

/// A library's state directory, as far as it is put into a backup: the database, with models, settings, folders, the map and
/// the packs in it; the events beside it; and the configuration, which lies elsewhere.
///
/// A backup is a tar archive of these with hashes. Its database is of one moment. The file of events only ever grows, and
/// what the database of a moment knows of it was on disk before that moment, so that its beginning can be copied after.
package struct LibraryBackup {
    private let database: FilePath
    private let configuration: FilePath

    /// - Parameters:
    ///   - database: The database in the state directory.
    ///   - configuration: The configuration file, which need not be there.
    package init(database: FilePath, configuration: FilePath) {
        self.database = database
        self.configuration = configuration
    }

    /// What files are called in the archive.
    enum Name {
        static let database = "library.sqlite"
        static let events = "library.sqlite-events"
        static let configuration = "timbred.toml"
    }

    /// Writes a backup.
    ///
    /// - Parameters:
    ///   - frozen: The database at the moment that it is to be of.
    ///   - target: Where it goes, open for writing; nothing is expected of it but that it takes bytes.
    ///   - version: Of timbred.
    ///   - time: In seconds since 1970.
    ///   - goOn: Is told before each megabyte how many bytes of how many are written; throws to end it.
    /// - Throws: ``BackupError`` if the target takes no more, `Errno` if what is beside the database cannot be read, and what
    ///   the catalog and `goOn` throw.
    package func write(
        _ frozen: FrozenDatabase, to target: FileDescriptor, version: String, at time: Double,
        _ goOn: (_ done: Int64, _ total: Int64) throws -> Void
    ) throws -> BackupManifest {
        let manifest = try frozen.moment.read { reader in
            BackupManifest(
                version: version, created: time, library: try reader.libraryName(),
                files: try reader.fileCounts().total, contents: try reader.decodedContentCount())
        }
        let events = try self.events(frozen)
        let total = frozen.size + events.byteCount
        var done: Int64 = 0
        var writer = BackupWriter(to: target, at: Int64(time))
        try writer.add(BackupManifest.name, manifest.bytes())
        func tell(_ piece: Range<Int64>) throws {
            try goOn(done, total)
            done += Int64(piece.count)
        }
        try writer.add(Name.database, byteCount: frozen.size) { piece in
            try tell(piece)
            return try frozen.bytes(piece)
        }
        guard frozen.isUntouched else { throw BackupError.damaged("the database was written to while it was copied") }
        if events.byteCount > 0 {
            try writer.add(Name.events, byteCount: events.byteCount) { piece in
                try tell(piece)
                return try events.bytes(piece)
            }
        }
        if let text = try configurationText() { try writer.add(Name.configuration, text) }
        try writer.finish()
        return manifest
    }

    /// The beginning of the file of events, as far as a database knows of it; nothing if it is not that file any more.
    private func events(_ frozen: FrozenDatabase) throws -> EventsOfMoment {
        let used = try frozen.moment.read { try $0.eventExtents().map(\.end).max() ?? 0 }
        guard used > 0 else { return EventsOfMoment() }
        do throws(Errno) {
            let file = try OwnedDescriptor.open(database.adding("-events"), O_RDONLY)
            guard try FileStatus(of: file.descriptor).size >= used else { return EventsOfMoment() }
            return EventsOfMoment(file: file.released(), byteCount: used)
        } catch {
            // They are made anew from the bands that the database has.
            return EventsOfMoment()
        }
    }

    private func configurationText() throws(Errno) -> [UInt8]? {
        do throws(Errno) { return try configuration.contents(limit: 1 << 20) } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }
}

/// The part of a file of events that a database knows of.
private final class EventsOfMoment {
    private let file: FileDescriptor?
    let byteCount: Int64

    init(file: FileDescriptor? = nil, byteCount: Int64 = 0) {
        self.file = file
        self.byteCount = byteCount
    }

    deinit { if let file { _ = Glibc.close(file.rawValue) } }

    func bytes(_ piece: Range<Int64>) throws -> [UInt8] {
        guard let file else { return [] }
        var bytes: [UInt8] = []
        while bytes.count < piece.count {
            let rest = piece.count - bytes.count
            let place = piece.lowerBound + Int64(bytes.count)
            let more = try unsafe [UInt8](unsafeUninitializedCapacity: rest) { room, filled in
                filled = try unsafe file.read(fromAbsoluteOffset: place, into: UnsafeMutableRawBufferPointer(room))
            }
            guard !more.isEmpty else { throw Errno.ioError }
            bytes += more
        }
        return bytes
    }
}
