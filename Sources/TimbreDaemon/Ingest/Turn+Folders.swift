import FolderWatch
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

extension Turn {
    /// Takes in what lies in one directory: new files, changed ones, and those that are not there any more.
    ///
    /// - Returns: Whether that was all; see ``take(_:)``.
    mutating func take(_ listing: DirectoryListing) throws -> Bool {
        // A folder may be watched no more while the watcher still tells of it.
        guard state.root(of: listing.directory) != nil else { return true }
        var rest = try state.partial.listing ?? begin(listing)
        while room > 0, let difference = rest.differences.popFirst() {
            room -= 1
            try take(difference, of: listing)
        }
        while room > 0, let id = rest.missing.popFirst() {
            room -= 1
            if let file = try reader.file(id) { try miss(file, below: listing.directory, isCertain: rest.isCertain) }
        }
        state.partial.listing = rest
        guard rest.differences.isEmpty && rest.missing.isEmpty else { return false }
        guard try vanishSubdirectories(of: listing, isCertain: rest.isCertain) else { return false }
        try forgetMount(of: listing)
        return true
    }

    private mutating func begin(_ listing: DirectoryListing) throws -> PartialChange.Listing {
        let path = listing.directory
        for place in state.scans.indices where path.starts(with: state.scans[place].path) {
            state.scans[place].visited.insert(path.bytes)
        }
        state.unreadable[path] = nil
        try writer.setLeftOut(listing.leftOutCount, in: path)
        let directory = try reader.directory(path)
        let comparison = try compare(listing, directory)
        return PartialChange.Listing(
            differences: comparison.differences[...], missing: comparison.missing[...],
            isCertain: try !isUnmounted(listing, directory) && state.isTrusted(path))
    }

    private mutating func take(_ difference: DirectoryComparison.Difference, of listing: DirectoryListing) throws {
        let entry = listing.files[difference.place]
        let (found, path) = (FileIdentity(entry), listing.directory.appending(bytes: entry.nameBytes))
        if let known = try file(difference, of: listing) {
            let isDone = try isDone(known, found)
            if entry.isSettled && !isDone { state.enqueue(known.id, path: path, isUrgent: false, seen: found) }
        } else {
            let home = try writer.directory(listing.directory)
            let file = try writer.addFile(entry.nameBytes, in: home, identity: found, at: time)
            if entry.isSettled { state.enqueue(file.id, path: path, isUrgent: false) }
        }
    }

    /// What is known of a file of a listing. It may have another number by now: a file whose content changes gets one.
    private func file(_ difference: DirectoryComparison.Difference, of listing: DirectoryListing) throws -> FileRecord?
    {
        guard let number = difference.known else { return nil }
        if let known = try reader.file(number) { return known }
        let name = listing.files[difference.place].nameBytes
        return try reader.directory(listing.directory).flatMap { try reader.file(name, in: $0) }
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
        // That it was one is remembered until all that lay there is away: the machine may go down before.
        if isMount && !wasMount { try writer.setMount(true, directory: directory) }
        return wasMount && !isMount
    }

    /// Notes that what lay on a mount point that is none now has been seen to.
    private func forgetMount(of listing: DirectoryListing) throws {
        guard let directory = try reader.directory(listing.directory), try isUnmounted(listing, directory) else {
            return
        }
        try writer.setMount(false, directory: directory)
    }

    /// What is known below a subdirectory that is not there any more is not there either.
    ///
    /// - Returns: Whether all of it was come to.
    private mutating func vanishSubdirectories(of listing: DirectoryListing, isCertain: Bool) throws -> Bool {
        let present = Set(listing.subdirectories.map { FilePath(root: nil, [$0]).bytes })
        let start = listing.directory.appending("x").bytes.count - 1
        let (unreadable, device) = (state.unreadable, state.root(of: listing.directory)?.device)
        return try sweep(listing.directory) { known in
            guard known.path.count > start else { return false }
            let name = Array(known.path[start...].prefix { $0 != UInt8(ascii: "/") })
            return !present.contains(name) && !unreadable.hides(FilePath(bytes: known.path))
        } _: { turn, known, file in
            // What lay on a disk that was mounted here, and is not now, is away.
            let isAway = listing.device == device && known.isMount
            try turn.miss(file, below: listing.directory, isCertain: isCertain && !isAway)
        }
    }

    /// A file was not found where it was known to be.
    private mutating func miss(_ file: FileRecord, below path: FilePath, isCertain: Bool) throws {
        if isCertain, !file.isOffline, let root = state.root(of: path)?.path, state.owedScans.contains(root) {
            state.roots[root]?.vanishedCount += 1
        }
        try vanish(file, isCertain: isCertain)
    }

    /// A scan has come by everything below a directory: what it has not come by is not there.
    ///
    /// - Returns: Whether all of that was come to.
    mutating func take(scanOf path: FilePath, isComplete: Bool) throws -> Bool {
        // The watcher goes on with the newest first.
        guard let place = state.scans.lastIndex(where: { $0.path == path }) else { return true }
        let scan = state.scans[place]
        // Of one that may have come by too early, or of which something was lost, only another scan tells.
        if isComplete && !scan.isOutdated {
            let (isCertain, unreadable) = (state.isTrusted(path), state.unreadable)
            let isDone = try sweep(path) {
                !scan.visited.contains($0.path)
            } _: { turn, known, file in
                // What lies below a directory that cannot be read is away, not gone.
                let isHidden = known.isMount || unreadable.hides(FilePath(bytes: known.path))
                try turn.miss(file, below: path, isCertain: isCertain && !isHidden)
            }
            guard isDone else { return false }
            try writer.removeEmptyDirectories()
            for known in try reader.leftOut(under: path) where !scan.visited.contains(known.directory) {
                try writer.setLeftOut(0, in: FilePath(bytes: known.directory))
            }
        }
        state.scans.remove(at: place)
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
        return true
    }

    /// A folder is there, or is not.
    ///
    /// - Returns: Whether all that lies in it was come to.
    mutating func take(_ status: FolderStatus) throws -> Bool {
        let path = status.root
        switch status.mode {
        case .offline(let reason):
            if state.partial.last == nil { wentOffline(path, reason, words: status.mode.words) }
            return try sweep(path) { turn, _, file in
                try turn.finish(file.id)
                guard !file.isOffline else { return }
                try turn.writer.setOffline(true, file: file.id)
                turn.edit(.offline([file.id], true))
            }
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
        return true
    }

    /// A folder is not there any more; what lies in it is told offline one file after the other.
    private mutating func wentOffline(_ path: FilePath, _ reason: String, words: String) {
        state.roots[path] = IngestState.Root(path: path, isOnline: false, isTrusted: false, words: words)
        state.owedScans.remove(path)
        state.forEachSync {
            $0.scanEnded(path)
            $0.gone(path, isDirectory: true)
        }
        note(.folder(path, reason, isOnline: false))
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

extension [FilePath: String] {
    /// Whether a path lies at or below one of the directories that cannot be read.
    fileprivate func hides(_ path: FilePath) -> Bool { keys.contains { path.starts(with: $0) } }
}
