import SystemPackage

/// One of the folders that a watcher was asked for, and what is known of it.
struct WatchedFolder {
    /// The folder, as it was asked for.
    let path: FilePath
    var mode: FolderStatus.Mode = .offline(reason: "not looked at yet")
    /// What lies at the path; nil while offline.
    var identity: FolderIdentity?
    /// The known directories, and their watches.
    var map: WatchMap
    /// What each directory looked like the last time.
    var fingerprints = Fingerprints()
    /// When to look through a polled folder, or for an offline one of whose coming nothing tells.
    var nextLook: ContinuousClock.Instant?
    /// Whether inotify would do if there were more watches.
    var lacksWatches = false
    /// The number of the mount that the folder lies on, if known.
    var mount: Int?
    /// What was left at the path when a file system was unmounted there: not the folder.
    var mountPoint: FolderIdentity?
    /// What was at the path before something else was mounted or moved there: it may come to light again.
    var covered: FolderIdentity?
    /// Watches on what the folder lies in, which tell when it comes or goes.
    var anchors: Set<Int32> = []

    /// Whether another lane is to watch the folder.
    var isLeaving = false

    init(path: FilePath, covered: FolderIdentity? = nil) {
        self.path = path
        self.covered = covered
        map = WatchMap(root: path)
    }

    var status: FolderStatus {
        FolderStatus(root: path, mode: mode, identity: identity, watches: map.watchCount)
    }

    var isOnline: Bool { identity != nil }

    var isPolled: Bool {
        if case .polling = mode { true } else { false }
    }
}

extension FolderStatus.Mode {
    /// How a folder can be watched that the kernel refused to watch: by polling if only watches are lacking.
    ///
    /// - Parameter allowed: The watches that each user may have, if known.
    package static func fallback(after error: Errno, allowed: Int?) -> FolderStatus.Mode? {
        switch error {
        case .noSpace:
            let enough = max(524_288, 2 * (allowed ?? 0))
            let used = allowed.map { "all \($0) inotify watches are in use" } ?? "all inotify watches are in use"
            return .polling(reason: "\(used); allow more by: sysctl fs.inotify.max_user_watches=\(enough)")
        case .noMemory:
            return .polling(reason: "the kernel has no memory for more inotify watches")
        default:
            return nil
        }
    }

    /// How folders are watched when there is no inotify at all.
    package static func fallback(withoutQueue error: Errno) -> FolderStatus.Mode {
        switch error {
        case .tooManyOpenFiles:
            .polling(
                reason: "all inotify instances are in use; allow more by: sysctl fs.inotify.max_user_instances=1024")
        default:
            .polling(reason: "inotify is not to be had: \(error)")
        }
    }

    /// How a folder can be watched on a kind of file system; nil if inotify does.
    package static func fallback(on fileSystem: FileSystemType) -> FolderStatus.Mode? {
        fileSystem.silentName.map { .polling(reason: "\($0) does not tell what others change") }
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
