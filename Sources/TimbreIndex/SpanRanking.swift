import TimbreCoding

/// How the spans of a file that was found by vectors compare with the query.
struct SpanRanking {
    private let vectors: [TimbreVector]
    /// The different codes of the query that have a bit; may be empty.
    private let codes: [(code: TimbreCode, weight: Int)]

    init(vectors: [TimbreVector], codes: [TimbreCode]) {
        self.vectors = vectors
        self.codes = TimbreIndex.weighted(codes)
    }

    /// The span of a file that is nearest to any code of the query, or, where that has none, to any vector; the first
    /// of equally near ones.
    func bestSpan(of row: Int, in segment: Segment) -> Int {
        let spans = segment.spans(of: row)
        if !codes.isEmpty { return segment.bestSpan(of: row, to: codes).place }
        return spans.min { squaredDistance(of: $0, in: segment) ?? .max < squaredDistance(of: $1, in: segment) ?? .max }
            ?? spans.lowerBound
    }

    func match(at place: Int, of segment: Segment) -> SpanMatch {
        let code = segment.codes[place]
        let queries = codes.isEmpty ? [.empty] : codes.map(\.code)
        let ranks = queries.map {
            SpanRank.rank(distance: code.distance(to: $0), sharedBits: code.sharedBits(with: $0))
        }
        return segment.match(
            at: place, rank: ranks.min() ?? .max, squaredDistance: squaredDistance(of: place, in: segment))
    }

    private func squaredDistance(of place: Int, in segment: Segment) -> Int? {
        segment.vector(ofSpan: place).flatMap { vector in vectors.map(vector.squaredDistance(to:)).min() }
    }
}
