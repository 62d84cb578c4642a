import CLinux
import FolderWatch
import Glibc
import Platform
import SystemPackage
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

extension Responder {
    package func listFolders(from peer: Peer) throws -> ListFolders.Reply {
        let statuses = watcher.usage.folders
        return ListFolders.Reply(
            folders: try catalog.read { reader in
                try folders.all.map { path in try folder(path, statuses.first { $0.root == path }, reader) }
            })
    }

    package func addFolder(_ folder: WirePath, from peer: Peer) throws -> Folder {
        let given = FilePath(bytes: folder.bytes).lexicallyNormalized()
        let limit = folders.served.limit(for: given, following: true)
        guard let found = Probe.answer(within: ServedMounts.patience, limit: limit, { FoundFolder(at: given) }) else {
            throw LibraryError.notAFolder(WirePath(given.bytes), reason: "it does not answer")
        }
        let path = found.path
        if let reason = found.reason { throw LibraryError.notAFolder(WirePath(path.bytes), reason: reason) }
        if !folders.all.contains(path) {
            try answering {
                try ingest.addFolder(path) { [folders] in folders.add(path) }
            }
            watcher.setFolders(folders.all)
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

    package func removeFolder(_ folder: WirePath, from peer: Peer) throws -> Folder {
        let given = FilePath(bytes: folder.bytes).lexicallyNormalized()
        let path = folders.isAdded(given) ? given : given.resolvedInTime(folders.served)
        guard folders.isAdded(path) else {
            if folders.isConfigured(path) { throw LibraryError.inConfiguration(WirePath(path.bytes)) }
            throw LibraryError.notWatched(WirePath(path.bytes))
        }
        let before = try self.folder(path)
        // On disk first: what is not there comes back with the next start.
        try answering { try ingest.keepOnly(self.folders.all.filter { $0 != path }) }
        folders.remove(path)
        watcher.setFolders(folders.all)
        try forgetUnwatched(for: peer)
        return before
    }

    /// Waits until the files that lie in no watched folder any more are out of the library; what was learnt of them is
    /// kept. Where nothing can be stored now, ingest goes on with it as soon as something can.
    func forgetUnwatched(for peer: Peer) throws {
        do {
            // What the watcher told while it was being told of the change is forgotten again.
            try ingest.keepOnly(self.folders.all)
            try ingest.waitUntilForgotten { try goOn(for: peer) }
        } catch  where StorageFailure.reason(of: error) != nil {
            // The change itself is on disk.
        }
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
            if let outer = folders.all.first(where: { $0 != path && path.starts(with: $0) }) {
                (mode, reason) = (.inotify, "watched as a part of \(outer.humanReadable)")
            }
        }
        let counts = try reader.fileCounts(under: path)
        if mode != .offline, counts.offline > 0 {
            let away = "\(counts.offline) known files are away, as if not mounted; forget them with prune --offline"
            reason = reason.map { "\($0); \(away)" } ?? away
        }
        return Folder(
            path: WirePath(path.bytes), mode: mode, reason: reason, files: counts.total,
            origin: folders.isConfigured(path) ? .config : .runtime,
            vanished: ingest.status.folders[path]?.vanishedCount)
    }
}

/// What lies at a path that somebody wants to have watched.
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
