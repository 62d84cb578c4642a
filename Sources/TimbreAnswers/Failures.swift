import Platform
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Translates the daemon's own errors into those of the interface.
package func translatingFailures<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as IngestBusy {
        throw LibraryError.busy(reason: error.reason)
    } catch {
        if let reason = StorageFailure.reason(of: error) { throw LibraryError.storageFull(reason: reason) }
        throw error
    }
}

extension StopFlag {
    /// Ends long work if the daemon is stopping, or the client that wants it has left.
    func goOn(for peer: Peer) throws {
        if isRaised { throw LibraryError.stopping }
        try peer.check()
    }
}
