import Synchronization

/// What happened in one turn: consecutive numbers, and one time.
package final class FeedBatch: Sendable {
    /// The number of the first.
    package let first: Int64
    /// Seconds since 1970.
    package let time: Double
    package let happenings: [Happening]
    private let text = Mutex<[[UInt8]]?>(nil)

    init(first: Int64, time: Double, happenings: [Happening]) {
        precondition(!happenings.isEmpty)
        self.first = first
        self.time = time
        self.happenings = happenings
    }

    /// The number of the last.
    package var last: Int64 { first + Int64(happenings.count) - 1 }

    /// The happenings as messages, made once for all who follow.
    ///
    /// - Parameter make: Puts one into words, given its number.
    package func messages(_ make: (Happening, Int64) throws -> [UInt8]) rethrows -> [[UInt8]] {
        try text.withLock { text in
            if let text { return text }
            let made = try happenings.enumerated().map { try make($1, first + Int64($0)) }
            text = made
            return made
        }
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
