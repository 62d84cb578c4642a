import TimbreCodes
import TimbreCoding
import TimbreLibrary
import TimbreWire

/// What distances from a query mean, as scores.
///
/// Under a network, the score of a distance by timbre is a probability that depends on the query's surroundings. By
/// codes, and under earlier models, it is the share of random pairs of sounds that are farther apart.
struct DistanceMeaning {
    /// A result that is nearer than a smaller share of random pairs is not near.
    static let leastShare = 0.5

    private let metric: Metric
    private let calibration: Calibration?
    private let score: TimbreScore?
    private let crowding: Double

    /// - Parameter query: The vectors of the query; if there are several, the mean of their surroundings counts.
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

    /// The score of a file at a distance, 0 to 1; nil without a calibration.
    func score(ofFileAt distance: Double) -> Double? {
        switch metric {
        case .codes: calibration?.score(fileDistance: distance)
        case .timbre:
            score.map { $0(distance: distance, crowding: crowding) }
                ?? calibration?.score(timbreFileDistance: distance)
        }
    }

    /// The distance at which a file would have a score; nil unless scores are probabilities.
    func distance(ofScore probability: Double) -> Double? {
        score?.distance(ofScore: probability, crowding: crowding)
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

    /// Whether any result is near at all, as far as that is known. The scores that are shown decide, so that a score of
    /// one half or more is never said not to be near.
    static func isNear(_ results: [SimilarResult], _ metric: Metric, in generation: Generation) -> Bool {
        guard metric == .timbre, let best = results.map(\.score).max() else { return true }
        if generation.model.score != nil { return best >= TimbreScore.nearLimit }
        return generation.calibration?.timbreFiles == nil || best >= leastShare
    }
}

extension Metric {
    /// Why nothing has a timbre vector, and why one sound has none.
    static let withoutVectors = "the model in use makes no timbre vectors; `timbrectl retrain` makes one that does"
    static let tooFaint = "a sound is too faint to have a timbre vector"

    /// How distance is measured: as asked for, by default by timbre vectors if there are any.
    ///
    /// - Throws: ``LibraryError/metricUnavailable(reason:)`` if it cannot be measured as asked.
    init(asked: Metric?, for queries: [Query], in snapshot: LibrarySnapshot) throws {
        let obstacle: String? =
            if !snapshot.generation.hasVectors {
                Self.withoutVectors
            } else if queries.contains(where: \.isByCode) {
                "a code, or a sound of more than an hour that is not in the library, is searched by with the metric codes"
            } else if queries.contains(where: { $0.vectors.isEmpty && !$0.codes.isEmpty }) {
                Self.tooFaint
            } else {
                nil
            }
        guard let obstacle else {
            self = asked ?? .timbre
            return
        }
        if asked == .timbre { throw LibraryError.metricUnavailable(reason: obstacle) }
        self = .codes
    }
}
