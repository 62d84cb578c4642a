import Platform
import SystemPackage

extension WatchLoop {
    func index(of path: FilePath) -> Int? { folders.firstIndex { $0.path == path } }

    /// Tries to begin to watch a folder, and waits for it if it is not there.
    func open(_ index: Int) {
        let path = folders[index].path
        let before = folders[index].status
        if folders[index].isLeaving { return }
        if lane.scope == .shared, mounts.table.servedPoint(of: path) != nil {
            folders[index].isLeaving = true
            return
        }
        looks(at: path)
        let identity: FolderIdentity
        do throws(Errno) {
            identity = try FolderIdentity(of: path)
        } catch {
            folders[index].mountPoint = nil
            setOffline(index, Self.reason(error), before)
            openIfThere(index)
            return
        }
        // What an unmounted file system leaves behind is not the folder, however readable.
        if identity == folders[index].mountPoint {
            anchor(index)
            return
        }
        folders[index].mountPoint = nil
        folders[index].isLeaving = isForAnotherLane(path, identity)
        if folders[index].isLeaving { return }
        folders[index].lacksWatches = false
        if resume(index, identity) { return }
        var mode = FolderStatus.Mode.fallback(on: identity.fileSystem)
        if mode == nil, inotify == nil { mode = pollingMode }
        if mode == nil {
            do throws(Errno) {
                try watch(path, index)
            } catch {
                guard let fallback = FolderStatus.Mode.fallback(after: error, allowed: Inotify.allowedWatches()) else {
                    setOffline(index, Self.reason(error), before)
                    return
                }
                folders[index].lacksWatches = true
                mode = fallback
            }
        }
        folders[index].identity = identity
        folders[index].mount = mounts.number(of: path)
        folders[index].mode = mode ?? .inotify
        folders[index].nextLook = nil
        folders[index].fingerprints = Fingerprints()
        anchor(index)
        tell(.folder(folders[index].status))
        scans.add(path, in: path, at: .now)
    }

    /// Whether a folder that can stop answering is in the shared lane, or one that cannot in a lane without inotify.
    private func isForAnotherLane(_ path: FilePath, _ identity: FolderIdentity) -> Bool {
        let isServed = identity.fileSystem.silentName != nil || mounts.table.servedPoint(of: path) != nil
        if lane.scope == .shared { return isServed }
        return !isServed && inotify == nil && settings.usesInotify
    }

    /// Stops watching a folder, telling nothing of what was in it.
    func close(_ index: Int) {
        let path = folders[index].path
        for scan in scans.cancel(in: path) { tell(.scanEnded(scan.top, complete: false)) }
        settler.forgetDirectory(path)
        indirect.forget(path, isDirectory: true)
        unreadable = unreadable.filter { !$0.lies(in: path) }
        folders[index].identity = nil
        folders[index].fingerprints = Fingerprints()
        folders[index].nextLook = nil
        folders[index].lacksWatches = false
        release(Array(folders[index].map.watches)) { self.folders[index].map = WatchMap(root: path) }
    }

    /// Notes that a folder is not to be seen, and waits for it.
    func takeOffline(_ index: Int, _ reason: String) {
        let before = folders[index].status
        close(index)
        setOffline(index, reason, before)
    }

    private func setOffline(_ index: Int, _ reason: String, _ before: FolderStatus) {
        folders[index].identity = nil
        folders[index].mode = .offline(reason: reason)
        anchor(index)
        if folders[index].status != before { tell(.folder(folders[index].status)) }
    }

    /// Looks whether a folder still is what it was, and if not, takes it offline and opens what is there now.
    ///
    /// - Parameter isLost: Whether its watch is known to be dead; a new directory can have the old one's inode.
    func check(_ index: Int, isLost: Bool = false) {
        guard let known = folders[index].identity else { return }
        looks(at: folders[index].path)
        do throws(Errno) {
            let found = try FolderIdentity(of: folders[index].path)
            guard isLost || found != known else { return }
            // What is there may be what an unmounted file system left.
            if let mount = folders[index].mount, mounts.isUnmounted(mount) {
                return unmounted(folders[index].path, index)
            }
            takeOffline(index, "another folder is at its path")
            if !isLost { folders[index].covered = known }
            open(index)
        } catch {
            // Without a descriptor to spare nothing was seen.
            guard error != .tooManyOpenFiles, error != .tooManyOpenFilesInSystem, error != .noMemory else { return }
            takeOffline(index, Self.reason(error))
            openIfThere(index)
        }
    }

    /// Opens a folder that came before the watches that tell of its coming were set.
    private func openIfThere(_ index: Int) {
        looks(at: folders[index].path)
        do throws(Errno) {
            _ = try FolderIdentity(of: folders[index].path)
            open(index)
        } catch {
            // Then it comes later, and is told of.
            return
        }
    }

    /// A file system was unmounted: the folder's own, or one in it.
    func unmounted(_ directory: FilePath, _ index: Int) {
        guard directory == folders[index].path else {
            // Of a file system, the kernel tells as well; of a part of one that was mounted here, only the table does.
            guard folders[index].map.contains(directory) else { return }
            release(folders[index].map.remove(directory))
            settler.forgetDirectory(directory)
            indirect.forget(directory, isDirectory: true)
            tell(.unreadable(directory, reason: "the file system mounted there was unmounted"))
            // It, or another one, may have been mounted since; and what it had covered has come to light.
            scans.add(directory, in: folders[index].path, at: .now)
            return
        }
        let known = folders[index].identity
        takeOffline(index, "its file system was unmounted")
        do throws(Errno) {
            let found = try FolderIdentity(of: directory)
            // It, or another one, may have been mounted since.
            if found == known || mounts.isMountPoint(directory) { return open(index) }
            // What was watched before the file system came, unless it was an empty mount point then as now.
            if found == folders[index].covered, try !OpenDirectory.isEmpty(directory) { return open(index) }
            folders[index].mountPoint = found
        } catch {
            folders[index].mountPoint = nil
        }
    }

    /// Looks at what changed when something was mounted or unmounted.
    func heedMounts() {
        let (mounted, unmounted) = mounts.update(below: folders.map(\.path))
        for index in folders.indices {
            if let mount = folders[index].mount, folders[index].isOnline, mounts.isUnmounted(mount) {
                self.unmounted(folders[index].path, index)
            } else if folders[index].isOnline {
                coverIfServed(index)
                check(index)
            } else {
                open(index)
            }
            guard folders[index].isOnline else { continue }
            for point in unmounted where point != folders[index].path && point.lies(in: folders[index].path) {
                self.unmounted(point, index)
            }
            for point in mounted where point != folders[index].path && point.lies(in: folders[index].path) {
                if settings.filter.enters(point, below: folders[index].path) {
                    scans.add(point, in: folders[index].path, at: .now)
                }
            }
        }
    }

    /// Lets go of a folder over which something was mounted that may not answer, before that is looked at.
    private func coverIfServed(_ index: Int) {
        guard lane.scope == .shared, mounts.table.servedPoint(of: folders[index].path) != nil else { return }
        let known = folders[index].identity
        takeOffline(index, "another folder is at its path")
        folders[index].covered = known
        folders[index].isLeaving = true
    }

    /// Why a folder or directory cannot be seen, in words.
    static func reason(_ error: Errno) -> String {
        switch error {
        case .noSuchFileOrDirectory: "it does not exist"
        case .notDirectory: "it is not a directory"
        case .permissionDenied, .notPermitted: "permission denied"
        default: "\(error)"
        }
    }
}
