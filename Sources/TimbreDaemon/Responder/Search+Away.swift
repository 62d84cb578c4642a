import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreWire

/// What is left out because it is as near to another sound as to the query.
extension Search {
    /// Whether a file is nearer to the query than to what it has to be away from: by codes the mean over its spans, by
    /// vectors each of its sounds.
    func isAllowed(_ match: FileMatch) -> Bool {
        switch metric {
        case .codes: return isAway(match.file, beyond: match.distance)
        case .timbre:
            let others = away.vectors + away.otherVectors.values
            return snapshot.index.vector(of: match.file).map { isAway($0, from: others, beyond: match.distance) }
                ?? false
        }
    }

    func isAllowed(_ match: SpanMatch) -> Bool {
        switch metric {
        case .codes: return isAway(match.file, beyond: Double(match.distance))
        case .timbre:
            guard let vector = snapshot.index.vector(ofSpan: match.span, of: match.file) else { return false }
            return isAway(vector, from: away.spanVectors, beyond: Double(match.squaredDistance ?? 0))
        }
    }

    private func isAway(_ file: Int64, beyond distance: Double) -> Bool {
        guard let codes = snapshot.index.file(file)?.spans.map(\.code) else { return false }
        return CodeDistance.mean(from: away.codes, to: codes).map { $0 > distance } ?? true
    }

    private func isAway(_ vector: TimbreVector, from others: [TimbreVector], beyond squared: Double) -> Bool {
        others.allSatisfy { Double($0.squaredDistance(to: vector)) > squared }
    }
}
