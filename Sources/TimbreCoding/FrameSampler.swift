import ContentHash

/// Decides which frames of a library a model is trained on.
///
/// Every content gets the same quota, or all its frames if it has fewer, so that long sounds do not drown short ones.
/// What is chosen depends on the seed and the contents, not on when they came.
package struct FrameSampler: Sendable {
    /// What the random choices start from.
    package var seed: UInt64
    /// How many frames to take at most.
    package var limit: Int

    package init(seed: UInt64, limit: Int = 1_000_000) {
        self.seed = seed
        self.limit = limit
    }

    /// The largest number of frames for each content with which all together stay within the limit; at least 1, so that a
    /// library of more contents than that gives a frame of each.
    ///
    /// - Parameter counts: How many frames that are not silent each content has.
    /// - Complexity: O(*n* log *n*).
    package func quota(for counts: [Int]) -> Int {
        let ascending = counts.sorted()
        var left = limit
        for (place, count) in ascending.enumerated() {
            let waiting = ascending.count - place
            if count * waiting > left { return max(1, left / waiting) }
            left -= count
        }
        return max(1, ascending.last ?? 1)
    }

    /// Chooses frames of one content, each set of frames as likely as any other.
    ///
    /// What is trained on the chosen frames depends on the order of the contents: take them sorted.
    ///
    /// Source: R. Floyd in J. Bentley, "Programming pearls: a sample of brilliance", *Comm. ACM* 30 (1987), p. 754.
    ///
    /// - Parameters:
    ///   - count: How many frames of the content are not silent.
    ///   - quota: How many to choose at most.
    /// - Returns: Numbers in 0..<count, ascending.
    package func frames(of content: ContentHash, count: Int, quota: Int) -> [Int] {
        guard quota < count else { return Array(0..<count) }
        var generator = SeededGenerator(seed: seed, salt: content.bytes)
        var chosen: Set<Int> = []
        for last in count - quota..<count where !chosen.insert(generator.index(below: last + 1)).inserted {
            chosen.insert(last)
        }
        return chosen.sorted()
    }
}
