import Platform
import SystemPackage

/// The folders that a lane watches.
final class WatchedFolders {
    private let context: LaneContext
    /// What was at a folder's path before something else was mounted there, where an earlier lane knows of it.
    private let covered: FolderIdentity?
    /// The folders as they were asked for.
    private var requested: [FilePath] = []
    /// In the order in which they were asked for.
    private(set) var all: [WatchedFolder] = []

    init(_ context: LaneContext, covered: FolderIdentity?) {
        self.context = context
        self.covered = covered
    }

    /// The folder that was asked for by a path.
    func folder(at path: FilePath) -> WatchedFolder? { all.first { $0.path == path } }

    /// The folder that a path lies in, or is.
    func folder(containing path: FilePath) -> WatchedFolder? { all.first { path.lies(in: $0.path) } }

    /// The watches that the kernel counts for the folders, and for what they lie in.
    var watchCount: Int {
        let anchors = all.reduce(into: Set<Int32>()) { $0.formUnion($1.anchors.watches) }
        let others = anchors.count { anchor in !all.contains { $0.tree.use(of: anchor) != nil } }
        return all.reduce(others) { $0 + $1.tree.watchCount }
    }

    /// Watches these folders and no others.
    func set(_ paths: [FilePath]) {
        requested = paths
        choose()
    }

    /// Watches what was asked for, as far as the filter of names does not keep it for a folder that it lies in.
    func choose() {
        let chosen = requested.foldersToWatch(context.settings.filter)
        for folder in all where !chosen.contains(folder.path) { folder.stop() }
        all.removeAll { !chosen.contains($0.path) }
        for path in chosen where folder(at: path) == nil {
            let folder = WatchedFolder(path: path, covered: covered, context)
            all.append(folder)
            folder.open()
        }
        context.inheritance.drop()
        all.sort { (chosen.firstIndex(of: $0.path) ?? 0) < (chosen.firstIndex(of: $1.path) ?? 0) }
    }

    /// Gives up the folders that belong to another lane.
    ///
    /// - Parameter willLeave: Called before they are closed, if there are any.
    func takeLeaving(willLeave: () -> Void) -> [LeavingFolder] {
        let leaving = all.filter(\.isLeaving)
        guard !leaving.isEmpty else { return [] }
        willLeave()
        requested.removeAll { path in leaving.contains { $0.path == path } }
        choose()
        return leaving.map { LeavingFolder(path: $0.path, covered: $0.covered) }
    }
}

extension [FilePath] {
    /// Absolute paths in normal form, each once, without those that lie in another and are seen there.
    package func foldersToWatch(_ filter: NameFilter) -> [FilePath] {
        var unique: [FilePath] = []
        for path in map({ $0.lexicallyNormalized() }) where path.isAbsolute && !unique.contains(path) {
            unique.append(path)
        }
        return unique.filter { folder in
            !unique.contains { $0 != folder && filter.enters(folder, below: $0) }
        }
    }
}
