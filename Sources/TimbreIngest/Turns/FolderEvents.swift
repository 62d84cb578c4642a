import FolderWatch
import LibraryFeed
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// What the watcher reports of whole folders: whether they are there, how far a scan is, what could not be seen.
struct FolderEvents {
    let turn: Turn

    /// A folder is there, or is not.
    ///
    /// - Returns: Whether all files in it have been dealt with.
    func changed(_ status: FolderStatus) throws -> Bool {
        // The watcher has yet to hear that the folder is seen as a part of another.
        guard !turn.state.folders.nested.isPart(status.root) else { return true }
        switch status.mode {
        case .offline(let reason): return try wentOffline(status, why: reason)
        case .inotify, .polling: try cameOnline(status)
        }
        return true
    }

    /// A folder is watched as it was before the start, and nothing was missed in it.
    ///
    /// - Returns: As of ``changed(_:)``.
    func continued(_ status: FolderStatus) throws -> Bool {
        guard try changed(status) else { return false }
        for path in turn.state.folders.continued(status.root) { turn.state.syncs.scanEnded(path) }
        return true
    }

    /// A scan has listed everything below a directory: what it has not passed is not there.
    ///
    /// - Returns: Whether all of that has been dealt with.
    func scanEnded(_ path: FilePath, isComplete: Bool) throws -> Bool {
        guard let scan = turn.state.folders.scan(of: path) else { return true }
        // If it may have passed too early, or a part of it was lost, only another scan can tell.
        if isComplete && !scan.isOutdated {
            let folders = turn.state.folders
            let isCertain = folders.isTrusted(path)
            let isDone = try Sweep(turn: turn).files(under: path) {
                // A scan does not pass what is in archives.
                let place = try turn.directoryOnDisk($0.path)
                return !scan.visited.contains(place) && scan.covers(place)
                    && !folders.nested.isApart(FilePath(bytes: $0.path), from: path)
            } _: { known, file in
                // What lies below a directory that cannot be read is away, not gone.
                let isHidden = known.isMount || folders.isHidden(FilePath(bytes: known.path))
                try turn.miss(file, below: path, isCertain: isCertain && !isHidden)
            }
            guard isDone else { return false }
            try turn.writer.removeEmptyDirectories()
            for known in try turn.reader.leftOut(under: path)
            where !scan.visited.contains(known.directory) && scan.covers(known.directory) {
                let directory = FilePath(bytes: known.directory)
                if !folders.nested.isApart(directory, from: path) { try turn.writer.setLeftOut(0, in: directory) }
            }
        }
        let end = turn.state.folders.endScan(of: path)
        for (folder, count) in end.vanished { turn.note(.vanished(folder, count)) }
        for path in end.finished { turn.state.syncs.scanEnded(path) }
        return true
    }

    /// The kernel dropped events.
    func eventsWereLost() {
        turn.note(.overflowed)
        let folders = turn.state.folders.eventsWereLost()
        turn.state.syncs.requireScans(of: folders)
    }

    /// Everything that had happened when a sync was requested has been reported; some files are held back.
    func queueWasDrained(_ token: UInt64, unsettled: [FilePath]) {
        // A file that nobody has open by now was complete when the sync was asked for.
        turn.state.waiting.lookAtOpen()
        turn.state.syncs.drained(
            token, unsettled: unsettled, files: turn.state.waiting.awaited, scans: turn.state.folders.unfinishedScans)
    }

    /// A directory cannot be read or watched; what is known below it may or may not be there.
    ///
    /// - Returns: Whether all of that has been dealt with.
    func becameUnreadable(_ path: FilePath, why reason: String) throws -> Bool {
        turn.state.folders.becameUnreadable(path, why: reason)
        if turn.state.partial.last == nil { turn.note(.unreadable(path, reason)) }
        return try Sweep(turn: turn).files(under: path) { _, file in try turn.vanish(file, isCertain: false) }
    }

    /// So many entries of a directory are left out that somebody may be looking for.
    func entriesWereLeftOut(_ count: Int, of path: FilePath) throws {
        if turn.state.folders.root(of: path) != nil { try turn.writer.setLeftOut(count, in: path) }
    }

    private func cameOnline(_ status: FolderStatus) throws {
        let (path, words) = (status.root, status.mode.words)
        let known = try turn.reader.folders().first { $0.path == path }
        let isTrusted = known.flatMap { $0.isSame(as: status.identity) } ?? true
        let isNews = turn.state.folders.cameOnline(
            path, device: status.identity?.device, isTrusted: isTrusted, words: words)
        if isNews {
            turn.note(.folder(path, words, isOnline: true))
            turn.tell(.folderOnline(path, words: words))
        }
        try turn.writer.setFolder(
            FolderRecord(
                path: path, isAtRunTime: known?.isAtRunTime ?? false, device: status.identity?.device,
                inode: status.identity?.inode,
                fileSystem: status.identity.map { Int64(bitPattern: $0.fileSystemID) }))
    }

    /// A folder is not there any more; its files go offline one after the other.
    private func wentOffline(_ status: FolderStatus, why reason: String) throws -> Bool {
        let path = status.root
        if turn.state.partial.last == nil {
            turn.state.folders.wentOffline(path, words: status.mode.words)
            turn.state.syncs.scanEnded(path)
            turn.state.syncs.gone(path, isDirectory: true)
            turn.note(.folder(path, reason, isOnline: false))
            turn.tell(.folderOffline(path, reason: reason))
        }
        let nested = turn.state.folders.nested
        return try Sweep(turn: turn).files(under: path) {
            !nested.isApart(FilePath(bytes: $0.path), from: path)
        } _: { directory, file in
            try turn.finish(file.id)
            guard !file.isOffline else { return }
            try turn.writer.setOffline(true, file: file.id)
            turn.edit(.offline([file.id], true))
            var away = file
            away.isOffline = true
            try turn.tell(.offline, away, at: FilePath(bytes: directory.path).appending(bytes: file.name))
        }
    }
}

extension FolderRecord {
    /// Whether a folder found now is the one that was known; nil if nothing was known.
    fileprivate func isSame(as found: FolderIdentity?) -> Bool? {
        guard let inode, let found else { return nil }
        // Device numbers are given anew with every mount; a file system's own id is not, where it has one.
        let isSameFileSystem =
            fileSystem.map { $0 != 0 && $0 == Int64(bitPattern: found.fileSystemID) } ?? false || device == found.device
        return inode == found.inode && isSameFileSystem
    }
}

extension FolderStatus.Mode {
    /// The mode in a word, and why.
    fileprivate var words: String {
        switch self {
        case .inotify: "inotify"
        case .polling(let reason): "polling: \(reason)"
        case .offline(let reason): "offline: \(reason)"
        }
    }
}
