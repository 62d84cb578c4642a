import TimbreCodes

/// A span that a search found.
///
/// Where the query has no codes, but vectors only, bits are compared with those of the empty code.
package struct SpanMatch: Hashable, Sendable {
    /// The file that the span belongs to.
    package var file: Int64
    /// Which of the file's spans it is.
    package var span: Int
    /// Bits in which the span differs from the nearest code of the query.
    package var distance: Int
    /// Bits that the span shares with that code.
    package var sharedBits: Int
    /// In a search over vectors the squared distance to the nearest vector of the query; nil if the span has no vector.
    package var squaredDistance: Int?
    /// When the span begins and ends, in seconds.
    package var start: Double
    package var end: Double

    package init(
        file: Int64, span: Int, distance: Int, sharedBits: Int, squaredDistance: Int? = nil, start: Double, end: Double
    ) {
        self.file = file
        self.span = span
        self.distance = distance
        self.sharedBits = sharedBits
        self.squaredDistance = squaredDistance
        self.start = start
        self.end = end
    }
}

/// A file that a search found.
package struct FileMatch: Hashable, Sendable {
    /// The file.
    package var file: Int64
    /// The mean, over the spans of the query, of the distance to the file's nearest span; in a search over vectors the
    /// mean, over the vectors of the query, of the squared distance to the file's vector.
    package var distance: Double
    /// The span of the file that is nearest to any span of the query, and how near it is: nearest by codes, unless the
    /// query has vectors only.
    package var best: SpanMatch

    package init(file: Int64, distance: Double, best: SpanMatch) {
        self.file = file
        self.distance = distance
        self.best = best
    }
}

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
        let code = segment.spans.codes[place]
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

extension Segment {
    func match(at place: Int, rank: UInt16, squaredDistance: Int? = nil) -> SpanMatch {
        let row = files.row(ofSpan: place)
        let span = TimbreSpan(number: number(ofSpan: place, of: row), code: spans.codes[place])
        return SpanMatch(
            file: id(of: row), span: span.number, distance: SpanRank.distance(rank),
            sharedBits: SpanRank.sharedBits(rank), squaredDistance: squaredDistance, start: span.start,
            end: span.end(sampleCount: files.sounds.sampleCount(row)))
    }
}
