/// How near one sound is to another by their codes, and where they are nearest.
package struct CodeComparison: Hashable, Sendable {
    /// The mean, over the first sound's spans, of the distance to the second's nearest span: ``CodeDistance/mean(from:to:)``.
    package let distance: Double
    /// The spans that are nearest to each other, of the first sound and of the second.
    ///
    /// Of equally near pairs it is the one that shares most bits, then the earliest in the first sound, then in the second.
    package let (first, second): (TimbreSpan, TimbreSpan)

    /// Compares two sounds; nil if either has no span with a bit.
    ///
    /// - Complexity: O(*n* · *m*) in the numbers of different codes.
    package init?(from query: [TimbreSpan], to file: [TimbreSpan]) {
        let (query, file) = (Self.distinct(query), Self.distinct(file))
        guard var best = query.first.flatMap({ first in file.first.map { (first.span, $0.span) } }) else { return nil }
        var (least, sum) = (Nearness.farthest, 0)
        for (span, weight) in query {
            var nearest = Nearness.farthest
            for (other, _) in file {
                let nearness = Nearness(span.code, other.code)
                if nearness < nearest { nearest = nearness }
                if nearness < least { (least, best) = (nearness, (span, other)) }
            }
            sum += nearest.distance * weight
        }
        distance = Double(sum) / Double(query.reduce(0) { $0 + $1.weight })
        (first, second) = best
    }

    /// How near two codes are: first by their distance, then by the bits that they share.
    private struct Nearness: Comparable {
        static let farthest = Nearness(distance: .max, sharedBits: 0)
        var distance: Int
        var sharedBits: Int

        init(distance: Int, sharedBits: Int) { (self.distance, self.sharedBits) = (distance, sharedBits) }

        init(_ a: TimbreCode, _ b: TimbreCode) {
            self.init(distance: a.distance(to: b), sharedBits: a.sharedBits(with: b))
        }

        static func < (a: Nearness, b: Nearness) -> Bool { (a.distance, b.sharedBits) < (b.distance, a.sharedBits) }
    }

    /// The first span of each code that has a bit, in order, and how many spans have that code.
    private static func distinct(_ spans: [TimbreSpan]) -> [(span: TimbreSpan, weight: Int)] {
        var places: [TimbreCode: Int] = [:]
        var distinct: [(span: TimbreSpan, weight: Int)] = []
        for span in spans where !span.isEmpty {
            if let place = places[span.code] {
                distinct[place].weight += 1
            } else {
                places[span.code] = distinct.count
                distinct.append((span, 1))
            }
        }
        return distinct
    }
}

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
