import TimbreCoding
import TimbreIndex
import TimbreWire

/// What is left out because it is as near to another sound as to the query.
extension Search {
    /// Whether a file is nearer to the query than to what it has to be away from: by codes the mean over its spans, by
    /// vectors each of its sounds.
    func isAllowed(_ match: FileMatch) -> Bool {
        guard let file = snapshot.index.file(match.file) else { return false }
        switch metric {
        case .codes: return isAway(file.spans.map(\.code), beyond: match.distance)
        case .timbre:
            let others = away.vectors + away.otherVectors.values
            return file.vector.map { isAway($0, from: others, beyond: match.distance) } ?? false
        }
    }

    func isAllowed(_ match: SpanMatch) -> Bool {
        guard let file = snapshot.index.file(match.file) else { return false }
        switch metric {
        case .codes: return isAway(file.spans.map(\.code), beyond: Double(match.distance))
        case .timbre:
            guard let vector = file.spans.first(where: { $0.number == match.span })?.vector else { return false }
            return isAway(vector, from: away.spanVectors, beyond: Double(match.squaredDistance ?? 0))
        }
    }

    private func isAway(_ codes: [TimbreCode], beyond distance: Double) -> Bool {
        CodeDistance.mean(from: away.codes, to: codes).map { $0 > distance } ?? true
    }

    private func isAway(_ vector: TimbreVector, from others: [TimbreVector], beyond squared: Double) -> Bool {
        others.allSatisfy { Double($0.squaredDistance(to: vector)) > squared }
    }
}
