import FolderWatch
import Platform
import SystemPackage
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Has ingest catch up, rescan, pause, retry and prune, as clients ask.
struct IngestControl: Sendable {
    let catalog: Catalog
    let ingest: Ingest
    let watcher: FolderWatcher
    let folders: FolderAdministration
    let files: KnownFiles
    let stop: StopFlag

    private var watched: LibraryFolders { folders.watched }

    func sync(for peer: Peer) throws -> Sync.Reply {
        let start = ContinuousClock.now
        try followTurnedLinks(for: peer)
        try catchUp(for: peer)
        return Sync.Reply(seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// Returns when all that was on disk before the call is searchable.
    private func catchUp(for peer: Peer) throws {
        try translatingFailures {
            try FolderSync(ingest: ingest, watcher: watcher).waitForAll { try peer.wait(for: $0, atMost: $1) }
        }
    }

    /// Watches other folders if links to folders were changed since they were last looked at.
    private func followTurnedLinks(for peer: Peer) throws {
        guard watched.lookAgain() else { return }
        watcher.setFolders(watched.all)
        if watched.haveAnswered { try translatingFailures { try folders.forgetUnwatched(for: peer) } }
    }

    /// Has damaged events made anew, unless nothing can be stored now: they are met again.
    func remakeEvents(of contents: Set<Int64>) {
        do { try ingest.remakeEvents(of: contents) } catch {
            // Whoever searches next meets the same damage.
        }
    }

    func scan(_ parameters: Scan.Parameters, for peer: Peer) throws -> Scan.Reply {
        try followTurnedLinks(for: peer)
        let directory = parameters.directory.map { FilePath(bytes: $0.bytes).resolvedInTime(watched.served) }
        if let directory, !watched.contains(directory) {
            // As given: where links lead is not revealed.
            throw LibraryError.notWatched(parameters.directory ?? WirePath(directory.bytes))
        }
        if let directory { try checkKnown(directory) }
        // What is in an archive is found by looking at the folder that has the archive.
        let scanned = try directory.map(onDisk)
        watcher.rescan(scanned)
        guard parameters.wait else { return Scan.Reply(finished: false) }
        try catchUp(for: peer)
        let counts = try catalog.read { try $0.fileCounts(under: directory) }
        return Scan.Reply(finished: true, files: counts.total)
    }

    private func onDisk(_ directory: FilePath) throws -> FilePath {
        try catalog.read { try $0.archive(around: directory) }?.path.parent ?? directory
    }

    /// Makes sure that there is, or was, such a folder.
    private func checkKnown(_ directory: FilePath) throws {
        if watched.all.contains(directory) { return }
        // A folder that does not answer may exist.
        if watched.served.look(at: directory, { directory.isDirectory }) ?? true { return }
        guard try catalog.read({ try $0.directories(under: directory) }).isEmpty else { return }
        throw LibraryError.notAFolder(WirePath(directory.bytes), reason: "there is no such folder")
    }

    func pause() throws -> StateReply {
        try translatingFailures { try ingest.pause() }
        return StateReply(state: ingest.status.daemonState)
    }

    func resume() throws -> StateReply {
        try translatingFailures { try ingest.resume() }
        return StateReply(state: ingest.status.daemonState)
    }

    func retry(_ parameters: Retry.Parameters) throws -> Retry.Reply {
        let chosen = try parameters.files?.map { try files.record($0).id }
        return try translatingFailures { Retry.Reply(queued: try ingest.retry(chosen.map { Set($0) })) }
    }

    func prune(_ parameters: Prune.Parameters) throws -> Prune.Reply {
        let folder = parameters.offline.map { FilePath(bytes: $0.bytes) }
        return try translatingFailures {
            let plan = try catalog.read { try PrunePlan(offline: folder, $0) }
            if !parameters.dryRun {
                try ingest.prune(offline: folder) { if stop.isRaised { throw LibraryError.stopping } }
            }
            return plan.reply(pruned: !parameters.dryRun)
        }
    }
}
