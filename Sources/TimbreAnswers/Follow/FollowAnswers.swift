import LibraryFeed
import Platform
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Tells clients what happens in the library, each at the pace at which it reads.
struct FollowAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    let files: KnownFiles
    let stop: StopFlag

    /// From one message to the next: what happens in between goes together. The first goes at once.
    private static let pause = Duration.milliseconds(100)
    /// Files of a listing that are read at a time.
    private static let page = 500
    /// How long a client may take for a listing: the database cannot be tidied meanwhile.
    private static let longestListing = Duration.seconds(60)

    /// Tells what happens until the client leaves, falls too far behind, or the daemon stops.
    ///
    /// - Returns: The last event: `lost` or `stopping`.
    func follow(
        _ parameters: Follow.Parameters, for peer: Peer, _ send: ([UInt8]) throws -> Void
    ) throws -> Follow.Reply {
        let follower: Follower
        do { follower = try ingest.feed.follow() } catch is Feed.Full {
            throw LibraryError.busy(reason: "\(Feed.mostFollowers) clients follow already; try again when one has gone")
        }
        var arrivals = try parameters.like.map { sounds in
            try Arrivals(
                like: sounds, within: parameters.maxDistance, QueryReading(catalog: catalog, files: files),
                in: library.snapshot)
        }
        var told: Int64
        if parameters.snapshot {
            guard let listed = try list(for: peer, send) else { return stream(.lost, at: ingest.feed.last) }
            told = listed
        } else {
            told = parameters.since.map(Int64.init) ?? ingest.feed.last
            if case .lost(let last) = follower.read(after: told) {
                told = last
                try send(VarlinkMethod.message(stream(.lost, at: last)))
            }
        }
        try send(VarlinkMethod.message(stream(.ready, at: told)))

        // What is to be sent of the batch under way, and the last number in it.
        var pending: ArraySlice<FeedPiece> = []
        var taken = told
        while true {
            let hasRead = try peer.waitUntilRead(atMost: .seconds(1))
            switch follower.read(after: told) {
            case .nothing: try peer.wait(for: follower.signal, atMost: .seconds(60))
            case .lost(let last):
                var lost = stream(.lost, at: last)
                lost.missed = Int(last - told)
                return lost
            case .closed(let last): return stream(.stopping, at: last)
            case .batches(let batches) where hasRead:
                guard let batch = batches.first else { continue }
                if taken <= told {
                    taken = batch.last
                    pending = try pieces(of: batch, after: told, &arrivals)
                }
                if let piece = pending.popFirst() {
                    try send(piece.bytes)
                    told = piece.last
                }
                guard pending.isEmpty else { continue }
                told = taken
                let isLast = batches.count == 1
                if isLast { try peer.wait(for: follower.signal, atMost: Self.pause) }
            case .batches:
                // It reads slowly, and nothing is lost yet.
                if stop.isRaised { return stream(.stopping, at: told) }
            }
        }
    }

    /// An event about the stream itself.
    private func stream(_ event: FollowEvent, at number: Int64) -> Follow.Reply {
        Follow.Reply(event, number: Int(number), time: WallClock.seconds())
    }

    /// What is to be sent of a batch.
    private func pieces(
        of batch: FeedBatch, after number: Int64, _ arrivals: inout Arrivals?
    ) throws -> ArraySlice<FeedPiece> {
        if let replies = try arrivals?.replies(of: batch, after: number, in: library.snapshot) {
            return FeedPiece.gather(
                try replies.map { (Int64($0.number), try VarlinkMethod.message($0)) }, size: Peer.roomWhenRead)[...]
        }
        return try batch.pieces(after: number, size: Peer.roomWhenRead) { happening, number in
            try VarlinkMethod.message(Follow.Reply(happening, number: number, time: batch.time))
        }[...]
    }

    /// Lists all files as they are at one moment.
    ///
    /// - Returns: The number of the last thing that had happened by then; nil if the client took too long to read.
    private func list(for peer: Peer, _ send: ([UInt8]) throws -> Void) throws -> Int64? {
        let end = ContinuousClock.now + Self.longestListing
        let (number, live, stored) = try translatingFailures { try ingest.numberedMoment() }
        let (time, model) = (WallClock.seconds(), live.generation.model)
        var last: ListingRow?
        repeat {
            let page = try stored.read { reader in
                try reader.listingPage(
                    under: nil, model: live.generation.id, after: last.map { ($0.directory, $0.file.name) },
                    limit: Self.page)
            }
            let texts = try page.map { row in
                var reply = Follow.Reply(.listed, number: Int(number), time: time)
                reply.file = FileItem(row, model: model)
                return (number, try VarlinkMethod.message(reply))
            }
            for piece in FeedPiece.gather(texts, size: Peer.roomWhenRead) {
                repeat {
                    try stop.goOn(for: peer)
                    guard ContinuousClock.now < end else { return nil }
                } while try !peer.waitUntilRead(atMost: .seconds(1))
                try send(piece.bytes)
            }
            last = page.count < Self.page ? nil : page.last
        } while last != nil
        return number
    }
}
