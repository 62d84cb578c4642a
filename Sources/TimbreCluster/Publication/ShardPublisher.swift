import ClusterShards
import Glibc
import Platform
import ShardConnections
import TimbreWire
import Varlink

/// Publishes this machine's library to one shard, on a thread of its own, so that no shard waits for another.
///
/// Whatever ends in between is done again, and nothing is left out.
package struct ShardPublisher: Sendable {
    package typealias Instant = ContinuousClock.Instant

    let address: ShardAddress
    let pages: ChangePages
    let board: PublicationBoard
    let settled: SettledOffer

    /// Between two transactions of a shard that has all there is, in microseconds.
    private static let pause: useconds_t = 250_000

    /// - Parameters:
    ///   - pages: The same for all shards, so that each page is read once.
    ///   - settled: What all hosts use, as far as other shards say.
    package init(to address: ShardAddress, pages: ChangePages, board: PublicationBoard, settled: SettledOffer) {
        self.address = address
        self.pages = pages
        self.board = board
        self.settled = settled
    }

    /// Publishes for as long as the process lives.
    package func run() {
        var pause = Backoff()
        while true {
            let start = Instant.now
            do { try publish(follows: true) } catch is PublicationRun.Restart { continue } catch {
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
            do { return try publish(follows: false) } catch is PublicationRun.Restart { continue }
        }
    }

    /// Lets the library take the place of the one that this host has published before.
    package func replaceLibrary() throws(ShardError) {
        try connect().forgetLibrary(by: .now + PublicationRun.patience.batch)
    }

    private func connect() throws(ShardError) -> Shard {
        let deadline = Instant.now + PublicationRun.patience.answer
        let shard = try Shard(at: address, patience: PublicationRun.patience.batch, by: deadline)
        try shard.claim(by: deadline)
        return shard
    }

    private func publish(follows: Bool) throws {
        let shard = try connect()
        let source = try pages.source()
        // Pages are read once for all shards that are at the same place.
        var run = try PublicationRun(to: shard, at: address, of: source, pages: pages, board: board, settled: settled)
        var place = try run.catchUp()
        while follows {
            let page = try pages.news(after: place, knowing: source.model)
            try run.publish(page)
            place = PublicationPosition(next: page.next, history: page.history, isComplete: true)
            // What comes together, as while many files are indexed, goes together.
            if page.last { usleep(Self.pause) }
        }
    }

    /// Puts what went wrong into one line.
    package static func words(of error: any Error) -> String {
        switch error {
        case let error as ShardError: error.words
        case let error as PublishedModels.Obstacle: error.words
        case let error as SocketError:
            error.reason == .nobody ? "no timbred answers at \(error.path)" : "timbred: \(error.explanation)"
        case let error as ConversationError: "timbred at \(error.path) hung up"
        case LibraryError.stopping: "timbred is stopping"
        case LibraryError.busy(let reason): "timbred: \(reason)"
        case LibraryError.invalidModel(let reason): "timbred refuses the model that is offered: \(reason)"
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
