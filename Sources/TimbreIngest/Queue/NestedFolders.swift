import FolderWatch
import SystemPackage

/// Which watched folders lie in others.
///
/// One that lies in another is seen as a part of it, unless the filter of names keeps the other out of it: a hidden folder
/// that somebody wants to have watched is watched on its own, and what is said of all below the outer one is not said of it.
struct NestedFolders {
    /// Which names are left out.
    private(set) var filter = NameFilter()
    private(set) var watched: [FilePath] = []
    /// Those that are watched on their own.
    private var separate: [FilePath] = []
    /// Those of them that lie in others.
    private var inner: [FilePath] = []

    mutating func set(_ watched: [FilePath], _ filter: NameFilter) {
        (self.watched, self.filter) = (watched, filter)
        separate = watched.foldersToWatch(filter)
        inner = separate.filter { folder in separate.contains { $0 != folder && folder.starts(with: $0) } }
    }

    /// Whether a folder is seen as a part of another.
    func isPart(_ folder: FilePath) -> Bool { watched.contains { $0 != folder && filter.enters(folder, below: $0) } }

    /// Whether a directory lies in a folder below some path that is watched on its own: who goes through all below the path
    /// does not pass it.
    func isApart(_ directory: FilePath, from path: FilePath) -> Bool {
        inner.contains { $0 != path && $0.starts(with: path) && directory.starts(with: $0) }
    }

    /// Whether a directory is seen by whoever watches the folders.
    func isSeen(_ directory: FilePath) -> Bool {
        separate.contains { directory == $0 || filter.enters(directory, below: $0) }
    }
}
