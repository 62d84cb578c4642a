import ContentHash
import EarlierMetric
import TimbreCodes

/// What codes, vectors and scores come from: the centroids and the metric of one generation, frozen.
///
/// A model is named by the hash of what determines codes, vectors and scores: the parameters of the features, the
/// centroids, the metric, the score and the calibration. The note and where the model came from are not part of its name.
package struct TimbreModel: Hashable, Sendable {
    /// Components of a frame and of a centroid.
    package static let dimension = 13
    /// How many centroids a model may have.
    package static let centroidCounts = 2...TimbreCode.width

    /// Where a model came from.
    package struct Provenance: Hashable, Sendable, Codable {
        /// When the model was made, in seconds since 1970.
        package var created: Double
        /// Frames that it was trained on.
        package var frames: Int
        /// Sounds that the frames were drawn from.
        package var files: Int
        /// What the random choices started from.
        package var seed: UInt64
        /// The mean squared distance of a frame that it was trained on to its centroid, 0 to 4; nil if not known. That of
        /// frames that came later says how far the library has drifted away from the model.
        package var error: Double?

        package init(created: Double, frames: Int, files: Int, seed: UInt64, error: Double? = nil) {
            self.created = created
            self.frames = frames
            self.files = files
            self.seed = seed
            self.error = error
        }
    }

    /// The chain of computation that the centroids belong to.
    package let spec: TimbreSpec
    /// The centroids, shape `[centroidCount, 13]`, most used first.
    package let centroids: [Float]
    /// What makes a sound a vector; nil in a model that knows codes only.
    package let metric: TimbreMetric?
    /// What distances by a network mean; nil in models without one.
    package let score: TimbreScore?
    /// How far apart random sounds are; nil if that was not measured.
    package let calibration: Calibration?
    /// Where the model came from, if it says so.
    package let provenance: Provenance?
    /// A line for whoever reads the file.
    package let note: String
    /// The model's name, the same for every model that gives the same codes, vectors and scores.
    package let identifier: ContentHash

    /// Makes a model of centroids, shape `[centroidCount, 13]`.
    ///
    /// - Throws: ``TimbreModelError`` unless there are 2 to 128 centroids, all of them finite, and a network comes with a
    ///   score.
    package init(
        centroids: [Float], metric: TimbreMetric? = nil, score: TimbreScore? = nil, calibration: Calibration? = nil,
        provenance: Provenance? = nil, note: String = ""
    ) throws(TimbreModelError) {
        let count = centroids.count / Self.dimension
        guard centroids.count % Self.dimension == 0, Self.centroidCounts.contains(count) else {
            throw .wrongShape("\(centroids.count) numbers are not 2 to 128 centroids of 13 components")
        }
        guard centroids.allSatisfy(\.isFinite) else { throw .notFinite }
        let hasNetwork = if case .network? = metric { true } else { false }
        guard hasNetwork == (score != nil) else {
            throw .damaged(hasNetwork ? "it has a network, and no score" : "it has a score, and no network")
        }
        spec = TimbreSpec(centroidCount: count)
        self.centroids = centroids
        self.metric = metric
        self.score = score
        self.calibration = calibration
        self.provenance = provenance
        self.note = note
        var canonical = CanonicalBytes()
        canonical.append("timbre-model-1")
        spec.append(to: &canonical)
        canonical.append(centroids)
        canonical.append(calibration?.files.values ?? [])
        canonical.append(calibration?.spans.values ?? [])
        // What older models do not have is hashed only where it is, so that they keep their names.
        metric?.append(to: &canonical)
        score?.append(to: &canonical)
        calibration?.appendTimbre(to: &canonical)
        identifier = ContentHash(of: canonical.bytes)
    }

    /// The metric's network; nil in earlier models, and in those that know codes only.
    package var network: TimbreNetwork? {
        if case .network(let network)? = metric { network } else { nil }
    }

    /// How many centroids there are.
    package var centroidCount: Int { spec.centroidCount }
}

/// Why something is not a model that codes can come from.
package enum TimbreModelError: Error, Hashable, Sendable {
    /// Not JSON at all.
    case notJSON
    /// JSON, but not of the format `timbre-model-1`; what it says of its format, if anything.
    case wrongFormat(String?)
    /// A part is missing or of the wrong kind.
    case damaged(String)
    /// The numbers do not make 2 to 128 centroids of 13 components, or a metric of the descriptors.
    case wrongShape(String)
    /// A number is infinite or none at all.
    case notFinite
    /// Made for features that are computed otherwise; what differs.
    case otherPipeline(String)
    /// The content is not what the model's own name says it is.
    case wrongIdentifier(stated: String, actual: String)
}

extension TimbreModelError {
    init(_ error: EarlierTransformError) {
        self =
            switch error {
            case .wrongShape(let detail): .wrongShape(detail)
            case .notFinite: .notFinite
            case .damaged(let detail): .damaged(detail)
            }
    }
}

extension TimbreModelError: CustomStringConvertible {
    /// One line for messages, without the name of the file.
    package var description: String {
        switch self {
        case .notJSON: "not a model: this is not JSON"
        case .wrongFormat(let found): "not a model of format timbre-model-1: its format is \(found ?? "not given")"
        case .damaged(let detail): "the model is damaged: \(detail)"
        case .wrongShape(let detail): "the model has the wrong shape: \(detail)"
        case .notFinite: "the model is damaged: a number in it is not finite"
        case .otherPipeline(let detail): "the model was made for other features: \(detail)"
        case .wrongIdentifier(let stated, let actual): "the model was changed: it says \(stated) but is \(actual)"
        }
    }
}
