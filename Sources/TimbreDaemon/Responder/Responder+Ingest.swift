import FolderWatch
import Glibc
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

extension Responder {
    package func sync(from peer: Peer) throws -> Sync.Reply {
        let start = ContinuousClock.now
        try followTurnedLinks(for: peer)
        try answering { try ingest.sync(with: watcher, for: peer) }
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
        try answering { try ingest.sync(with: watcher, for: peer) }
        let counts = try catalog.read { try $0.fileCounts(under: directory) }
        return Scan.Reply(finished: true, files: counts.total)
    }

    package func pause(from peer: Peer) throws -> StateReply { try setPaused(true) }

    package func resume(from peer: Peer) throws -> StateReply { try setPaused(false) }

    private func setPaused(_ isPaused: Bool) throws -> StateReply {
        try answering {
            try ingest.perform { loop in
                try loop.transact { try $0.writer.set("paused", to: isPaused ? 1 : 0) }
                loop.isPaused = isPaused
                loop.battery.isOverruled = !isPaused
                loop.publish(at: .now)
            }
        }
        return StateReply(state: ingest.board.status.daemonState)
    }

    package func retry(_ parameters: Retry.Parameters, from peer: Peer) throws -> Retry.Reply {
        let files = try parameters.files?.map { try self.file($0).id }
        return try answering {
            let queued = try ingest.perform { loop in
                try loop.transact { turn in
                    let all = try turn.reader.files(in: .failed) + turn.reader.files(in: .skipped)
                    return try turn.retry(all.filter { files?.contains($0.id) ?? true })
                }
            }
            return Retry.Reply(queued: queued)
        }
    }

    package func reload(from peer: Peer) throws -> Reload.Reply { try settings.reload(self, for: peer) }
}

extension Turn {
    /// Lets files go through again that could not be read.
    ///
    /// - Returns: How many wait now.
    mutating func retry(_ files: [FileRecord]) throws -> Int {
        var queued: Set<Int64> = []
        for file in files {
            // Whoever holds the same bytes failed for the same reason.
            if let content = file.content { queued.formUnion(try writer.forgetFailure(content)) }
            queued.insert(file.id)
        }
        for id in queued.sorted() {
            guard var file = try reader.file(id) else { continue }
            (file.state, file.failure, file.content) = (.pending, nil, nil)
            try writer.update(file)
            state.enqueue(id, path: try path(of: file), isUrgent: true, mustDecode: true)
        }
        return queued.count
    }
}
