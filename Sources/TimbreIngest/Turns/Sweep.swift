import Platform
import SystemPackage
import TimbreStore

/// Progress of a change that concerns more files than fit into one turn.
///
/// The change stays the first of those that wait, and each turn takes in some more of it. None of this has to be kept
/// on disk: a start finds the rest by comparing the catalog with what is there, as it would have found all of it.
struct PartialChange {
    /// The last file that was visited; nil if none was yet.
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

/// Visits files of the catalog, a page at a time, from where the turn before stopped.
struct Sweep {
    let turn: Turn

    /// Files that are read at a time.
    private static let page = 256
    /// Directories that are read at a time.
    private static let directoryPage = 512

    /// Visits the files at and below a directory, as far as there is room.
    ///
    /// - Parameter isMeant: Whether the files of a directory are visited.
    /// - Returns: Whether all were visited.
    func files(
        under path: FilePath, where isMeant: (DirectoryRecord) throws -> Bool = { _ in true },
        _ body: (DirectoryRecord, FileRecord) throws -> Void
    ) throws -> Bool {
        var start = turn.state.partial.last?.directory ?? path.bytes
        while true {
            let directories = try turn.reader.directories(under: path, from: start, limit: Self.directoryPage)
            for directory in directories {
                guard try isMeant(directory) else { continue }
                let isBegun = turn.state.partial.last?.directory == directory.path
                if !isBegun { turn.state.partial.last = FilePlace(directory: directory.path, name: []) }
                guard try files(in: directory, body) else { return false }
            }
            guard directories.count == Self.directoryPage, let last = directories.last else { break }
            start = last.path + [0]
        }
        turn.state.partial.last = nil
        return true
    }

    private func files(
        in directory: DirectoryRecord, _ body: (DirectoryRecord, FileRecord) throws -> Void
    ) throws -> Bool {
        while true {
            guard turn.room > 0 else { return false }
            let limit = min(turn.room, Self.page)
            let files = try turn.reader.files(
                in: directory.id, after: turn.state.partial.last?.name ?? [], limit: limit)
            for file in files { try body(directory, file) }
            turn.room -= files.count
            if let last = files.last { turn.state.partial.last?.name = last.name }
            if files.count < limit { return true }
        }
    }
}
