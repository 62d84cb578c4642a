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
    package func sync(from peer: Peer) throws -> Sync.Reply {
        let start = ContinuousClock.now
        try followTurnedLinks(for: peer)
        try answering { try ingest.sync(with: watcher) { try peer.wait(for: $0, atMost: $1) } }
        return Sync.Reply(seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// Watches the folders to which links lead now that are turned elsewhere since they were looked at.
    private func followTurnedLinks(for peer: Peer) throws {
        guard folders.lookAgain() else { return }
        watcher.setFolders(folders.all)
        if folders.haveAnswered { try answering { try forgetUnwatched(for: peer) } }
    }

    package func scan(_ parameters: Scan.Parameters, from peer: Peer) throws -> Scan.Reply {
        try followTurnedLinks(for: peer)
        let directory = parameters.directory.map { FilePath(bytes: $0.bytes).resolvedInTime(folders.served) }
        if let directory, !folders.contains(directory) {
            // As it was asked for: where links lead is not told.
            throw LibraryError.notWatched(parameters.directory ?? WirePath(directory.bytes))
        }
        if let directory { try checkKnown(directory) }
        watcher.rescan(directory)
        guard parameters.wait else { return Scan.Reply(finished: false) }
        try answering { try ingest.sync(with: watcher) { try peer.wait(for: $0, atMost: $1) } }
        let counts = try catalog.read { try $0.fileCounts(under: directory) }
        return Scan.Reply(finished: true, files: counts.total)
    }

    package func pause(from peer: Peer) throws -> StateReply { try answer { try ingest.pause() } }

    package func resume(from peer: Peer) throws -> StateReply { try answer { try ingest.resume() } }

    private func answer(_ change: () throws -> Void) throws -> StateReply {
        try answering(change)
        return StateReply(state: ingest.status.daemonState)
    }

    package func retry(_ parameters: Retry.Parameters, from peer: Peer) throws -> Retry.Reply {
        let files = try parameters.files?.map { try self.file($0).id }
        return try answering { Retry.Reply(queued: try ingest.retry(files.map { Set($0) })) }
    }

    package func reload(from peer: Peer) throws -> Reload.Reply { try settings.reload(self, for: peer) }
}
