import Glibc
import LibraryBackup
import Platform
import Synchronization
import SystemPackage
import TimbreIngest
import TimbreStore
import TimbreWire
import Varlink

/// Writes the library into a client's file, and reads it back.
final class BackupAnswers: Sendable {
    private let ingest: Ingest
    private let surroundings: ServiceSurroundings
    private let version: String
    private let stop: StopFlag
    private let isRestoring = Atomic(false)

    init(ingest: Ingest, surroundings: ServiceSurroundings, version: String, stop: StopFlag) {
        self.ingest = ingest
        self.surroundings = surroundings
        self.version = version
        self.stop = stop
    }

    func backup(
        _ parameters: Backup.Parameters, for peer: Peer, _ send: (Backup.Reply) throws -> Void
    ) throws -> Backup.Reply {
        guard let file = peer.passed else { throw LibraryError.invalidParameter("file") }
        let frozen = try freeze(for: peer)
        let backup = LibraryBackup(database: surroundings.database, configuration: surroundings.configuration)
        let manifest = try translating {
            try backup.write(frozen, to: file, version: version, at: WallClock.seconds()) { done, total in
                try stop.goOn(for: peer)
                try send(Backup.Reply(progress: Progress(done: Int(done), total: Int(total))))
            }
        }
        return Backup.Reply(outcome: Backup.Outcome(files: manifest.files, contents: manifest.contents))
    }

    /// Waits until nobody reads an earlier moment of the library; most who do read for milliseconds.
    private func freeze(for peer: Peer) throws -> FrozenDatabase {
        var pause: Int32 = 10
        while true {
            if let frozen = try translatingFailures({ try ingest.freeze() }) { return frozen }
            if let trouble = ingest.status.trouble { throw LibraryError.busy(reason: trouble) }
            try stop.goOn(for: peer)
            _ = poll(nil, 0, pause)
            pause = min(2 * pause, 1000)
        }
    }

    func restore(
        _ parameters: Restore.Parameters, for peer: Peer, _ send: (Restore.Reply) throws -> Void
    ) throws -> Restore.Reply {
        guard let file = peer.passed else { throw LibraryError.invalidParameter("file") }
        guard isRestoring.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else {
            throw LibraryError.busy(reason: "another backup is being restored")
        }
        defer { isRestoring.store(false, ordering: .relaxed) }
        let size = try Self.size(of: file)
        let staged = StagedRestore(besides: surroundings.database, at: WallClock.seconds())
        try checkRoom(for: size)
        let read = try translating {
            try staged.receive(file, besides: surroundings.configuration, asCopy: parameters.copy) { done in
                try stop.goOn(for: peer)
                try send(Restore.Reply(progress: Progress(done: Int(done), total: Int(max(size, done)))))
            }
        }
        surroundings.restart()
        return Restore.Reply(
            outcome: Restore.Outcome(
                files: read.manifest.files, contents: read.manifest.contents, created: read.manifest.created,
                version: read.manifest.version, aside: WirePath(staged.aside.bytes),
                configuration: read.configuration.map { WirePath($0.bytes) }))
    }

    /// Bytes of a file; 0 if that cannot be told, as of a pipe.
    private static func size(of file: FileDescriptor) throws -> Int64 {
        do throws(Errno) {
            let status = try FileStatus(of: file)
            return status.kind == .file ? status.size : 0
        } catch { throw LibraryError.invalidBackup(reason: "\(error)") }
    }

    /// Says at once what would be found out only when the disk is full, for all who write to it.
    private func checkRoom(for size: Int64) throws {
        let state = surroundings.database.removingLastComponent()
        var disk = statvfs()
        guard unsafe state.withPlatformString({ unsafe statvfs($0, &disk) }) == 0 else { return }
        let room = Int64(clamping: UInt64(disk.f_bavail) * UInt64(disk.f_frsize))
        guard size > room else { return }
        throw LibraryError.storageFull(
            reason: "\(state.humanReadable) has room for \(room / 1_000_000) MB, and \(size / 1_000_000) MB are needed")
    }

    private func translating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try translatingFailures(body) } catch let error as BackupError {
            if case .unwritable(let failure) = error { throw LibraryError.notWritten(reason: "\(failure)") }
            throw LibraryError.invalidBackup(reason: "\(error)")
        } catch let error as CatalogError {
            throw LibraryError.invalidBackup(
                reason: error.reason == .newer ? "of a later version of timbred" : "\(error)")
        } catch let error as Errno {
            throw error == .noSpace || error == .diskQuotaExceeded
                ? LibraryError.storageFull(reason: "the disk of the state directory is full (\(error))")
                : LibraryError.internal(
                    reason: "\(surroundings.database.removingLastComponent().humanReadable): \(error)")
        }
    }
}
