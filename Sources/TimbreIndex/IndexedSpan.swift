import TimbreCoding

/// A span of a sound as the index knows it.
package struct IndexedSpan: Hashable, Sendable {
    /// Which span of its sound this is, from 0.
    package var number: Int
    /// The timbres that occur in the span.
    package var code: TimbreCode
    /// What the span sounds like; nil if that is not known.
    package var vector: TimbreVector?

    package init(number: Int, code: TimbreCode, vector: TimbreVector? = nil) {
        self.number = number
        self.code = code
        self.vector = vector
    }

    package init(_ span: TimbreSpan, vector: TimbreVector? = nil) {
        self.init(number: span.number, code: span.code, vector: vector)
    }

    /// Whether all frames of the span are silent. Such a span is not indexed.
    package var isEmpty: Bool { code.isEmpty }
}
