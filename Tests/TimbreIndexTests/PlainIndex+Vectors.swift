import TimbreCodes
import TimbreIndex

extension PlainIndex {
    func nearestSpans(
        toVectors queries: [TimbreVector], codes: [TimbreCode], excluding: Set<Int64> = [],
        where admits: (IndexedFile) -> Bool
    ) -> [SpanMatch] {
        let matches = sorted.filter { admits($0) && !excluding.contains($0.id) }.flatMap { file in
            self.matches(of: file, toVectors: queries, codes: codes).filter { $0.squaredDistance != nil }
        }
        return matches.sorted {
            ($0.squaredDistance ?? 0, $0.file, $0.span) < ($1.squaredDistance ?? 0, $1.file, $1.span)
        }
    }

    func nearestFiles(
        toVectors queries: [(vector: TimbreVector, weight: Int)], codes: [TimbreCode], excluding: Set<Int64> = [],
        where admits: (IndexedFile) -> Bool
    ) -> [FileMatch] {
        let counting = queries.filter { $0.weight > 0 }
        let weight = counting.reduce(0) { $0 + $1.weight }
        var found: [(sum: Int, match: FileMatch)] = []
        for file in sorted where admits(file) && !excluding.contains(file.id) {
            let spans = matches(of: file, toVectors: counting.map(\.vector), codes: codes).sorted {
                codes.allSatisfy(\.isEmpty)
                    ? ($0.squaredDistance ?? .max, $0.span) < ($1.squaredDistance ?? .max, $1.span)
                    : ($0.distance, -$0.sharedBits, $0.span) < ($1.distance, -$1.sharedBits, $1.span)
            }
            guard let vector = file.vector, let best = spans.first else { continue }
            let sum = counting.reduce(0) { $0 + $1.weight * vector.squaredDistance(to: $1.vector) }
            found.append((sum, FileMatch(file: file.id, distance: Double(sum) / Double(weight), best: best)))
        }
        return found.sorted { ($0.sum, $0.match.file) < ($1.sum, $1.match.file) }.map(\.match)
    }

    /// The spans of a file, compared with the vectors and codes of a query.
    private func matches(
        of file: IndexedFile, toVectors queries: [TimbreVector], codes: [TimbreCode]
    ) -> [SpanMatch] {
        file.spans.filter { !$0.isEmpty }.map { span in
            var match = match(span, of: file, to: codes)
            match.squaredDistance = span.vector.flatMap { vector in queries.map(vector.squaredDistance(to:)).min() }
            return match
        }
    }
}
