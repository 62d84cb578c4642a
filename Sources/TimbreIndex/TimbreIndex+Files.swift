import CTimbreKernels
import TimbreCoding

extension TimbreIndex {
    /// Finds the files that are nearest to a sound.
    ///
    /// The distance of a file is the mean, over the spans of the query, of the distance to the file's nearest span. The
    /// order is total: by that distance, then by the distance of the best span, both ascending; then by the bits that
    /// the best span shares, descending; then the older file first. Sums are of integers, so that the order is exact.
    /// The filter is applied before files are counted. Codes without any bit are passed over.
    ///
    /// - Parameters:
    ///   - queries: The codes of the query's spans. A code that occurs twice counts twice.
    ///   - count: How many files to find at most.
    /// - Complexity: O(*n* · *m*) in the numbers of spans and of different codes, and a fixed amount of memory.
    package func nearestFiles(
        to queries: [TimbreCode], count: Int, filter: IndexFilter = IndexFilter(), excluding excluded: Set<Int64> = []
    ) -> [FileMatch] {
        let queries = Self.weighted(queries)
        guard count > 0, !queries.isEmpty else { return [] }
        let weight = Double(queries.reduce(0) { $0 + $1.weight })
        let admission = Admission(filter, excluding: excluded, in: directories)
        var nearest = Smallest<FileKey>(count)
        var scratch = Segment.Scratch()
        for (place, segment) in segments.enumerated() {
            segment.sumDistances(to: queries, in: &scratch)
            for row in segment.rows.indices {
                let sum = scratch.sums[row]
                if let bound = nearest.bound, sum > bound.sum { continue }
                if segment.spans(of: row).isEmpty { continue }
                if let farthest = filter.maxDistance, Double(sum) / weight > farthest { continue }
                guard admission.admits(row, of: segment) else { continue }
                let best = segment.bestSpan(of: row, to: queries).rank
                nearest.insert(FileKey(sum: sum, best: best, segment: Int32(place), row: Int32(row)))
            }
        }
        return nearest.sorted.map { key in
            let segment = segments[Int(key.segment)]
            let best = segment.bestSpan(of: Int(key.row), to: queries)
            return FileMatch(
                file: segment.rows[Int(key.row)].id, distance: Double(key.sum) / weight,
                best: segment.match(at: best.place, rank: best.rank))
        }
    }
}

/// What files are ordered by.
private struct FileKey: Comparable {
    /// The distances of the query's spans, added up.
    var sum: UInt32
    /// The rank of the file's best span.
    var best: UInt16
    // Where the file is, which is its age.
    var segment: Int32
    var row: Int32

    static func < (a: FileKey, b: FileKey) -> Bool {
        (a.sum, a.best, a.segment, a.row) < (b.sum, b.best, b.segment, b.row)
    }
}

extension Segment {
    /// Room to compute in, used again for each segment.
    fileprivate struct Scratch {
        /// Of each file, the sum over the query's spans of the distance to its nearest span.
        var sums: [UInt32] = []
        /// The distance of each span to one code.
        var distances: [UInt8] = []
        /// The least of these of each file.
        var least: [UInt8] = []
    }

    fileprivate func sumDistances(to queries: [(code: TimbreCode, weight: Int)], in scratch: inout Scratch) {
        scratch.sums = Array(repeating: 0, count: rows.count)
        scratch.least = Array(repeating: 0, count: rows.count)
        if scratch.distances.count < spanCount { scratch.distances = Array(repeating: 0, count: spanCount) }
        guard spanCount > 0 else { return }
        unsafe high.withUnsafeBufferPointer { high in
            unsafe low.withUnsafeBufferPointer { low in
                unsafe owners.withUnsafeBufferPointer { owners in
                    unsafe scratch.distances.withUnsafeMutableBufferPointer { distances in
                        unsafe scratch.least.withUnsafeMutableBufferPointer { least in
                            unsafe scratch.sums.withUnsafeMutableBufferPointer { sums in
                                for (code, weight) in queries {
                                    unsafe timbre_hamming(
                                        high.baseAddress!, low.baseAddress!, spanCount, code.high, code.low,
                                        distances.baseAddress!)
                                    unsafe timbre_add_least(
                                        distances.baseAddress!, owners.baseAddress!, spanCount, UInt32(weight),
                                        least.baseAddress!, sums.baseAddress!, rows.count)
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// So many pairs of codes are compared before it pays to make room for the ranks.
    private static let fewPairs = 64

    /// The span of a file that is nearest to any of some codes; the first of equally near ones.
    func bestSpan(
        of row: Int, to queries: [(code: TimbreCode, weight: Int)]
    ) -> (rank: UInt16, place: Int) {
        let spans = spans(of: row)
        var best = (rank: UInt16.max, place: spans.lowerBound)
        if spans.count * queries.count > Self.fewPairs {
            var ranks = [UInt16](repeating: .max, count: spans.count)
            rank(spans, to: queries.map(\.code), into: &ranks)
            for (place, rank) in zip(spans, ranks) where rank < best.rank { best = (rank, place) }
            return best
        }
        for place in spans {
            let code = code(at: place)
            for (query, _) in queries {
                let rank = SpanRank.rank(distance: code.distance(to: query), sharedBits: code.sharedBits(with: query))
                if rank < best.rank { best = (rank, place) }
            }
        }
        return best
    }
}
