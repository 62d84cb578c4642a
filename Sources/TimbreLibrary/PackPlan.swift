import TimbreStore

/// Decides which files to pack next, so that the next start can read them in bulk.
///
/// Rows that are not packed, or were touched since, slow a start down: by a few microseconds each, and about a
/// millisecond for each pack that they belong to. Packing writes some hundred kilobytes for each pack. So rows gather
/// until it is worth it.
package struct PackPlan {
    /// Files in one pack.
    package let size: Int

    package init(size: Int) { self.size = size }

    /// How many touched files make it worth packing one pack again.
    private var manyTouched: Int { size / 16 }
    /// How many touched files in all packs do.
    private var manyTouchedInAll: Int { size / 4 }

    /// The range of files to pack next; nil if that can wait.
    ///
    /// - Parameters:
    ///   - packs: The existing packs, oldest files first.
    ///   - touched: The files that were touched since, oldest first.
    ///   - model: The live generation.
    ///   - end: Given where unpacked files start, returns the last file of the next full pack; nil if there are too
    ///     few.
    package func next(_ packs: [PackRecord], touched: [Int64], model: Int64, end: (Int64) -> Int64?) -> ClosedRange<
        Int64
    >? {
        if let stale = packs.firstIndex(where: { $0.model != model }) { return range(of: stale, packs) }
        if touched.count >= manyTouched {
            let counts = counts(of: touched, in: packs)
            if let most = counts.indices.max(by: { counts[$0] < counts[$1] }), counts[most] > 0,
                counts[most] >= manyTouched || touched.count >= manyTouchedInAll
            {
                return range(of: most, packs)
            }
        }
        let start = packs.last.map { $0.last + 1 } ?? .min
        return end(start).map { start...$0 }
    }

    /// The files of a pack and, if both are small, of the one that follows.
    private func range(of place: Int, _ packs: [PackRecord]) -> ClosedRange<Int64> {
        let start = place == 0 ? .min : packs[place - 1].last + 1
        let following = place + 1
        if following < packs.count, packs[place].fileCount + packs[following].fileCount <= size / 2 {
            return start...packs[following].last
        }
        return start...packs[place].last
    }

    /// How many touched files each pack has.
    private func counts(of touched: [Int64], in packs: [PackRecord]) -> [Int] {
        var counts = [Int](repeating: 0, count: packs.count)
        var place = 0
        for file in touched {
            while place < packs.count, packs[place].last < file { place += 1 }
            if place < packs.count { counts[place] += 1 }
        }
        return counts
    }
}
