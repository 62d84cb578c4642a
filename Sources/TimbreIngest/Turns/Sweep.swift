import Platform
import SystemPackage
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

/// Goes through files of the catalog, a page at a time, from where the turn before has stopped.
struct Sweep {
    let turn: Turn

    /// Files that are gone through with one read.
    private static let page = 256
    /// Directories that are looked for with one read.
    private static let directoryPage = 512

    /// Goes through the files at and below a directory, as far as there is room.
    ///
    /// - Parameter isMeant: Whether the files of a directory are gone through.
    /// - Returns: Whether all were come to.
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
