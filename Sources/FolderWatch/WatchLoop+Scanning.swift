import Platform
import SystemPackage

extension WatchLoop {
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

    /// Goes on with the scans for a while, a directory at a time.
    func scan(for budget: Duration) {
        let end = Instant.now + budget
        while var scan = scans.current {
            guard let index = index(of: scan.root) else {
                scans.current = nil
                continue
            }
            if !scan.isRunning { begin(&scan) }
            if let step = scan.steps.pop() {
                scans.current = scan
                let visit = visit(step, scan, index)
                take(visit, of: step, &scan, index)
            } else {
                finish(scan, index)
            }
            if .now >= end { return }
        }
    }

    private func begin(_ scan: inout ScanQueue.Scan) {
        scan.isRunning = true
        if scan.isFull { tell(.scanBegan(scan.top)) }
        guard settings.followSymlinks, let top = scan.steps.pop()?.directory else { return }
        var step = ScanQueue.Step(directory: top)
        for ancestor in top.ancestors where ancestor.lies(in: scan.root) {
            looks(at: ancestor)
            do throws(Errno) {
                let status = try FileStatus(of: ancestor, following: true)
                step.chain.append(DirectoryID(device: status.device, inode: status.inode))
            } catch {
                // Then the top is not there either.
                continue
            }
        }
        scan.steps.push([step])
    }

    /// Puts a watch on a directory, then lists it, so that nothing can happen in between.
    private func visit(_ step: ScanQueue.Step, _ scan: ScanQueue.Scan, _ index: Int) -> Visit {
        if let silence = silence(of: step.directory, index) { return .silent(silence) }
        looks(at: step.directory)
        do throws(Errno) {
            var wasWatched = false
            if folders[index].isPolled {
                release(folders[index].map.insert(step.directory, watch: nil))
            } else {
                wasWatched = try watch(step.directory, index)
            }
            return try list(step, scan, index, wasWatched: wasWatched).map { .listed($0) } ?? .vanished
        } catch {
            switch error {
            case .noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels: return .vanished
            default: break
            }
            if let mode = FolderStatus.Mode.fallback(after: error, allowed: Inotify.allowedWatches()),
                !folders[index].isPolled
            {
                return .lacksWatch(mode)
            }
            return .failed(error)
        }
    }

    private func take(_ visit: Visit, of step: ScanQueue.Step, _ scan: inout ScanQueue.Scan, _ index: Int) {
        let directory = step.directory
        switch visit {
        case .listed(let steps):
            unreadable.remove(directory)
            scan.steps.push(steps)
        case .vanished:
            scan.isComplete = false
            if directory == scan.root {
                check(index)
            } else if directory == scan.top {
                forget(directory, isDirectory: true, index)
            } else {
                release(folders[index].map.remove(directory))
            }
        case .failed(let error):
            scan.isComplete = false
            // Without a descriptor or memory to spare nothing was seen: what is known stays as it is.
            let isShort = [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains(error)
            // What lacks now may be there soon.
            if isShort || error == .ioError { backoff.lost(at: .now) }
            if isShort { break }
            unreadable.insert(directory)
            tell(.unreadable(directory, reason: Self.reason(error)))
        case .silent(let reason):
            scan.isComplete = false
            unreadable.insert(directory)
            tell(.unreadable(directory, reason: reason))
        case .lacksWatch(let mode):
            fallBack(to: mode, index)
        }
        if scans.current?.number == scan.number { scans.current = scan }
    }

    private func finish(_ scan: ScanQueue.Scan, _ index: Int) {
        // Nothing counts if the folder went away meanwhile: then this gives the scan up.
        check(index)
        guard scans.current?.number == scan.number else { return }
        scans.current = nil
        if scan.isFull { tell(.scanEnded(scan.top, complete: scan.isComplete)) }
        guard folders[index].isPolled, scan.top == scan.root else { return }
        // A folder that takes long to look through is looked through less often: a tenth of the time at most.
        let now = Instant.now
        folders[index].nextLook = now + max(settings.pollingInterval, (now - scan.began) * 10)
    }

    /// Gives a folder's watches back and polls it.
    private func fallBack(to mode: FolderStatus.Mode, _ index: Int) {
        let identity = folders[index].identity
        close(index)
        folders[index].identity = identity
        folders[index].mode = mode
        folders[index].lacksWatches = true
        tell(.folder(folders[index].status))
        scans.add(folders[index].path, in: folders[index].path, at: .now)
    }
}
