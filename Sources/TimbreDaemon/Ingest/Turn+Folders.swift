import FolderWatch
import SystemPackage
import TimbreStore

extension Turn {
    /// Takes in what lies in one directory: new files, changed ones, and those that are not there any more.
    mutating func take(_ listing: DirectoryListing) throws {
        let path = listing.directory
        // A folder may be watched no more while the watcher still tells of it.
        guard state.root(of: path) != nil else { return }
        for place in state.scans.indices where path.starts(with: state.scans[place].path) {
            state.scans[place].visited.insert(path.rawBytes)
        }
        state.unreadable[path] = nil
        try writer.setLeftOut(listing.leftOutCount, in: path)
        var directory = try reader.directory(path)
        let comparison = try compare(listing, directory)
        for difference in comparison.differences {
            let entry = listing.files[difference.place]
            let found = FileIdentity(entry)
            if let known = try difference.known.flatMap(reader.file) {
                let isDone = try isDone(known, found)
                if entry.isSettled && !isDone {
                    state.enqueue(known.id, path: path.appending(bytes: entry.nameBytes), isUrgent: false, seen: found)
                }
            } else {
                let home = try directory ?? writer.directory(path)
                directory = home
                let file = try writer.addFile(entry.nameBytes, in: home, identity: found, at: time)
                if entry.isSettled {
                    state.enqueue(file.id, path: path.appending(bytes: entry.nameBytes), isUrgent: false)
                }
            }
        }
        let isCertain = try !isUnmounted(listing, directory) && state.isTrusted(path)
        for id in comparison.missing {
            if let file = try reader.file(id) { try miss(file, below: path, isCertain: isCertain) }
        }
        try vanishSubdirectories(of: listing, isCertain: isCertain)
    }

    /// What of a listing has to be looked at.
    private func compare(_ listing: DirectoryListing, _ directory: Int64?) throws -> DirectoryComparison {
        guard let directory else {
            return DirectoryComparison(differences: listing.files.indices.map { .init(place: $0, known: nil) })
        }
        let waiting = state.waiting.entries
        return try reader.compare(
            directory, with: listing.files, name: \.nameBytes, identity: FileIdentity.init
        ) { waiting[$0] != nil }
    }

    /// Whether a directory was a mount point when it was last listed, and is none now: what lay there is away.
    private func isUnmounted(_ listing: DirectoryListing, _ directory: Int64?) throws -> Bool {
        guard let directory, let device = state.root(of: listing.directory)?.device else { return false }
        // A part of the same file system can be mounted there as well.
        let isMount = listing.device != device || listing.isMountPoint && listing.directory != listing.root
        let wasMount = try reader.isMount(directory)
        if isMount != wasMount { try writer.setMount(isMount, directory: directory) }
        return wasMount && !isMount
    }

    /// What is known below a subdirectory that is not there any more is not there either.
    private mutating func vanishSubdirectories(of listing: DirectoryListing, isCertain: Bool) throws {
        let present = Set(listing.subdirectories.map { FilePath(root: nil, [$0]).rawBytes })
        let start = listing.directory.appending("x").rawBytes.count - 1
        for known in try reader.directories(under: listing.directory) where known.path.count > start {
            let name = Array(known.path[start...].prefix { $0 != UInt8(ascii: "/") })
            guard !present.contains(name), !isUnreadable(FilePath(rawBytes: known.path)) else { continue }
            // What lay on a disk that was mounted here, and is not now, is away.
            let isAway = try listing.device == state.root(of: listing.directory)?.device && reader.isMount(known.id)
            for file in try reader.files(in: known.id) {
                try miss(file, below: listing.directory, isCertain: isCertain && !isAway)
            }
        }
    }

    /// A file was not found where it was known to be.
    private mutating func miss(_ file: FileRecord, below path: FilePath, isCertain: Bool) throws {
        if isCertain, !file.isOffline, let root = state.root(of: path)?.path, state.owedScans.contains(root) {
            state.roots[root]?.vanishedCount += 1
        }
        try vanish(file, isCertain: isCertain)
    }

