import Platform
import SystemPackage

/// The directories of a folder: which are known, the watches that tell of them, and what each looked like the last time.
final class FolderTree: WatchOwner {
    private let root: FilePath
    private let context: LaneContext
    private var map: WatchMap
    private var fingerprints = Fingerprints()
    /// Directories that could not be read, and may become readable.
    private(set) var unreadable: Set<FilePath> = []

    init(root: FilePath, _ context: LaneContext) {
        self.root = root
        self.context = context
        map = WatchMap(root: root)
        context.watches.add(self)
    }

    // MARK: What is known

    /// The watches in use.
    var watchCount: Int { map.watchCount }

    /// The known directories, in the order of a walk from the top.
    var directories: [WatchMap.Directory] { map.directories }

    /// Whether the folder has so many files that it is not looked through for every sync.
    var isLarge: Bool { fingerprints.isLarge }

    func contains(_ directory: FilePath) -> Bool { map.contains(directory) }

    /// The names of the known directories in one.
    func children(of directory: FilePath) -> [FilePath.Component] { map.children(of: directory) }

    /// Where the directory of a watch lies: nowhere if it is unknown, in several places if it is linked.
    func paths(of watch: Int32) -> [FilePath] { map.paths(of: watch) }

    func use(of watch: Int32) -> WatchUse? { map.contains(watch: watch) ? .content : nil }

    // MARK: Watching

    /// Puts a watch on a directory and makes it known.
    ///
    /// - Returns: Whether the directory had this watch already, so that all that happened in it since was told.
    @discardableResult
    func watch(_ directory: FilePath) throws(Errno) -> Bool {
        let watch = try context.watches.watch(directory, mask(for: directory), for: directory)
        let wasWatched = map.watch(of: directory) == watch
        context.watches.release(map.insert(directory, watch: watch))
        return wasWatched
    }

    /// Makes a directory known that is not watched but looked through.
    func note(_ directory: FilePath) { context.watches.release(map.insert(directory, watch: nil)) }

    /// Whether the directory at a path is the one that is watched there.
    func isWatched(_ directory: FilePath) -> Bool {
        guard let known = map.watch(of: directory) else { return false }
        do throws(Errno) {
            return try context.watches.watch(directory, mask(for: directory), for: directory) == known
        } catch {
            return false
        }
    }

    /// What is asked of the kernel for a directory: the folder itself may always be a link.
    private func mask(for directory: FilePath) -> Inotify.Mask {
        context.settings.followSymlinks || directory == root ? .content : [.content, .noFollow]
    }

    /// Takes over the directories and watches that an earlier watcher knew.
    func adopt(_ directories: [WatchMap.Directory]) { map = WatchMap(root: root, directories: directories) }

    /// Notes that the kernel has dropped a watch.
    func drop(watch: Int32) { map.drop(watch: watch) }

    // MARK: Changes

    /// Gives a directory another name, and with it all below.
    func move(from old: FilePath, to new: FilePath) {
        context.watches.release(map.move(from: old, to: new))
        forgetLooks(below: old)
    }

    /// Forgets a directory and all below it.
    func forget(_ directory: FilePath) {
        context.watches.release(map.remove(directory))
        forgetLooks(below: directory)
    }

    private func forgetLooks(below directory: FilePath) {
        if !unreadable.isEmpty { unreadable = unreadable.filter { !$0.lies(in: directory) } }
        fingerprints.forget(directory)
    }

    /// Forgets everything.
    func clear() {
        let watches = Array(map.watches)
        map = WatchMap(root: root)
        unreadable = []
        fingerprints = Fingerprints()
        context.watches.release(watches)
    }

    /// Forgets what the directories looked like.
    func forgetLooks() { fingerprints = Fingerprints() }

    /// Notes whether a directory could be read.
    func note(_ directory: FilePath, isReadable: Bool) {
        if isReadable { unreadable.remove(directory) } else { unreadable.insert(directory) }
    }

    /// Notes what a directory looks like.
    ///
    /// - Parameter isNeeded: Whether that is to be kept even if there are very many.
    /// - Returns: Whether it is not known to have looked so before.
    func isNews(_ listing: DirectoryListing, isNeeded: Bool) -> Bool {
        fingerprints.isNews(listing, isNeeded: isNeeded)
    }
}

/// What the directories of a folder looked like when they were last listed, so that a listing that says nothing new need
/// not be told.
///
/// Of a folder with very many files nothing is kept, unless it has to be.
struct Fingerprints {
    private struct Print {
        var hash: Int
        var fileCount: Int
    }

    private var prints: [FilePath: Print] = [:]
    private var fileCount = 0
    /// Whether there turned out to be too many.
    private(set) var isLarge = false

    private static let mostDirectories = 1_000
    private static let mostFiles = 20_000

    /// Notes what a directory looks like.
    ///
    /// - Parameter isNeeded: Whether it is to be kept even if there are very many.
    /// - Returns: Whether it is not known to have looked so before.
    mutating func isNews(_ listing: DirectoryListing, isNeeded: Bool) -> Bool {
        guard isNeeded || !isLarge else { return true }
        let print = Print(hash: listing.hashValue, fileCount: listing.files.count)
        let before = prints.updateValue(print, forKey: listing.directory)
        fileCount += print.fileCount - (before?.fileCount ?? 0)
        if !isNeeded, prints.count > Self.mostDirectories || fileCount > Self.mostFiles {
            self = Fingerprints()
            isLarge = true
        }
        return before?.hash != print.hash
    }

    /// Forgets a directory and all below it.
    mutating func forget(_ directory: FilePath) {
        guard !prints.isEmpty else { return }
        for (path, print) in prints where path.lies(in: directory) {
            prints[path] = nil
            fileCount -= print.fileCount
        }
    }
}
