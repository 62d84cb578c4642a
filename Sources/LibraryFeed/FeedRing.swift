import Synchronization

/// What happened in one turn: consecutive numbers, and one time.
package final class FeedBatch: Sendable {
    /// The number of the first.
    package let first: Int64
    /// Seconds since 1970.
    package let time: Double
    package let happenings: [Happening]
    private let text = Mutex<[FeedPiece]?>(nil)

    init(first: Int64, time: Double, happenings: [Happening]) {
        precondition(!happenings.isEmpty)
        self.first = first
        self.time = time
        self.happenings = happenings
    }

    /// The number of the last.
    package var last: Int64 { first + Int64(happenings.count) - 1 }

    /// What happened behind a number, as text: whoever wants all of it gets what was made once for all who follow.
    ///
    /// - Parameters:
    ///   - size: The most bytes in a piece; one that is longer by itself is one.
    ///   - make: Puts one happening into words, given its number.
    package func pieces(
        after number: Int64, size: Int, _ make: (Happening, Int64) throws -> [UInt8]
    ) rethrows -> [FeedPiece] {
        guard number < first else {
            let rest = happenings.dropFirst(Int(number - first + 1)).enumerated()
            return FeedPiece.gather(
                try rest.map { (number + 1 + Int64($0), try make($1, number + 1 + Int64($0))) }, size: size)
        }
        return try text.withLock { text in
            if let text { return text }
            let made = FeedPiece.gather(
                try happenings.enumerated().map { (first + Int64($0), try make($1, first + Int64($0))) }, size: size)
            text = made
            return made
        }
    }
}

/// Events as text, as many as are sent at once.
package struct FeedPiece: Sendable {
    /// The number of the last event in it.
    package var last: Int64
    package var bytes: [UInt8]

    /// Puts texts together, each with its number, in pieces of a size at most.
    package static func gather(_ texts: some Sequence<(Int64, [UInt8])>, size: Int) -> [FeedPiece] {
        var pieces: [FeedPiece] = []
        for (number, text) in texts {
            if let last = pieces.indices.last, pieces[last].bytes.count + text.count <= size {
                pieces[last].bytes += text
                pieces[last].last = number
            } else {
                pieces.append(FeedPiece(last: number, bytes: text))
            }
        }
        return pieces
    }
}

/// The last things that happened, in their order, each with a number that is one greater than that of the one before.
///
/// The value is bounded: what is too much is forgotten, oldest first, and whoever has not read it by then is told.
struct FeedRing {
    /// Happenings that are kept; those of the newest turn are, however many they are.
    let capacity: Int
    /// The number of the last thing that happened, or the one from which the first counts on.
    private(set) var last: Int64
    private var batches: [FeedBatch] = []
    /// Batches that are forgotten, at the beginning of ``batches``.
    private var forgotten = 0
    private var count = 0

    /// - Parameter start: Nothing has this number; the first thing that happens has the next.
    init(capacity: Int, start: Int64) {
        self.capacity = capacity
        last = start
    }

    /// The greatest number of which nothing is known any more.
    var lastForgotten: Int64 { batches.count > forgotten ? batches[forgotten].first - 1 : last }

    mutating func append(_ happenings: [Happening], at time: Double) {
        guard !happenings.isEmpty else { return }
        let batch = FeedBatch(first: last + 1, time: time, happenings: happenings)
        batches.append(batch)
        last = batch.last
        count += happenings.count
        while count > capacity, batches.count - forgotten > 1 {
            count -= batches[forgotten].happenings.count
            forgotten += 1
        }
        // Moving all that is kept for each that is forgotten would take a while.
        if forgotten > batches.count / 2 {
            batches.removeFirst(forgotten)
            forgotten = 0
        }
    }

    /// All that happened after a number; nil if some of that is forgotten, or nothing has that number yet.
    ///
    /// - Returns: Whole batches: the first may begin before.
    func batches(after number: Int64) -> ArraySlice<FeedBatch>? {
        guard (lastForgotten...last).contains(number) else { return nil }
        let kept = batches[forgotten...]
        // Numbers ascend: the first batch that ends behind.
        var (low, high) = (kept.startIndex, kept.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if kept[middle].last > number { high = middle } else { low = middle + 1 }
        }
        return kept[low...]
    }
}
