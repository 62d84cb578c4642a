import ClusterShards
import Glibc
import Platform
import ShardConnections
import TimbreWire
import Varlink

/// Publishes this machine's library to one shard, on a thread of its own, so that no shard waits for another.
///
/// How far the shard is, it knows itself: its position changes in the transaction that takes in the changes. Whatever ends in
/// between is done again, and nothing is left out.
package struct ShardPublisher: Sendable {
    package typealias Instant = ContinuousClock.Instant

    let address: ShardAddress
    /// How many shards there are.
    let count: Int
    let pages: ChangePages
    let board: PublicationBoard

    /// - Parameter pages: The same for all shards, so that each page is read once.
    package init(to address: ShardAddress, of count: Int, pages: ChangePages, board: PublicationBoard) {
        self.address = address
        self.count = count
        self.pages = pages
        self.board = board
    }

    /// How long a shard may take to let this machine in, and to take in a batch.
    private static let patience = (connecting: Duration.seconds(10), batch: Duration.seconds(120))
    /// How often a batch is tried that other hosts are in the way of.
    private static let attempts = 20

    /// Another model is in use, or the shard is elsewhere than it was: both begin again at once.
    private struct Restart: Error {}

    /// Publishes for as long as the process lives.
    package func run() {
        var pause = Backoff()
        while true {
            let start = Instant.now
            do { try publish(follows: true) } catch is Restart { continue } catch {
                board.held(address.number, name: address.name, why: Self.words(of: error))
            }
            // One that went on for long was all right.
            if Instant.now - start > .seconds(60) { pause = Backoff() }
            pause.wait()
        }
    }

    /// Publishes what there is now.
    package func runOnce() throws {
        while true {
            do { return try publish(follows: false) } catch is Restart { continue }
        }
    }

    /// Lets the library take the place of the one that this host has published before.
    package func replaceLibrary() throws(ShardError) { try connect().forgetLibrary(by: .now + Self.patience.batch) }

    private func connect() throws(ShardError) -> Shard {
        let deadline = Instant.now + Self.patience.connecting
        let shard = try Shard(at: address, of: count, patience: Self.patience.batch, by: deadline)
        try shard.claim(by: deadline)
        return shard
    }

    private func publish(follows: Bool) throws {
        let shard = try connect()
        guard let model = try pages.model() else { throw LibraryError.busy(reason: "there is no model yet") }
        var position = try shard.position(model: model, by: .now + Self.patience.connecting)
        func take(_ page: Changes.Reply) throws {
            guard page.model == model else { throw Restart() }
            if let known = position, known.isComplete, known.next == page.next, known.history == page.history {
                // Nothing is new here, but the shard may have been restored from a backup since.
                guard try shard.position(model: model, by: .now + Self.patience.connecting) == known else {
                    throw Restart()
                }
                return board.published(address.number, name: address.name, upTo: page.next, isCurrent: true)
            }
            try publish(page, to: shard, from: position)
            position = PublicationPosition(
                next: page.next, history: page.history,
                isComplete: page.last || position?.isComplete == true && !page.anew)
            board.published(address.number, name: address.name, upTo: page.next, isCurrent: page.last)
        }
        // What there is now is read together with the other shards, what comes then by each shard for itself.
        while true {
            let page = try pages.page(after: position)
            try take(page)
            if page.last { break }
        }
        if follows { try pages.follow(after: position, take) }
    }

    private func publish(_ page: Changes.Reply, to shard: Shard, from position: PublicationPosition?) throws {
        let batch = try PublicationBatch(page, from: position, shard: address.number, of: count)
        for attempt in 1... {
            do throws(ShardError) {
                return try shard.publish(batch.changes, batch.files, by: .now + Self.patience.batch)
            } catch {
                // The schema's own: the position is another one.
                if error.reason == .refused(state: "TB001") { throw Restart() }
                guard error.passesByItself, attempt < Self.attempts else { throw error }
            }
        }
    }

    /// Puts what went wrong into one line.
    package static func words(of error: any Error) -> String {
        switch error {
        case let error as ShardError: error.words
        case let error as SocketError:
            error.reason == .nobody ? "no timbred answers at \(error.path)" : "timbred: \(error.explanation)"
        case let error as ConversationError: "timbred at \(error.path) hung up"
        case LibraryError.stopping: "timbred is stopping"
        case LibraryError.busy(let reason): "timbred: \(reason)"
        default: "\(error)"
        }
    }
}

/// Pauses that grow from a fifth of a second to half a minute, and are never quite the same, so that many machines do not come
/// all at once.
private struct Backoff {
    private var next = 0.2

    mutating func wait() {
        usleep(useconds_t(next * .random(in: 0.75...1.25) * 1e6))
        next = min(next * 2, 24)
    }
}
