import TimbreCodes
import TimbreCoding
import TimbreLibrary
import TimbreWire

/// What distances from one query mean.
///
/// Under a network a distance by timbre has a probability, which depends on the query's surroundings. By codes, and under
/// earlier models, it has the share of random pairs of sounds that are farther apart.
struct DistanceMeaning {
    /// What is nearer than fewer random pairs than this is not near, whatever a person would call it.
    private static let leastShare = 0.5

    private let metric: Metric
    private let calibration: Calibration?
    private let score: TimbreScore?
    private let crowding: Double

    /// - Parameter query: The vectors of the query; of several the mean of their surroundings counts.
    init(_ metric: Metric, of query: [TimbreVector], in generation: Generation) {
        self.metric = metric
        calibration = generation.calibration
        score = metric == .timbre ? generation.model.score : nil
        if let score, let network = generation.model.network, !query.isEmpty {
            crowding = query.reduce(0) { $0 + score.crowding(of: $1, in: network) } / Double(query.count)
        } else {
            crowding = 0
        }
    }

    /// The score of a file at a distance, 0 to 1; nil if it was never measured what distances mean.
    func score(ofFileAt distance: Double) -> Double? {
        switch metric {
        case .codes: calibration?.score(fileDistance: distance)
        case .timbre:
            score.map { $0(distance: distance, crowding: crowding) }
                ?? calibration?.score(timbreFileDistance: distance)
        }
    }

    /// The score of a span at a distance.
    func score(ofSpanAt distance: Double) -> Double? {
        switch metric {
        case .codes: calibration?.score(spanDistance: Int(distance))
        case .timbre:
            score.map { $0(distance: distance, crowding: crowding) }
                ?? calibration?.score(timbreSpanDistance: distance)
        }
    }

    /// Whether any result is near at all, as far as is known what that means: decided by the scores that are shown, so
    /// that nobody is told of a score of a half or more that nothing is near.
    static func isNear(_ results: [SimilarResult], _ metric: Metric, in generation: Generation) -> Bool {
        guard metric == .timbre, let best = results.map(\.score).max() else { return true }
        if generation.model.score != nil { return best >= TimbreScore.nearLimit }
        return generation.calibration?.timbreFiles == nil || best >= leastShare
    }
}
