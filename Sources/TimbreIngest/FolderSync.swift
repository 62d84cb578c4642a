import FolderWatch
import Platform

/// Waits until the library has what is on disk: watcher and ingest are asked together.
package struct FolderSync: Sendable {
    private let ingest: Ingest
    private let watcher: FolderWatcher

    package init(ingest: Ingest, watcher: FolderWatcher) {
        self.ingest = ingest
        self.watcher = watcher
    }

    /// Returns when all that was on disk before the call is searchable.
    ///
    /// - Parameter wait: Waits for the signal, for a time at most; throws when the client has left.
    /// - Throws: ``IngestBusy`` while ingest is paused or cannot store anything, what `wait` throws, and `Errno` if the
    ///   kernel gives no more descriptors.
    package func waitForAll(waiting wait: (EventSignal, Duration) throws -> Void) throws {
        _ = try run(ofNames: false) { signal in
            try wait(signal, .seconds(1))
            let status = ingest.status
            if status.isPaused { throw IngestBusy.paused }
            if let trouble = status.trouble { throw IngestBusy(reason: trouble) }
            return true
        }
    }

    /// Returns when the library has all names that were on disk before the call, and no others, as the watcher's settings have
    /// it; or at a moment, if that comes first. Whether the files have been read is of no interest.
    ///
    /// - Parameter wait: As of ``waitForAll(waiting:)``.
    /// - Returns: Whether it has; false also while nothing can be stored.
    /// - Throws: What `wait` throws, and `Errno` if the kernel gives no more descriptors.
    package func waitForNames(
        until moment: ContinuousClock.Instant, waiting wait: (EventSignal, Duration) throws -> Void
    ) throws -> Bool {
        try run(ofNames: true) { signal in
            let left = moment - .now
            guard left > .zero, ingest.status.trouble == nil else { return false }
            try wait(signal, min(left, .seconds(1)))
            return true
        }
    }

    /// - Parameter wait: Waits for the signal, for a time at most; returns whether to go on.
    /// - Returns: Whether the sync is over, and was not given up.
    private func run(ofNames: Bool, waiting wait: (EventSignal) throws -> Bool) throws -> Bool {
        let signal = try EventSignal()
        let promise = Promise<Void, any Error>(raising: signal)
        let token = try ingest.beginSync(ofNames: ofNames, promise)
        // It comes back among the changes once the watcher's queue is drained.
        watcher.sync(token: token)
        do {
            while try promise.valueIfGiven() == nil {
                guard try wait(signal) else {
                    ingest.giveUpSync(token)
                    return false
                }
            }
            return true
        } catch {
            ingest.giveUpSync(token)
            throw error
        }
    }
}