    private func isUnreadable(_ path: FilePath) -> Bool { state.unreadable.keys.contains { path.starts(with: $0) } }

    /// A scan has come by everything below a directory: what it has not come by is not there.
    mutating func take(scanOf path: FilePath, isComplete: Bool) throws {
        // The watcher goes on with the newest first.
        guard let place = state.scans.lastIndex(where: { $0.path == path }) else { return }
        let scan = state.scans.remove(at: place)
        if isComplete {
            let isCertain = state.isTrusted(path)
            for known in try reader.directories(under: path) where !scan.visited.contains(known.path) {
                let place = FilePath(rawBytes: known.path)
                // What lies below a directory that cannot be read is away, not gone.
                let isHidden = try isUnreadable(place) || reader.isMount(known.id)
                for file in try reader.files(in: known.id) {
                    try miss(file, below: path, isCertain: isCertain && !isHidden)
                }
            }
            try writer.removeEmptyDirectories()
            for known in try reader.leftOut(under: path) where !scan.visited.contains(known.directory) {
                try writer.setLeftOut(0, in: FilePath(rawBytes: known.directory))
            }
        }
        let paid: Set<FilePath> = scan.isOutdated ? [] : state.owedScans.filter { $0.starts(with: path) }
        state.owedScans.subtract(paid)
        for root in paid {
            guard let count = state.roots[root]?.vanishedCount, count >= IngestState.Root.manyVanished else { continue }
            note(.vanished(root, count))
        }
        for path in paid.union([path])
        where !state.owedScans.contains(path) && !state.scans.contains(where: { $0.path == path }) {
            state.forEachSync { $0.scanEnded(path) }
        }
    }

    /// A folder is there, or is not.
    mutating func take(_ status: FolderStatus) throws {
        let path = status.root
        switch status.mode {
        case .offline(let reason):
            state.roots[path] = IngestState.Root(
                path: path, isOnline: false, isTrusted: false, words: status.mode.words)
            state.owedScans.remove(path)
            state.forEachSync {
                $0.scanEnded(path)
                $0.gone(path, isDirectory: true)
            }
            let away = try writer.setOffline(true, under: path)
            edit(.offline(away, true))
            for file in try reader.files(under: path) { try finish(file.id) }
            note(.folder(path, reason, isOnline: false))
        case .inotify, .polling:
            let known = try reader.folders().first { $0.path == path }
            let isTrusted = known.flatMap { $0.isSame(as: status.identity) } ?? true
            let before = state.roots[path]
            state.roots[path] = IngestState.Root(
                path: path, isOnline: true, isTrusted: isTrusted, device: status.identity?.device,
                words: status.mode.words)
            if !(before?.isOnline ?? false) { state.owedScans.insert(path) }
            if before?.words != status.mode.words { note(.folder(path, status.mode.words, isOnline: true)) }
            try writer.setFolder(
                FolderRecord(
                    path: path, isAtRunTime: known?.isAtRunTime ?? false, device: status.identity?.device,
                    inode: status.identity?.inode,
                    fileSystem: status.identity.map { Int64(bitPattern: $0.fileSystemID) }))
        }
    }
}

extension FileIdentity {
    init(_ entry: FileEntry) {
        self.init(
            size: entry.size, modified: entry.modified, changed: entry.changed, device: entry.device,
            inode: entry.inode)
    }
}

extension FolderRecord {
    /// Whether a folder found now is the one that was known; nil where nothing is known.
    func isSame(as found: FolderIdentity?) -> Bool? {
        guard let inode, let found else { return nil }
        // Device numbers are given anew with every mount; a file system's own id is not, where it has one.
        let isSameFileSystem =
            fileSystem.map { $0 != 0 && $0 == Int64(bitPattern: found.fileSystemID) } ?? false || device == found.device
        return inode == found.inode && isSameFileSystem
    }
}

extension FolderStatus.Mode {
    /// The mode in a word, and why.
    var words: String {
        switch self {
        case .inotify: "inotify"
        case .polling(let reason): "polling: \(reason)"
        case .offline(let reason): "offline: \(reason)"
        }
    }
}
