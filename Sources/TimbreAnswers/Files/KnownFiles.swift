import Platform
import SoundFeatures
import SystemPackage
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Finds the library's files by the paths that clients name, and says why one is not there.
struct KnownFiles: Sendable {
    let catalog: Catalog
    let folders: LibraryFolders

    /// The file of a path, whatever its state.
    ///
    /// - Throws: ``LibraryError/notIndexed(_:state:reason:)`` if there is none, and what the catalog throws.
    func record(_ path: WirePath) throws -> FileRecord {
        let path = FilePath(bytes: path.bytes)
        guard let file = try catalog.read({ try $0.file(at: path) }) else {
            throw LibraryError.notIndexed(WirePath(path.bytes), state: nil, reason: folders.whyUnknown(path))
        }
        return file
    }

    /// The file of a path, if it can be searched by.
    ///
    /// - Throws: ``LibraryError/notIndexed(_:state:reason:)`` if it cannot, and what the catalog throws.
    func searchable(_ path: WirePath, in snapshot: LibrarySnapshot) throws -> (FileRecord, IndexedFile) {
        let file = try record(path)
        guard let indexed = snapshot.index.file(file.id) else {
            let reason = file.failure?.detail ?? "it has been seen, and waits to be read"
            throw LibraryError.notIndexed(
                path, state: file.state == .indexed ? .pending : file.wireState, reason: reason)
        }
        return (file, indexed)
    }

    /// The searchable files of a folder or an archive, with all that is below it, oldest first; nil if the path is that of
    /// another file, or of a folder without any.
    func members(of path: WirePath, in snapshot: LibrarySnapshot) throws -> [Int64]? {
        let name = FilePath(bytes: path.bytes)
        if let file = try catalog.read({ try $0.file(at: name) }), !file.isArchive { return nil }
        var filter = IndexFilter()
        filter.directories = [path.bytes]
        filter.includesOffline = true
        let members = snapshot.index.files(admittedBy: filter)
        return members.isEmpty ? nil : members
    }

    /// The folder that a request is about; nil if that is the whole library.
    ///
    /// - Throws: ``LibraryError/notWatched(_:)`` if it lies in no watched folder.
    func watchedFolder(_ path: WirePath?) throws -> FilePath? {
        guard let folder = path.map({ FilePath(bytes: $0.bytes) }) else { return nil }
        guard folders.contains(folder) else { throw LibraryError.notWatched(WirePath(folder.bytes)) }
        return folder
    }
}

extension FileRecord {
    /// The state in the interface's words.
    var wireState: TimbreWire.FileState {
        if isOffline { return .offline }
        return switch state {
        case .pending, .unopened: .pending
        case .indexed, .opened: .indexed
        case .failed: .failed
        case .skipped: .skipped
        }
    }
}

extension ExtractionFailure.Reason {
    /// The reason as programs read it.
    var word: String {
        switch self {
        case .unreadable: "unreadable"
        case .unknownFormat: "unknown_format"
        case .unsupported: "unsupported"
        case .damaged: "damaged"
        case .empty: "empty"
        case .outOfLimits: "out_of_limits"
        case .crashed: "crashed"
        }
    }
}
