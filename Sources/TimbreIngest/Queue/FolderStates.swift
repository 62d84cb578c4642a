import FolderWatch
import Platform
import SystemPackage
import TimbreStore

/// What ingest knows of the watched folders: which are there, which scans are under way, and which are pending.
struct FolderStates {
    /// A watched folder.
    struct Root {
        var path: FilePath
        var isOnline: Bool
        /// Whether it is the folder that was known: only then are missing files deleted, and not merely away.
        var isTrusted: Bool
        /// The device that it lies on.
        var device: UInt64?
        /// How it is watched, in words.
        var words: String
        /// Files that turned out to be gone in a scan after a start or after lost events.
        var vanishedCount = 0

        /// From so many files on, their disappearance is reported.
        static let manyVanished = 20
    }

    /// A scan of everything below a directory.
    struct Scan {
        var path: FilePath
        /// The directories that were listed so far.
        var visited: Set<[UInt8]> = []
        /// What could not be listed, as a link that leads there cannot be followed now.
        fileprivate(set) var unchanged: Set<FilePath> = []
        /// Whether events were lost since it began: it may have passed by too early.
        var isOutdated = false

        /// Whether the files of a directory should have been found if they are there.
        func covers(_ directory: [UInt8]) -> Bool {
            guard !unchanged.isEmpty else { return true }
            let path = FilePath(bytes: directory)
            return !unchanged.contains { path.starts(with: $0) }
        }
    }

    /// Which of the watched folders lie in others.
    private(set) var nested = NestedFolders()
    /// The watched folders that have been seen.
    private(set) var roots: [FilePath: Root] = [:]
    /// Scans under way, the oldest first; there may be several of the same directory.
    private(set) var scans: [Scan] = []
    /// Folders that must be scanned: at the start, and after an overflow.
    private(set) var pendingScans: Set<FilePath> = []
    /// Directories that could not be read or watched, and why.
    private(set) var unreadable: [FilePath: String] = [:]

    /// Whether no scan is under way or pending.
    var isIdle: Bool { scans.isEmpty && pendingScans.isEmpty }
    /// What is being scanned, or must be.
    var unfinishedScans: Set<FilePath> { pendingScans.union(scans.map(\.path)) }

    /// The watched folder that contains a path, or is it; the innermost if there are several.
    func root(of path: FilePath) -> Root? {
        roots.values.filter { path.starts(with: $0.path) }.max { $0.path.length < $1.path.length }
    }

    /// The watched folder that contains a path, whether it has been seen yet or not; the innermost if there are several.
    func watched(around path: FilePath) -> FilePath? {
        root(of: path)?.path
            ?? nested.watched.filter { path.starts(with: $0) }.max { $0.length < $1.length }
    }

    /// Whether missing files below a path count as deleted. In doubt they do not.
    func isTrusted(_ path: FilePath) -> Bool { root(of: path)?.isTrusted ?? false }

    /// Whether a path lies at or below a directory that cannot be read.
    func isHidden(_ path: FilePath) -> Bool { unreadable.keys.contains { path.starts(with: $0) } }

    /// The scan that an end belongs to: the watcher finishes the newest first.
    func scan(of path: FilePath) -> Scan? { scans.last { $0.path == path } }

    /// Notes that folders must be scanned.
    mutating func requireScans(of folders: some Sequence<FilePath>) { pendingScans.formUnion(folders) }

    /// Notes that a folder is there.
    ///
    /// - Returns: Whether that is news: it was away, or is watched in another way than before.
    mutating func cameOnline(_ path: FilePath, device: UInt64?, isTrusted: Bool, words: String) -> Bool {
        let before = roots[path]
        roots[path] = Root(path: path, isOnline: true, isTrusted: isTrusted, device: device, words: words)
        if !(before?.isOnline ?? false) { pendingScans.insert(path) }
        return before?.words != words
    }

    /// Notes that a folder is not there.
    mutating func wentOffline(_ path: FilePath, words: String) {
        roots[path] = Root(path: path, isOnline: false, isTrusted: false, device: nil, words: words)
        pendingScans.remove(path)
    }

