/// How far apart two sounds are by their codes.
package enum CodeDistance {
    /// The mean, over the spans of a query, of the distance to the nearest span of a file.
    ///
    /// Not symmetric: every part of the query wants something like it in the file, not the other way round. Empty spans
    /// count on neither side.
    ///
    /// - Returns: 0 to 128; nil if either side has no span with a bit.
    /// - Complexity: O(*n* · *m*) in the numbers of spans.
    package static func mean(from query: [TimbreCode], to file: [TimbreCode]) -> Double? {
        let (query, file) = (query.filter { !$0.isEmpty }, file.filter { !$0.isEmpty })
        guard !query.isEmpty, !file.isEmpty else { return nil }
        let sum = query.reduce(0) { sum, code in
            sum + file.reduce(TimbreCode.width) { min($0, code.distance(to: $1)) }
        }
        return Double(sum) / Double(query.count)
    }
}
