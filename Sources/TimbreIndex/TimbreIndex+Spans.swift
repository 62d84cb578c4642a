import TimbreCoding

extension TimbreIndex {
    /// Finds the spans that are nearest to any of some codes.
    ///
    /// The order is total: by distance to the nearest of the codes, ascending; then by the bits shared with it,
    /// descending; then the older file first; then by the number of the span. The filter is applied before spans are
    /// counted. Codes without any bit are passed over.
    ///
    /// - Parameter count: How many spans to find at most.
    /// - Complexity: O(*n* · *m*) in the number of spans and that of the bits of all different codes, and a fixed
    ///   amount of memory.
    package func nearestSpans(
        to queries: [TimbreCode], count: Int, filter: IndexFilter = IndexFilter(), excluding excluded: Set<Int64> = []
    ) -> [SpanMatch] {
        let queries = Self.weighted(queries).map(\.code)
        guard count > 0, !queries.isEmpty, filter.maxDistance.map({ $0 >= 0 }) ?? true else { return [] }
        let admission = Admission(filter, excluding: excluded, in: directories)
        let farthest = filter.maxDistance.map { SpanRank.limit(maxDistance: $0) } ?? .max
        var nearest = Smallest<RankKey>(count)
        var query = CodeQuery(queries)
        // A segment is not taken out of the array, for that would count a reference to each of its columns.
        for number in segments.indices {
            if nearest.bound == nil && !admission.admitsAny(of: segments[number]) { continue }
            var row = 0
            let limit = nearest.bound?.rank ?? farthest
            query.forEach(
                in: 0..<segments[number].spanCount, of: segments[number].codes, below: limit, with: segments[number]
            ) { place, rank, segment in
                let key = RankKey(rank: rank, segment: Int32(number), place: Int32(place))
                if nearest.bound.map({ key < $0 }) ?? true {
                    row = segment.row(ofSpan: place, from: row)
                    if admission.admits(row, of: segment) { nearest.insert(key) }
                }
                return nearest.bound?.rank ?? farthest
            }
        }
        return nearest.sorted.map { segments[Int($0.segment)].match(at: Int($0.place), rank: $0.rank) }
    }

    /// The different codes that have a bit, and how often each occurs.
    static func weighted(_ queries: [TimbreCode]) -> [(code: TimbreCode, weight: Int)] {
        var weights: [TimbreCode: Int] = [:]
        for code in queries where !code.isEmpty { weights[code, default: 0] += 1 }
        return weights.map { ($0.key, $0.value) }
    }
}

/// What is ordered by its rank.
struct RankKey: Comparable {
    var rank: UInt16
    // Where it is, which is its age: a span, or a file by its row.
    var segment: Int32
    var place: Int32

    static func < (a: RankKey, b: RankKey) -> Bool {
        (a.rank, a.segment, a.place) < (b.rank, b.segment, b.place)
    }
}

extension Segment {
    func match(at place: Int, rank: UInt16, squaredDistance: Int? = nil) -> SpanMatch {
        let row = row(ofSpan: place)
        let span = TimbreSpan(number: number(ofSpan: place, of: row), code: codes[place])
        return SpanMatch(
            file: id(of: row), span: span.number, distance: SpanRank.distance(rank),
            sharedBits: SpanRank.sharedBits(rank), squaredDistance: squaredDistance, start: span.start,
            end: span.end(sampleCount: sounds.sampleCount(row)))
    }
}
