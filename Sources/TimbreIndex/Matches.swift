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
