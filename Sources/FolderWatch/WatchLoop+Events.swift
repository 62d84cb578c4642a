import Platform
import SystemPackage

extension WatchLoop {
    /// Takes what the kernel has queued, a buffer full at a time.
    func readEvents() throws(Errno) {
        guard let inotify else { return queueIsEmpty() }
        let events = try inotify.read()
        if events.isEmpty { return queueIsEmpty() }
        for event in events { heed(event) }
    }

    private func heed(_ event: InotifyEvent) {
        if event.kind.contains(.overflow) { return overflow() }
        if event.watch == syncs.cookieWatch { return heedCookie(event) }
        heedAnchor(event)
        for index in folders.indices {
            for directory in folders[index].map.paths(of: event.watch) {
                if let name = event.name {
                    heed(event, of: directory.appending(bytes: name), index)
                } else {
                    heed(event, ofSelf: directory, index)
                }
            }
            if event.kind.contains(.ignored) { folders[index].map.drop(watch: event.watch) }
        }
    }

    /// The kernel dropped events; which, nobody knows.
    private func overflow() {
        overflows += 1
        tell(.overflowed)
        backoff.lost(at: .now)
        settler.doubtAll(at: .now)
        // The proof of a sync may be among them.
        repeatCookies()
    }

    /// Something happened to what a folder lies in.
    private func heedAnchor(_ event: InotifyEvent) {
        for index in folders.indices where folders[index].anchors.contains(event.watch) {
            if event.kind.contains(.ignored) { folders[index].anchors.remove(event.watch) }
            if folders[index].isOnline {
                if event.name == nil { check(index) }
            } else {
                open(index)
            }
        }
    }

    /// Something happened to a watched directory itself.
    private func heed(_ event: InotifyEvent, ofSelf directory: FilePath, _ index: Int) {
        let isFolder = directory == folders[index].path
        if event.kind.contains(.unmounted) {
            unmounted(directory, index)
        } else if isFolder, !event.kind.isDisjoint(with: [.selfDeleted, .ignored]) {
            check(index, isLost: true)
        } else if isFolder, event.kind.contains(.selfMoved) {
            check(index)
        } else if event.kind.contains(.attributes) {
            isFolder ? check(index) : retry(directory, index)
        }
    }

    /// Something happened to a name in a watched directory.
    private func heed(_ event: InotifyEvent, of path: FilePath, _ index: Int) {
        let isDirectory = event.kind.contains(.directory) || isLinkedDirectory(path, index)
        let half = MovePairer.Half(
            path: path, isDirectory: isDirectory, isCandidate: isCandidate(path, isDirectory: isDirectory))
        noteBeside(half, event, index)
        if event.kind.contains(.movedFrom) {
            pairer.departed(half, cookie: event.cookie, at: .now)
        } else if event.kind.contains(.movedTo) {
            arrive(half, pairer.arrived(half, cookie: event.cookie), index)
        } else if event.kind.contains(.deleted) {
            leave(half)
        } else if event.kind.contains(.created) {
            check(path, index, .created)
        } else if event.kind.contains(.closedAfterWriting) {
            check(path, index, .written)
        } else if event.kind.contains(.attributes) {
            isDirectory ? retry(path, index) : check(path, index, .touched)
        }
    }

    /// Sees to what an event of a name means to other names: whether something is left out, and whether a download ended.
    private func noteBeside(_ half: MovePairer.Half, _ event: InotifyEvent, _ index: Int) {
        let isLeaving = !event.kind.isDisjoint(with: [.movedFrom, .deleted])
        guard isLeaving || event.kind.contains(.movedTo) else { return }
        let directory = half.path.parent
        // A link that goes looks like any file.
        if isLeaving || !half.isCandidate { leftOut.doubt(directory, at: .now) }
        if isLeaving, let file = ControlFiles.guarded(by: half.path.nameBytes) {
            check(directory.appending(bytes: file), index, .written)
        }
    }

    private func isCandidate(_ path: FilePath, isDirectory: Bool) -> Bool {
        let name = path.nameBytes
        let filter = settings.filter
        return (isDirectory ? filter.verdict(directory: name) : filter.verdict(file: name)) == .candidate
    }

    /// Whether a path is, or was, a link to a directory, of which the kernel says only that it is no directory.
    ///
    /// Without links, the kernel is right: a directory that is known at the path has changed places with a file.
    private func isLinkedDirectory(_ path: FilePath, _ index: Int) -> Bool {
        guard settings.followSymlinks else { return false }
        if folders[index].map.contains(path) { return true }
        looks(at: path)
        do throws(Errno) {
            return try FileStatus(of: path, following: true).kind == .directory
        } catch {
            return false
        }
    }
}
