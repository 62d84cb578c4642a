import Platform
import SystemPackage

extension WatchLoop {
    /// Does what was asked for since the last turn.
    ///
    /// - Returns: False when it is time to stop.
    func heedCommands() -> Bool {
        for command in lane.inbox.takeCommands() {
            switch command {
            case .setFolders(let paths):
                requested = paths
                chooseFolders()
            case .apply(let settings):
                apply(settings)
            case .rescan(nil):
                for index in folders.indices { reopenIfChanged(index) }
                rescanAll()
            case .rescan(let directory?):
                lookAtIndirectNames()
                rescan(directory.lexicallyNormalized())
            case .sync(let token):
                sync(token)
            case .poke:
                break
            case .stop:
                return false
            }
        }
        return true
    }

    private func apply(_ new: WatchSettings) {
        let old = settings
        settings = new
        settler.settle = new.settle
        if new.cookieDirectory != old.cookieDirectory { dropCookieWatch() }
        guard new.filter != old.filter || new.followSymlinks != old.followSymlinks else { return }
        chooseFolders()
        rescanAll()
    }

    /// Watches what was asked for, and no more.
    func chooseFolders() {
        let chosen = requested.foldersToWatch(settings.filter)
        for folder in folders where !chosen.contains(folder.path) {
            if let index = index(of: folder.path) {
                close(index)
                release(folders[index].anchors.map { $0 }, after: { self.folders[index].anchors = [] })
                folders.remove(at: index)
            }
        }
        for path in chosen where index(of: path) == nil {
            folders.append(WatchedFolder(path: path, covered: covered))
            open(folders.count - 1)
        }
        if !inherited.folders.isEmpty { dropInheritance() }
        folders.sort { (chosen.firstIndex(of: $0.path) ?? 0) < (chosen.firstIndex(of: $1.path) ?? 0) }
    }

    /// Lists everything again.
    func rescanAll() {
        let now = Instant.now
        backoff.scanned(at: now)
        lookAtIndirectNames()
        for index in folders.indices {
            check(index)
            if folders[index].isOnline { scans.add(folders[index].path, in: folders[index].path, at: now) }
        }
    }

    private func rescan(_ directory: FilePath) {
        guard let index = folders.firstIndex(where: { directory.lies(in: $0.path) }) else {
            // A folder that holds watched ones stands for them.
            for index in folders.indices where folders[index].path.lies(in: directory) {
                reopenIfChanged(index)
                guard folders[index].isOnline else { continue }
                scans.add(folders[index].path, in: folders[index].path, at: .now)
            }
            return
        }
        reopenIfChanged(index)
        guard folders[index].isOnline else { return }
        scans.add(directory, in: folders[index].path, at: .now)
    }

    /// Looks whether a folder is where it was, and whether one that lacked watches can have them now.
    private func reopenIfChanged(_ index: Int) {
        check(index)
        if folders[index].lacksWatches || !folders[index].isOnline { open(index) }
    }
}