    /// Notes that nothing was missed in a folder, nor in watched folders that are seen as parts of it.
    ///
    /// - Returns: The folders that need no scan any more.
    mutating func continued(_ folder: FilePath) -> [FilePath] {
        let spared = pendingScans.filter { $0.starts(with: folder) && !nested.isApart($0, from: folder) }
        pendingScans.subtract(spared)
        return Array(spared)
    }

    mutating func scanBegan(_ path: FilePath) { scans.append(Scan(path: path)) }

    /// Notes that a directory was listed.
    ///
    /// - Parameter unchanged: Names in it of which all that is known stays as it is.
    mutating func listed(_ path: FilePath, unchanged: Set<[UInt8]> = []) {
        for place in scans.indices where path.starts(with: scans[place].path) {
            scans[place].visited.insert(path.bytes)
            scans[place].unchanged.formUnion(unchanged.map { path.appending(bytes: $0) })
        }
        unreadable[path] = nil
    }

    /// Counts a file that was deleted while nobody watched, if its folder is being scanned for that.
    mutating func vanished(below path: FilePath) {
        guard let root = root(of: path)?.path, pendingScans.contains(root) else { return }
        roots[root]?.vanishedCount += 1
    }

    /// The outcome of a scan.
    struct ScanEnd {
        /// Folders in which many files were gone, and how many.
        var vanished: [(folder: FilePath, count: Int)] = []
        /// Scans that nobody has to wait for any more.
        var finished: Set<FilePath> = []
    }

    /// Takes out a scan that has ended.
    mutating func endScan(of path: FilePath) -> ScanEnd {
        guard let place = scans.lastIndex(where: { $0.path == path }) else { return ScanEnd() }
        let scan = scans.remove(at: place)
        let done: Set<FilePath> =
            scan.isOutdated ? [] : pendingScans.filter { $0.starts(with: path) && !nested.isApart($0, from: path) }
        pendingScans.subtract(done)
        return ScanEnd(
            vanished: done.compactMap { folder in
                let count = roots[folder]?.vanishedCount ?? 0
                return count >= Root.manyVanished ? (folder, count) : nil
            },
            finished: done.union([path]).filter { path in
                !pendingScans.contains(path) && !scans.contains { $0.path == path }
            })
    }

    /// Notes that events were lost: every folder must be scanned, and scans under way came too early.
    ///
    /// - Returns: The folders that must be scanned.
    mutating func eventsWereLost() -> Set<FilePath> {
        for place in scans.indices { scans[place].isOutdated = true }
        pendingScans = Set(roots.values.filter(\.isOnline).map(\.path))
        for root in pendingScans { roots[root]?.vanishedCount = 0 }
        return pendingScans
    }

    mutating func becameUnreadable(_ path: FilePath, why reason: String) { unreadable[path] = reason }

    /// Notes that a directory is gone, with all below it.
    mutating func directoryGone(_ path: FilePath) {
        unreadable = unreadable.filter { !$0.key.starts(with: path) }
    }

    /// Says by which names something is left out.
    mutating func setFilter(_ filter: NameFilter) { nested.set(nested.watched, filter) }

    /// Forgets all folders but some.
    ///
    /// - Returns: Those that are forgotten.
    mutating func keepOnly(_ folders: [FilePath]) -> [FilePath] {
        nested.set(folders, nested.filter)
        let forgotten = pendingScans.union(roots.keys).filter { !folders.contains($0) }
        for path in forgotten { forget(path) }
        return Array(forgotten)
    }

    /// Notes that a folder is to be watched, too.
    mutating func add(_ folder: FilePath) {
        if !nested.watched.contains(folder) { nested.set(nested.watched + [folder], nested.filter) }
    }

    /// Forgets the folders that are seen as parts of others now.
    ///
    /// - Returns: Those that are forgotten.
    mutating func dropParts() -> [FilePath] {
        let parts = roots.keys.filter(nested.isPart)
        for path in parts { forget(path) }
        return parts
    }

    private mutating func forget(_ path: FilePath) {
        roots[path] = nil
        pendingScans.remove(path)
        directoryGone(path)
    }
}
