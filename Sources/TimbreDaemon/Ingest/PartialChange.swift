import Platform
import SystemPackage
import TimbreConfiguration
import TimbreStore

/// How far a change has come that concerns more files than one turn may take.
///
/// The change stays the first of those that wait, and each turn takes in some more of it. Nothing has to be kept of this
/// on disk: a start finds the rest by comparing the catalog with what is there, as it would have found the whole.
struct PartialChange {
    /// The file that was come to last; nil where no files were gone through yet.
    var last: FilePlace?
    /// What is left of a listing, once it has been compared with the catalog.
    var listing: Listing?

    struct Listing {
        var differences: ArraySlice<DirectoryComparison.Difference>
        /// Known files that were not found.
        var missing: ArraySlice<Int64>
        /// Whether what is missing was deleted.
        var isCertain: Bool
    }
}

/// How far the library has come with taking out what lies in no watched folder.
struct Forgetting {
    /// The folders that are watched.
    var folders: [FilePath]
    /// Where to go on, in the order of the bytes of paths.
    var directory: [UInt8] = []
}

extension Turn {
    /// Files that are gone through with one read.
    private static let page = 256
    /// Directories that are looked for with one read.
    private static let directoryPage = 512

    /// Goes through the files at and below a directory, from where the turn before has stopped, as far as there is room.
    ///
    /// - Parameter isMeant: Whether the files of a directory are gone through.
    /// - Returns: Whether all were come to.
    mutating func sweep(
        _ path: FilePath, where isMeant: (DirectoryRecord) throws -> Bool = { _ in true },
        _ body: (inout Turn, DirectoryRecord, FileRecord) throws -> Void
    ) throws -> Bool {
        var start = state.partial.last?.directory ?? path.bytes
        while true {
            let directories = try reader.directories(under: path, from: start, limit: Self.directoryPage)
            for directory in directories {
                guard try isMeant(directory) else { continue }
                let isBegun = state.partial.last?.directory == directory.path
                state.partial.last = isBegun ? state.partial.last : FilePlace(directory: directory.path, name: [])
                guard try sweep(directory, body) else { return false }
            }
            guard directories.count == Self.directoryPage, let last = directories.last else { break }
            start = last.path + [0]
        }
        state.partial.last = nil
        return true
    }

    private mutating func sweep(
        _ directory: DirectoryRecord, _ body: (inout Turn, DirectoryRecord, FileRecord) throws -> Void
    ) throws -> Bool {
        while true {
            guard room > 0 else { return false }
            let limit = min(room, Self.page)
            let files = try reader.files(in: directory.id, after: state.partial.last?.name ?? [], limit: limit)
            for file in files { try body(&self, directory, file) }
            room -= files.count
            if let last = files.last { state.partial.last?.name = last.name }
            if files.count < limit { return true }
        }
    }

    /// Takes files out of the library that lie in no watched folder, as many as there is room for.
    mutating func forgetSome() throws {
        while room > 0, let forgetting = state.forgetting {
            guard let directory = try reader.directories(from: forgetting.directory, limit: 1).first else {
                state.forgetting = nil
                return
            }
            if let folder = forgetting.folders.first(where: { FilePath(bytes: directory.path).starts(with: $0) }) {
                let isFolder = directory.path == folder.bytes && folder != "/"
                state.forgetting?.directory = isFolder ? directory.path + [0] : folder.endOfSubtree
                continue
            }
            let files = try reader.files(in: directory.id, after: [], limit: room)
            for file in files { try forget(file) }
            room -= max(1, files.count)
            guard try reader.files(in: directory.id, after: [], limit: 1).isEmpty else { continue }
            try writer.removeDirectory(ifEmpty: directory.id)
            state.forgetting?.directory = directory.path + [0]
        }
    }
}

extension FilePath {
    /// The first bytes that come behind the paths of all that lies below a directory.
    fileprivate var endOfSubtree: [UInt8] {
        bytes == [UInt8(ascii: "/")] ? [UInt8(ascii: "/") + 1] : bytes + [UInt8(ascii: "/") + 1]
    }
}
