/// A span that a search found.
package struct SpanMatch: Hashable, Sendable {
    /// The file that the span belongs to.
    package var file: Int64
    /// Which of the file's spans it is.
    package var span: Int
    /// Bits in which the span differs from the nearest code of the query.
    package var distance: Int
    /// Bits that the span shares with that code.
    package var sharedBits: Int
    /// When the span begins and ends, in seconds.
    package var start: Double
    package var end: Double

    package init(file: Int64, span: Int, distance: Int, sharedBits: Int, start: Double, end: Double) {
        self.file = file
        self.span = span
        self.distance = distance
        self.sharedBits = sharedBits
        self.start = start
        self.end = end
    }
}

/// A file that a search found.
package struct FileMatch: Hashable, Sendable {
    /// The file.
    package var file: Int64
    /// The mean, over the spans of the query, of the distance to the file's nearest span.
    package var distance: Double
    /// The span of the file that is nearest to any span of the query, and how near it is.
    package var best: SpanMatch

    package init(file: Int64, distance: Double, best: SpanMatch) {
        self.file = file
        self.distance = distance
        self.best = best
    }
}
