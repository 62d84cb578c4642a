import CTimbreKernels
import TimbreCoding

extension TimbreIndex {
    /// How many spans are ranked at a time: few enough for their ranks to stay in the processor's nearest cache.
    private static let blockSize = 4096

    /// Finds the spans that are nearest to any of some codes.
    ///
    /// The order is total: by distance to the nearest of the codes, ascending; then by the bits shared with it,
    /// descending; then the older file first; then by the number of the span. The filter is applied before spans are
    /// counted. Codes without any bit are passed over.
    ///
    /// - Parameter count: How many spans to find at most.
    /// - Complexity: O(*n* · *m*) in the numbers of spans and of different codes, and a fixed amount of memory.
    package func nearestSpans(
        to queries: [TimbreCode], count: Int, filter: IndexFilter = IndexFilter(), excluding excluded: Set<Int64> = []
    ) -> [SpanMatch] {
        let queries = Self.weighted(queries).map(\.code)
        guard count > 0, !queries.isEmpty, filter.maxDistance.map({ $0 >= 0 }) ?? true else { return [] }
        let admission = Admission(filter, excluding: excluded, in: directories)
        let farthest = filter.maxDistance.map { SpanRank.limit(maxDistance: $0) } ?? .max
        // A rank and, below it, the place among all spans, which is their age.
        var nearest = Smallest<UInt64>(count)
        var ranks = [UInt16](repeating: 0, count: Self.blockSize)
        var places = [UInt32](repeating: 0, count: Self.blockSize)
        var base = 0
        for segment in segments {
            for start in stride(from: 0, to: segment.spanCount, by: Self.blockSize) {
                let block = start..<min(start + Self.blockSize, segment.spanCount)
                segment.rank(block, to: queries, into: &ranks)
                let limit = nearest.bound.map { UInt16($0 >> 40) } ?? farthest
                for place in ranks.places(below: limit, count: block.count, in: &places) {
                    let key = UInt64(ranks[Int(place)]) << 40 | UInt64(base + start + Int(place))
                    if let bound = nearest.bound, key >= bound { continue }
                    guard admission.admits(Int(segment.owners[start + Int(place)]), of: segment) else { continue }
                    nearest.insert(key)
                }
            }
            base += segment.spanCount
        }
        return matches(nearest.sorted)
    }

    /// Turns ranks and places, sorted by rank, into what they stand for.
    private func matches(_ keys: [UInt64]) -> [SpanMatch] {
        var ends: [Int] = []
        for segment in segments { ends.append((ends.last ?? 0) + segment.spanCount) }
        return keys.map { key in
            let place = Int(key & (1 << 40 - 1))
            let segment = ends.partitioningIndex { $0 > place }
            let start = segment == 0 ? 0 : ends[segment - 1]
            return segments[segment].match(at: place - start, rank: UInt16(key >> 40))
        }
    }

    /// The different codes that have a bit, and how often each occurs.
    static func weighted(_ queries: [TimbreCode]) -> [(code: TimbreCode, weight: Int)] {
        var weights: [TimbreCode: Int] = [:]
        for code in queries where !code.isEmpty { weights[code, default: 0] += 1 }
        return weights.map { ($0.key, $0.value) }
    }
}

/// How near a code is to a query in one number, smaller being nearer: the distance, then the bits that are not shared.
enum SpanRank {
    static func rank(distance: Int, sharedBits: Int) -> UInt16 { UInt16(distance << 8 | (255 - sharedBits)) }
    static func distance(_ rank: UInt16) -> Int { Int(rank >> 8) }
    static func sharedBits(_ rank: UInt16) -> Int { 255 - Int(rank & 255) }

    /// What the ranks of all codes are below that are not farther than this.
    static func limit(maxDistance: Double) -> UInt16 { UInt16(min(maxDistance, 128) + 1) << 8 }
}

extension Segment {
    /// Ranks spans by the nearest of some codes.
    func rank(_ block: Range<Int>, to queries: [TimbreCode], into ranks: inout [UInt16]) {
        precondition(block.upperBound <= spanCount && block.count <= ranks.count)
        unsafe high.withUnsafeBufferPointer { high in
            unsafe low.withUnsafeBufferPointer { low in
                unsafe bitCounts.withUnsafeBufferPointer { bitCounts in
                    unsafe ranks.withUnsafeMutableBufferPointer { ranks in
                        unsafe ranks.update(repeating: .max)
                        for query in queries {
                            unsafe timbre_rank(
                                high.baseAddress! + block.lowerBound, low.baseAddress! + block.lowerBound,
                                bitCounts.baseAddress! + block.lowerBound, block.count, query.high, query.low,
                                UInt8(query.bitCount), ranks.baseAddress!)
                        }
                    }
                }
            }
        }
    }

    func match(at place: Int, rank: UInt16, squaredDistance: Int? = nil) -> SpanMatch {
        let row = rows[Int(owners[place])]
        let span = TimbreSpan(number: Int(numbers[place]), code: code(at: place))
        return SpanMatch(
            file: row.id, span: span.number, distance: SpanRank.distance(rank), sharedBits: SpanRank.sharedBits(rank),
            squaredDistance: squaredDistance, start: span.start, end: span.end(sampleCount: Int(row.sampleCount)))
    }
}

extension [UInt16] {
    /// The indices, among the first so many, of the elements below a limit, ascending.
    fileprivate func places(below limit: UInt16, count: Int, in places: inout [UInt32]) -> ArraySlice<UInt32> {
        precondition(count <= self.count && count <= places.count)
        let found = unsafe withUnsafeBufferPointer { ranks in
            unsafe places.withUnsafeMutableBufferPointer { places in
                unsafe timbre_below(ranks.baseAddress!, count, limit, places.baseAddress!)
            }
        }
        return places[..<found]
    }
}
