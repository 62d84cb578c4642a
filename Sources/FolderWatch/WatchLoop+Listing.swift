import Platform
import SystemPackage

extension WatchLoop {
    /// Lists a directory and tells what is in it.
    ///
    /// - Parameter wasWatched: Whether all that happened in the directory up to now was told.
    /// - Returns: The directories to be listed next; nil if this one is among those that it lies in.
    func list(
        _ step: ScanQueue.Step, _ scan: ScanQueue.Scan, _ index: Int, wasWatched: Bool
    ) throws(Errno) -> [ScanQueue.Step]? {
        let directory = step.directory
        let following = settings.followSymlinks
        var open = try OpenDirectory.open(directory, below: following ? directory : scan.root)
        let status = try FileStatus(of: open.descriptor)
        let id = DirectoryID(device: status.device, inode: status.inode)
        if step.chain.contains(id) { return nil }
        var listing = DirectoryListing(
            directory: directory, root: scan.root, device: status.device, inode: status.inode,
            isMountPoint: mounts.wasMountPoint(directory), modified: status.modified, files: [], subdirectories: [])
        var downloads: Set<[UInt8]> = []
        indirect.beginListing(directory)
        while let entry = try open.next() {
            looks(at: directory)
            if let file = ControlFiles.guarded(by: entry.name) { downloads.insert(file) }
            if isLeftOut(entry) { listing.leftOutCount += 1 }
            try add(entry, in: open, to: &listing)
        }
        if !downloads.isEmpty {
            for file in listing.files.indices where downloads.contains(listing.files[file].nameBytes) {
                listing.files[file].isSettled = false
            }
        }
        listing.files.sort { $0.nameBytes.precedes($1.nameBytes) }
        listing.subdirectories.sort { $0.bytes.precedes($1.bytes) }
        drop(Set(folders[index].map.children(of: directory)).subtracting(listing.subdirectories), of: directory, index)
        if isNews(listing, scan, index) {
            hold(&listing, index, wasWatched: wasWatched)
            tell(.listed(listing))
        }
        let chain = following ? step.chain + [id] : []
        return listing.subdirectories.reversed().map {
            ScanQueue.Step(directory: directory.appending($0), chain: chain)
        }
    }

    /// Takes an entry into a listing if it is a candidate.
    private func add(
        _ entry: OpenDirectory.Entry, in directory: borrowing OpenDirectory, to listing: inout DirectoryListing
    ) throws(Errno) {
        let isFile = entry.kind != .directory && settings.filter.isCandidate(file: entry.name)
        let isDirectory = entry.kind != .file && settings.filter.isCandidate(directory: entry.name)
        switch entry.kind {
        case .directory where isDirectory:
            if let name = FilePath.Component(bytes: entry.name) { listing.subdirectories.append(name) }
            return
        case .file where isFile: break
        case .link where settings.followSymlinks && (isFile || isDirectory): break
        case nil where isFile || isDirectory: break
        default: return
        }
        let found = try status(of: entry, in: directory)
        indirect.note(entry.name, in: listing.directory, found, isLink: entry.kind == .link)
        guard let status = found else { return }
        switch status.kind {
        case .directory where isDirectory:
            if let name = FilePath.Component(bytes: entry.name) { listing.subdirectories.append(name) }
        case .file where isFile:
            listing.files.append(
                FileEntry(
                    nameBytes: entry.name, size: status.size, modified: status.modified, changed: status.changed,
                    inode: status.inode,
                    device: status.device, isSettled: true))
        default:
            break
        }
    }

    /// Looks at an entry; nil if it is gone, or a link that leads nowhere.
    private func status(
        of entry: OpenDirectory.Entry, in directory: borrowing OpenDirectory
    ) throws(Errno) -> FileStatus? {
        do throws(Errno) {
            return try directory.status(following: settings.followSymlinks)
        } catch {
            if error == .noSuchFileOrDirectory || (entry.kind == .link && error != .tooManyOpenFiles) { return nil }
            throw error
        }
    }

    /// Forgets directories that were known in one and are not there any more.
    private func drop(_ names: Set<FilePath.Component>, of directory: FilePath, _ index: Int) {
        for name in names { forget(directory.appending(name), isDirectory: true, index) }
    }

    /// Whether a listing has to be told: always in a full scan, and else unless the directory is as it was.
    private func isNews(_ listing: DirectoryListing, _ scan: ScanQueue.Scan, _ index: Int) -> Bool {
        let isNews = folders[index].fingerprints.isNews(listing, isNeeded: folders[index].isPolled)
        return scan.isFull || isNews
    }

    /// Holds back the files that may still be written.
    private func hold(_ listing: inout DirectoryListing, _ index: Int, wasWatched: Bool) {
        let writer: Settler.Writer = folders[index].isPolled ? .unseen : .gone
        let clock = WallClock.nanoseconds()
        for file in listing.files.indices where listing.files[file].isSettled {
            let isQuiet = settler.isQuiet(
                modified: listing.files[file].modified, wallClock: clock, writer: writer)
            if isQuiet, settler.isEmpty { continue }
            let path = listing.directory.appending(bytes: listing.files[file].nameBytes)
            let isHeld = settler.holds(path)
            if !isQuiet, !isHeld { _ = settler.touch(path, writer, inode: listing.files[file].inode, at: .now) }
            if isHeld, !wasWatched { settler.doubt(path, at: .now) }
            listing.files[file].isSettled = isQuiet && !isHeld
        }
    }
}
