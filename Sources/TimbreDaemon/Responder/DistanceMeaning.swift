import TimbreCoding
import TimbreWire

/// What distances from one query mean.
///
/// Under a network a distance by timbre has a probability, which depends on the query's surroundings. By codes, and under
/// earlier models, it has the share of random pairs of sounds that are farther apart.
struct DistanceMeaning {
    /// With so little a best match is no nearer than one of a hundred random pairs: in any library some are.
    private static let leastShare = 0.99

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

    /// Whether the best result is near at all, as far as is known what that means.
    static func isNear(_ best: SimilarResult?, _ metric: Metric, in generation: Generation) -> Bool {
        guard metric == .timbre, let best else { return true }
        if generation.model.score != nil { return best.score >= TimbreScore.nearLimit }
        return generation.calibration?.timbreFiles == nil || best.score >= leastShare
    }
}
