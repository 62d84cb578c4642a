import Platform
import SystemPackage

/// Lists single directories, and tells what is in them.
final class DirectoryLister {
    private let context: LaneContext
    private let leftOut: LeftOutCounter
    private let tracker: FileTracker

    init(_ context: LaneContext, _ leftOut: LeftOutCounter, _ tracker: FileTracker) {
        self.context = context
        self.leftOut = leftOut
        self.tracker = tracker
    }

    private var isFollowing: Bool { context.settings.followSymlinks }

    /// Lists a directory and tells what is in it.
    ///
    /// - Parameter wasWatched: Whether all that happened in the directory up to now was told.
    /// - Returns: The directories to be listed next; nil if this one is among those that it lies in.
    func list(
        _ step: ScanQueue.Step, of scan: ScanQueue.Scan, in folder: WatchedFolder, wasWatched: Bool
    ) throws(Errno) -> [ScanQueue.Step]? {
        let directory = step.directory
        var open = try context.disk.open(directory, below: isFollowing ? directory : scan.root)
        let status = try FileStatus(of: open.descriptor)
        let id = DirectoryID(device: status.device, inode: status.inode)
        if step.chain.contains(id) { return nil }
        var listing = DirectoryListing(
            directory: directory, root: scan.root, device: status.device, inode: status.inode,
            isMountPoint: context.mounts.wasMountPoint(directory), modified: status.modified, files: [],
            subdirectories: [])
        try readEntries(of: &open, into: &listing)
        let gone = Set(folder.tree.children(of: directory)).subtracting(listing.subdirectories)
        for name in gone where !listing.unchanged.contains(name.bytes) {
            tracker.forget(directory.appending(name), isDirectory: true, in: folder)
        }
        // A scan that is not full tells only what has changed.
        let isNews = folder.tree.isNews(listing, isNeeded: folder.isPolled)
        if scan.isFull || isNews {
            hold(&listing, isPolled: folder.isPolled, wasWatched: wasWatched)
            context.outlet.tell(.listed(listing))
        }
        let chain = isFollowing ? step.chain + [id] : []
        return listing.subdirectories.reversed().map {
            ScanQueue.Step(directory: directory.appending($0), chain: chain)
        }
    }

    private func readEntries(of directory: inout OpenDirectory, into listing: inout DirectoryListing) throws(Errno) {
        var downloads: Set<[UInt8]> = []
        context.indirect.beginListing(listing.directory)
        while let entry = try directory.next() {
            context.disk.pulse.willLook(at: listing.directory)
            if let file = ControlFiles.guarded(by: entry.name) { downloads.insert(file) }
            if leftOut.isLeftOut(entry) { listing.leftOutCount += 1 }
            try add(entry, in: directory, to: &listing)
        }
        if !downloads.isEmpty {
            for file in listing.files.indices where downloads.contains(listing.files[file].nameBytes) {
                listing.files[file].isSettled = false
            }
        }
        listing.files.sort { $0.nameBytes.precedes($1.nameBytes) }
        listing.subdirectories.sort { $0.bytes.precedes($1.bytes) }
    }

    /// Takes an entry into a listing if it is a candidate.
    private func add(
        _ entry: OpenDirectory.Entry, in directory: borrowing OpenDirectory, to listing: inout DirectoryListing
    ) throws(Errno) {
        let filter = context.settings.filter
        let isFile = entry.kind != .directory && filter.isCandidate(file: entry.name)
        let isDirectory = entry.kind != .file && filter.isCandidate(directory: entry.name)
        switch entry.kind {
        case .directory where isDirectory:
            if let name = FilePath.Component(bytes: entry.name) { listing.subdirectories.append(name) }
            return
        case .file where isFile: break
        case .link where isFollowing && (isFile || isDirectory): break
        case nil where isFile || isDirectory: break
        default: return
        }
        let found: FileStatus?
        do throws(Errno) {
            found = try status(of: entry, in: directory)
        } catch {
            guard entry.kind == .link, !error.isShortage else { throw error }
            listing.unchanged.insert(entry.name)
            return context.indirect.note(entry.name, in: listing.directory, nil, isLink: true)
        }
        context.indirect.note(entry.name, in: listing.directory, found, isLink: entry.kind == .link)
        guard let status = found else { return }
        switch status.kind {
        case .directory where isDirectory:
            if let name = FilePath.Component(bytes: entry.name) { listing.subdirectories.append(name) }
        case .file where isFile:
            listing.files.append(
                FileEntry(
                    nameBytes: entry.name, size: status.size, modified: status.modified, changed: status.changed,
                    inode: status.inode, device: status.device, isSettled: true))
        default:
            break
        }
    }

    /// Looks at an entry; nil if it is gone, or a link that leads nowhere.
    private func status(
        of entry: OpenDirectory.Entry, in directory: borrowing OpenDirectory
    ) throws(Errno) -> FileStatus? {
        do throws(Errno) {
            return try directory.status(following: isFollowing)
        } catch {
            if error == .noSuchFileOrDirectory || (entry.kind == .link && error.meansNothing) { return nil }
            throw error
        }
    }

    /// Holds back the files that may still be written.
    private func hold(_ listing: inout DirectoryListing, isPolled: Bool, wasWatched: Bool) {
        let writer: Settler.Writer = isPolled ? .unseen : .gone
        let clock = WallClock.nanoseconds()
        for index in listing.files.indices where listing.files[index].isSettled {
            let file = listing.files[index]
            let isQuiet = context.settler.isQuiet(modified: file.modified, wallClock: clock, writer: writer)
            if isQuiet, context.settler.isEmpty { continue }
            let path = listing.directory.appending(bytes: file.nameBytes)
            let isHeld = context.settler.holds(path)
            if !isQuiet, !isHeld { _ = context.settler.touch(path, writer, inode: file.inode, at: .now) }
            if isHeld, !wasWatched { context.settler.doubt(path, at: .now) }
            listing.files[index].isSettled = isQuiet && !isHeld
        }
    }
}
