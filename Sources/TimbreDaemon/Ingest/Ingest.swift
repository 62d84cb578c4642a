import FolderWatch
import Logging
import Platform
import Synchronization
import SystemPackage
import TimbreStore
import TimbreWire
import Varlink

/// The way for other threads to what only ingest may do.
package final class Ingest: Sendable {
    private let inbox: Inbox<IngestItem>
    private let nextToken = Atomic<UInt64>(1)
    private let left = Mutex<IngestRemainder?>(nil)
    let board = IngestStatusBoard()

    /// What was not come to, once ``run(_:)`` has returned.
    var remainder: IngestRemainder? { left.withLock { $0 } }

    /// - Throws: `Errno` if the kernel gives no more descriptors.
    package init() throws { inbox = try Inbox() }

    /// Works on the calling thread until ``stop()``; whoever waits for something then is told that it will not come.
    ///
    /// - Throws: What making the loop throws.
    func run(_ makeLoop: () throws -> IngestLoop) rethrows {
        defer { for item in inbox.close() { if case .task(let body) = item { body(nil) } } }
        let loop = try makeLoop()
        let remainder = loop.run(inbox)
        left.withLock { $0 = remainder }
        for promise in loop.syncPromises.values { promise.fulfil(.failure(IngestBusy.stopping)) }
    }

    func stop() { inbox.post(.stop) }

    /// Makes the loop turn round once, to show that it does.
    func poke() { inbox.post(.changes([])) }

    /// Takes what the watcher saw.
    func post(_ changes: [FolderChange]) { inbox.post(.changes(changes)) }

    /// Holds the caller up while much of what it posted has not been taken in: a watcher lists a large folder faster than
    /// that is compared, and what is listed takes memory. Not for longer than the kernel's queue has room for events.
    func slowDown() { inbox.waitForRoom(below: 16, atMost: .milliseconds(50)) }

    /// Runs something on the loop's thread, after all that was posted before, and waits for its result.
    ///
    /// - Throws: What `body` throws.
    func perform<Result: Sendable>(_ body: @escaping @Sendable (IngestLoop) throws -> Result) throws -> Result {
        let promise = Promise<Result, any Error>()
        let isPosted = inbox.post(
            .task { loop in
                promise.fulfil(
                    Swift.Result {
                        guard let loop else { throw IngestBusy.stopping }
                        return try body(loop)
                    })
            })
        guard isPosted else { throw IngestBusy.stopping }
        return try promise.wait()
    }

    /// Returns when all that was on disk before the call is searchable.
    ///
    /// - Parameters:
    ///   - watcher: Proves its queue drained: it is told a token, which comes back among the changes.
    ///   - peer: Who waits.
    /// - Throws: ``IngestBusy`` while ingest is paused or cannot store anything, ``ClientLeft`` if nobody waits any more,
    ///   and `Errno` if the kernel gives no more descriptors.
    func sync(with watcher: FolderWatcher, for peer: Peer) throws {
        let token = nextToken.wrappingAdd(1, ordering: .relaxed).newValue
        let signal = try EventSignal()
        let promise = Promise<Void, any Error>(raising: signal)
        let paused = IngestBusy(reason: "ingest is paused; timbrectl resume lets it go on")
        try perform { loop in
            if loop.isPaused { throw paused }
            loop.state.syncs[token] = SyncWait()
            loop.syncPromises[token] = promise
        }
        watcher.sync(token: token)
        do {
            while try promise.valueIfGiven() == nil {
                try peer.wait(for: signal, atMost: .seconds(1))
                let status = board.status
                if status.isPaused { throw paused }
                if let trouble = status.trouble { throw IngestBusy(reason: trouble) }
            }
        } catch {
            giveUpSync(token)
            throw error
        }
    }

    /// Nobody waits for a sync any more.
    private func giveUpSync(_ token: UInt64) {
        inbox.post(
            .task { loop in
                loop?.state.syncs[token] = nil
                loop?.syncPromises[token] = nil
            })
    }
}

/// Ingest cannot do what it was asked for now.
package struct IngestBusy: Error, Hashable, Sendable {
    package var reason: String

    static let stopping = IngestBusy(reason: "timbred is stopping")
}
