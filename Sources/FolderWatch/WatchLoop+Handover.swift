import Platform
import SystemPackage

extension WatchLoop {
    /// What the next watcher needs to go on from here; nil without inotify.
    ///
    /// To be asked at the end, when all that was heeded has been told.
    func handover() -> WatchHandover? {
        guard let inotify else { return nil }
        var state = WatchState()
        state.cookieWatch = syncs.cookieWatch
        for folder in folders {
            guard case .inotify = folder.mode, let identity = folder.identity else { continue }
            // A look through for a sync is for what no event tells of.
            let isScanned = !scans.scans.contains { $0.root == folder.path && ($0.isFull || folder.isPolled) }
            state.folders.append(
                .init(
                    path: folder.path, identity: identity, isComplete: isScanned && backoff.deadline == nil,
                    directories: folder.map.directories, mounts: mounts.places(below: folder.path)))
        }
        state.held = settler.files.map { .init(path: $0.file, writer: $0.writer) }
        state.unreadable = unreadable.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        state.indirect = indirect.paths.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return inotify.descriptor.duplicateCloseOnExec().flatMap { WatchHandover(adopting: $0, state: state) }
    }

    /// Takes the queue of an earlier watcher over, with what it knew; its folders follow as they are opened.
    ///
    /// - Returns: False if there is no descriptor to be had for it.
    func inherit(_ handover: WatchHandover) -> Bool {
        guard let queue = handover.duplicate() else { return false }
        inotify = Inotify(adopting: queue)
        syncs.cookieWatch = handover.state.cookieWatch
        inherited = handover.state
        inheritedWatches = Set(inherited.folders.flatMap { $0.directories.compactMap(\.watch) })
        return true
    }

    /// Goes on with a folder where an earlier watcher stopped, if it is still the same.
    ///
    /// - Returns: Whether the folder is watched now.
    func resume(_ index: Int, _ identity: FolderIdentity) -> Bool {
        let path = folders[index].path
        guard let place = inherited.folders.firstIndex(where: { $0.path == path }) else { return false }
        let known = inherited.folders.remove(at: place)
        inheritedWatches.subtract(known.directories.compactMap(\.watch))
        folders[index].map = WatchMap(root: path, directories: known.directories)
        guard known.identity == identity else {
            release(Array(folders[index].map.watches)) { self.folders[index].map = WatchMap(root: path) }
            return false
        }
        folders[index].identity = identity
        folders[index].mount = mounts.number(of: path)
        folders[index].mode = .inotify
        anchor(index)
        for file in inherited.held where file.path.lies(in: path) {
            _ = settler.touch(file.path, file.writer, at: .now)
        }
        for file in inherited.indirect where file.lies(in: path) { indirect.note(unknown: file) }
        if known.isComplete, known.mounts == mounts.places(below: path), tellsAll(known) {
            tell(.continued(folders[index].status))
            for directory in inherited.unreadable where directory.lies(in: path) {
                scans.add(directory, in: path, at: .now)
            }
        } else {
            tell(.folder(folders[index].status))
            scans.add(path, in: path, at: .now)
        }
        return true
    }

    /// Whether inotify tells of all that happens in a folder: not on a network's file system that is mounted in it, nor in
    /// what links lead to.
    private func tellsAll(_ folder: WatchState.Folder) -> Bool {
        if settings.followSymlinks { return false }
        return !folder.mounts.contains { mounts.table.isServedPoint($0.point) }
    }

    /// Takes the watches off of what is not watched any more.
    func dropInheritance() {
        let watches = Array(inheritedWatches)
        inherited = WatchState()
        release(watches) { self.inheritedWatches = [] }
    }
}
