import FolderWatch
import Platform
import SystemPackage
import TimbreCoding
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Answers clients: each method on the client's own thread, on the library of one moment.
package final class Responder: LibraryResponder {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    let watcher: FolderWatcher
    let folders: WatchedFolders
    let retrainer: Retrainer
    let settings: ServiceSettings
    let started = ContinuousClock.now
    let driftGauge = DriftGauge()

    init(
        catalog: Catalog, library: LiveLibrary, ingest: Ingest, watcher: FolderWatcher, folders: WatchedFolders,
        retrainer: Retrainer, settings: ServiceSettings
    ) {
        self.catalog = catalog
        self.library = library
        self.ingest = ingest
        self.watcher = watcher
        self.folders = folders
        self.retrainer = retrainer
        self.settings = settings
    }

    /// Runs something that can fail in the daemon's own words, and says it in the wire's.
    func answering<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as IngestBusy {
            throw LibraryError.busy(reason: error.reason)
        } catch {
            if let reason = StorageFailure.reason(of: error) { throw LibraryError.storageFull(reason: reason) }
            throw error
        }
    }

    /// Ends work that takes long when the daemon stops, or the client that wants it has left.
    func goOn(for peer: Peer) throws {
        if retrainer.isStopping { throw LibraryError.stopping }
        try peer.check()
    }

    /// Makes sure that there is, or was, a folder of this name.
    func checkKnown(_ directory: FilePath) throws {
        if folders.all.contains(directory) { return }
        // What does not answer may be there.
        if folders.served.look(at: directory, { directory.isDirectory }) ?? true { return }
        guard try catalog.read({ try $0.directories(under: directory) }).isEmpty else { return }
        throw LibraryError.notAFolder(WirePath(directory.bytes), reason: "there is no such folder")
    }

    /// The file of a path, whatever its state.
    func file(_ path: WirePath) throws -> FileRecord {
        let path = FilePath(bytes: path.bytes)
        guard let file = try catalog.read({ try $0.file(at: path) }) else {
            throw LibraryError.notIndexed(WirePath(path.bytes), state: nil, reason: folders.whyUnknown(path))
        }
        return file
    }
}

extension FileRecord {
    /// The state in the words of the wire.
    var wireState: TimbreWire.FileState {
        if isOffline { return .offline }
        return switch state {
        case .pending: .pending
        case .indexed: .indexed
        case .failed: .failed
        case .skipped: .skipped
        }
    }
}
