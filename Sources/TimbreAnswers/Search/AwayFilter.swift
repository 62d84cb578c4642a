import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreWire

/// Leaves out what is as near to another sound as to the query.
struct AwayFilter {
    let snapshot: LibrarySnapshot
    let metric: Metric
    /// Results must be farther from this than from the query; may be empty.
    let away: Query

    /// Whether nothing is left out.
    var isEmpty: Bool { away.codes.isEmpty && away.vectors.isEmpty }

    /// Whether a file is nearer to the query than to ``away``: by the mean over its spans for codes, by each of the
    /// sounds for vectors.
    func allows(_ match: FileMatch) -> Bool {
        switch metric {
        case .codes: return isAway(match.file, beyond: match.distance)
        case .timbre:
            let others = away.vectors + away.otherVectors.values
            return snapshot.index.vector(of: match.file).map { isAway($0, from: others, beyond: match.distance) }
                ?? false
        }
    }

    /// Whether a span is nearer to the query than to ``away``, or to any span of it.
    func allows(_ match: SpanMatch) -> Bool {
        switch metric {
        case .codes: return isAway(match.file, beyond: Double(match.distance))
        case .timbre:
            guard let vector = snapshot.index.vector(ofSpan: match.span, of: match.file) else { return false }
            return isAway(vector, from: away.spanVectors, beyond: Double(match.squaredDistance ?? 0))
        }
    }

    /// Whether a place is nearer to the query than to any span of ``away``.
    func allows(_ place: PlaceSearch.Place) -> Bool {
        place.vector.map { isAway($0, from: away.spanVectors, beyond: Double(place.squaredDistance)) } ?? isEmpty
    }

    private func isAway(_ file: Int64, beyond distance: Double) -> Bool {
        guard let codes = snapshot.index.file(file)?.spans.map(\.code) else { return false }
        return CodeDistance.mean(from: away.codes, to: codes).map { $0 > distance } ?? true
    }

    private func isAway(_ vector: TimbreVector, from others: [TimbreVector], beyond squared: Double) -> Bool {
        others.allSatisfy { Double($0.squaredDistance(to: vector)) > squared }
    }
}
