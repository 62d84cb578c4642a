import FolderWatch
import Glibc
import Platform
import SystemPackage
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Lists, adds and removes watched folders, as clients ask.
package struct FolderAdministration: Sendable {
    package let watched: LibraryFolders
    private let catalog: Catalog
    private let ingest: Ingest
    private let storage: FolderStorage
    private let watcher: FolderWatcher
    private let stop: StopFlag

    package init(
        catalog: Catalog, ingest: Ingest, watcher: FolderWatcher, watched: LibraryFolders, stop: StopFlag
    ) {
        self.catalog = catalog
        self.ingest = ingest
        storage = FolderStorage(ingest: ingest)
        self.watcher = watcher
        self.watched = watched
        self.stop = stop
    }

    func list() throws -> [Folder] {
        let statuses = watcher.usage.folders
        return try catalog.read { reader in
            try watched.all.map { path in try folder(path, statuses.first { $0.root == path }, reader) }
        }
    }

    func add(_ folder: WirePath) throws -> Folder {
        let given = FilePath(bytes: folder.bytes).lexicallyNormalized()
        guard let found = Probe.answer(within: ServedMounts.patience, { FoundFolder(at: given) }) else {
            throw LibraryError.notAFolder(WirePath(given.bytes), reason: "it does not answer")
        }
        let path = found.path
        if let reason = found.reason { throw LibraryError.notAFolder(WirePath(path.bytes), reason: reason) }
        if !watched.all.contains(path) {
            try translatingFailures { try storage.add(path) { [watched] in watched.add(path) } }
            watcher.setFolders(watched.all)
            awaitStatus(of: path)
        }
        return try self.folder(path)
    }

    /// Waits until the watcher has looked at a folder, for two seconds at most: a disk may be slow to answer.
    private func awaitStatus(of path: FilePath) {
        let deadline = ContinuousClock.now + .seconds(2)
        while !watcher.usage.folders.contains(where: { $0.root == path }), ContinuousClock.now < deadline {
            _ = poll(nil, 0, 10)
        }
    }

    func remove(_ folder: WirePath, for peer: Peer) throws -> Folder {
        let given = FilePath(bytes: folder.bytes).lexicallyNormalized()
        let path = watched.isAdded(given) ? given : given.resolvedInTime(watched.served)
        guard watched.isAdded(path) else {
            if watched.isConfigured(path) { throw LibraryError.inConfiguration(WirePath(path.bytes)) }
            throw LibraryError.notWatched(WirePath(path.bytes))
        }
        let before = try self.folder(path)
        // On disk first, or the folder would come back with the next start.
        try translatingFailures { try storage.keepOnly(watched.all.filter { $0 != path }) }
        watched.remove(path)
        watcher.setFolders(watched.all)
        try forgetUnwatched(for: peer)
        return before
    }

    /// Waits until files that are in no watched folder any more are out of the library; what was learnt of them is
    /// kept. If nothing can be stored now, ingest goes on as soon as it can.
    package func forgetUnwatched(for peer: Peer) throws {
        do {
            // Forget what the watcher reported before it heard of the change.
            try storage.keepOnly(watched.all)
            try storage.waitUntilForgotten { try stop.goOn(for: peer) }
        } catch  where StorageFailure.reason(of: error) != nil {
            // The change itself is already on disk.
        }
    }

    /// How a folder is that is watched as a part of another: as that one is, if it is there at all.
    private func state(of path: FilePath, in outer: FilePath) -> (Folder.Mode, String?) {
        if let status = watcher.usage.folders.first(where: { $0.root == outer }), case .offline(let why) = status.mode {
            return (.offline, "\(outer.humanReadable), which it is a part of: \(why)")
        }
        let isThere = watched.served.look(at: path) { path.isDirectory }
        guard isThere != false else { return (.offline, "it does not exist") }
        return (.inotify, "watched as a part of \(outer.humanReadable)")
    }

    private func folder(_ path: FilePath) throws -> Folder {
        let status = watcher.usage.folders.first { $0.root == path }
        return try catalog.read { try folder(path, status, $0) }
    }

    private func folder(_ path: FilePath, _ status: FolderStatus?, _ reader: CatalogReader) throws -> Folder {
        var (mode, reason): (Folder.Mode, String?) = (.offline, "it has not been looked at yet")
        switch status?.mode {
        case .inotify: (mode, reason) = (.inotify, nil)
        case .polling(let why): (mode, reason) = (.polling, why)
        case .offline(let why): (mode, reason) = (.offline, why)
        case nil:
            if let outer = watched.outer(of: path) { (mode, reason) = state(of: path, in: outer) }
        }
        let counts = try reader.fileCounts(under: path)
        if mode != .offline, counts.offline > 0 {
            let away =
                "\(CountedNoun.text(counts.offline, "known file")) \(counts.offline == 1 ? "is" : "are") away, as if not mounted; "
                + "prune --offline forgets what is away"
            reason = reason.map { "\($0); \(away)" } ?? away
        }
        return Folder(
            path: WirePath(path.bytes), mode: mode, reason: reason, files: counts.total,
            origin: watched.isConfigured(path) ? .config : .runtime,
            vanished: ingest.status.folders[path]?.vanishedCount)
    }
}

/// What is at a path that somebody wants to watch.
private struct FoundFolder: Sendable {
    /// Without symbolic links.
    let path: FilePath
    /// Why it cannot be watched; nil if it can.
    let reason: String?

    init(at given: FilePath) {
        path = given.resolved
        do throws(Errno) {
            reason = try FileStatus(of: path, following: true).kind == .directory ? nil : "it is no folder"
        } catch { reason = "\(error)" }
    }
}
