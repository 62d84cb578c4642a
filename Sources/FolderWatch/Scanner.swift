import Platform
import SystemPackage

/// Goes through what is to be scanned, a directory at a time.
final class Scanner {
    /// What became of a look into a directory.
    private enum Visit {
        /// It was listed; these are to be listed next.
        case listed([ScanQueue.Step])
        /// It is no more, or is one that it lies in.
        case vanished
        /// It is there, but cannot be read.
        case failed(Errno)
        /// Something is mounted on it that does not answer, in words.
        case silent(String)
        /// The kernel has no watch for it.
        case lacksWatch(FolderStatus.Mode)
    }

    private let context: LaneContext
    private let folders: WatchedFolders
    private let tracker: FileTracker
    private let rescanner: Rescanner
    private let lister: DirectoryLister
    private let nested: NestedMounts

    init(
        _ context: LaneContext, _ folders: WatchedFolders, _ leftOut: LeftOutCounter, _ tracker: FileTracker,
        _ rescanner: Rescanner
    ) {
        self.context = context
        self.folders = folders
        self.tracker = tracker
        self.rescanner = rescanner
        lister = DirectoryLister(context, leftOut, tracker)
        nested = NestedMounts(context)
    }

    private func tell(_ change: FolderChange) { context.outlet.tell(change) }

    /// Goes on with the scans for a while.
    func scan(for budget: Duration) {
        let end = ContinuousClock.now + budget
        while let scan = context.scans.current {
            guard let folder = folders.folder(at: scan.root) else {
                context.scans.remove(scan)
                continue
            }
            if !scan.isRunning { begin(scan) }
            if let step = scan.pop() {
                handle(visit(step, of: scan, in: folder), of: step.directory, scan, in: folder)
            } else {
                finish(scan, of: folder)
            }
            if .now >= end { return }
        }
    }

    private func begin(_ scan: ScanQueue.Scan) {
        scan.isRunning = true
        if scan.isFull { tell(.scanBegan(scan.top)) }
        guard context.settings.followSymlinks, var step = scan.pop() else { return }
        for ancestor in scan.top.ancestors where ancestor.lies(in: scan.root) {
            do throws(Errno) {
                let status = try context.disk.status(of: ancestor, following: true)
                step.chain.append(DirectoryID(device: status.device, inode: status.inode))
            } catch {
                // Then the top is not there either.
                continue
            }
        }
        scan.push([step])
    }

    /// Puts a watch on a directory, then lists it, so that nothing can happen in between.
    private func visit(_ step: ScanQueue.Step, of scan: ScanQueue.Scan, in folder: WatchedFolder) -> Visit {
        if let reason = nested.obstacle(at: step.directory, in: folder) { return .silent(reason) }
        do throws(Errno) {
            var wasWatched = false
            if folder.isPolled {
                folder.tree.note(step.directory)
            } else {
                wasWatched = try folder.tree.watch(step.directory)
            }
            return try lister.list(step, of: scan, in: folder, wasWatched: wasWatched).map { .listed($0) } ?? .vanished
        } catch {
            if error.meansNothing { return .vanished }
            if !folder.isPolled,
                let mode = FolderStatus.Mode.fallback(after: error, allowed: Inotify.allowedWatches())
            {
                return .lacksWatch(mode)
            }
            return .failed(error)
        }
    }

    private func handle(
        _ visit: Visit, of directory: FilePath, _ scan: ScanQueue.Scan, in folder: WatchedFolder
    ) {
        switch visit {
        case .listed(let steps):
            folder.tree.note(directory, isReadable: true)
            scan.push(steps)
        case .vanished:
            scan.isComplete = false
            if directory == scan.root {
                folder.check()
            } else if directory == scan.top {
                tracker.forget(directory, isDirectory: true, in: folder)
            } else {
                folder.tree.forget(directory)
            }
        case .failed(let error):
            scan.isComplete = false
            // What is lacking now may be there soon.
            if error.isShortage || error == .ioError { rescanner.missedSomething() }
            // Without a descriptor or memory to spare nothing was seen: what is known stays as it is.
            if error.isShortage { return }
            folder.tree.note(directory, isReadable: false)
            tell(.unreadable(directory, reason: error.reasonInWords))
        case .silent(let reason):
            scan.isComplete = false
            folder.tree.note(directory, isReadable: false)
            tell(.unreadable(directory, reason: reason))
        case .lacksWatch(let mode):
            folder.fallBack(to: mode)
        }
    }

    private func finish(_ scan: ScanQueue.Scan, of folder: WatchedFolder) {
        // Nothing counts if the folder went away meanwhile: then this gives the scan up.
        folder.check()
        guard context.scans.contains(scan) else { return }
        context.scans.remove(scan)
        if scan.isFull { tell(.scanEnded(scan.top, complete: scan.isComplete)) }
        if folder.isPolled, scan.top == scan.root { folder.scanEnded(began: scan.began) }
    }
}
