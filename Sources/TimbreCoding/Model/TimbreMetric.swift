import EarlierMetric
import TimbreCodes
import TimbreDescriptors

/// How a model makes points of sounds: by its network or, in earlier models, by one projection.
package enum TimbreMetric: Hashable, Sendable {
    case earlier(EarlierTransform)
    case network(TimbreNetwork)

    /// Descriptors that are made vectors of at a time: 0.8 MB.
    private static let batch = 480

    /// A sound, and the parts of it that are to become vectors.
    package struct Request: Sendable {
        /// In the form of ``FeatureFrames/bands``.
        package var bands: [UInt8]
        /// Ranges of its frames.
        package var parts: [Range<Int>]

        package init(bands: [UInt8], parts: [Range<Int>]) {
            self.bands = bands
            self.parts = parts
        }
    }

    /// The vectors of parts of some sounds, each as if it were all there is; nil for one in which nothing sounds.
    ///
    /// - Complexity: O(*n*) in the frames of all parts, and in the number of parts; several sounds at a time take less
    ///   than one after the other.
    package func vectors(of requests: [Request]) -> [[TimbreVector?]] {
        switch self {
        case .earlier(let transform):
            return requests.map { request in
                let frames = EarlierFrames(bands: request.bands)
                return request.parts.map { part in
                    frames.descriptor(of: part).map { transform.vector(of: $0.values) }
                }
            }
        case .network(let network):
            var (descriptors, vectors): ([TimbreDescriptor], [TimbreVector]) = ([], [])
            let isHeard = requests.map { request in
                var frames = SoundFrames(bands: request.bands)
                return request.parts.map { part in
                    guard let descriptor = frames.descriptor(of: part) else { return false }
                    descriptors.append(descriptor)
                    if descriptors.count == Self.batch {
                        vectors += network.vectors(of: descriptors)
                        descriptors.removeAll(keepingCapacity: true)
                    }
                    return true
                }
            }
            vectors += network.vectors(of: descriptors)
            var rest = vectors[...]
            return isHeard.map { $0.map { $0 ? rest.removeFirst() : nil } }
        }
    }

    /// The vector of a whole sound; nil if nothing sounds.
    package func vector(of bands: [UInt8], frameCount: Int) -> TimbreVector? {
        vectors(of: [Request(bands: bands, parts: [0..<frameCount])])[0][0]
    }

    /// What some vectors have in common: their mean, brought to the length that all vectors of a network have; nil if there
    /// is none, or they point in all directions.
    ///
    /// - Precondition: They are this metric's, and fewer than 2⁴⁸.
    /// - Complexity: O(*n*).
    package func middle(of vectors: some Collection<TimbreVector>) -> TimbreVector? {
        guard !vectors.isEmpty else { return nil }
        var sums = [Int](repeating: 0, count: TimbreVector.dimension)
        for vector in vectors {
            for place in sums.indices { sums[place] += Int(vector[place]) }
        }
        let length = sums.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        let factor: Double
        switch self {
        case .earlier: factor = 1 / Double(vectors.count)
        case .network(let network):
            guard length > 0 else { return nil }
            factor = Double(network.weights.scale) / length
        }
        var middle = TimbreVector(first: SIMD64())
        for (place, sum) in sums.enumerated() {
            middle[place] = Int8(max(-127, min(127, (Double(sum) * factor).rounded(.toNearestOrEven))))
        }
        return middle
    }

    /// The metric's own value: the distance of two vectors, from their squared distance or a mean of such.
    package func distance(fromSquared squared: Double) -> Double {
        switch self {
        case .earlier(let transform): squared.squareRoot() * Double(transform.step)
        case .network(let network): network.distance(fromSquared: squared)
        }
    }

    /// The squared distance of two vectors that has this value in the metric's own unit.
    package func squared(fromDistance distance: Double) -> Double {
        let steps =
            switch self {
            case .earlier(let transform): distance / Double(transform.step)
            case .network(let network): distance * Double(network.weights.scale)
            }
        return steps * steps
    }

    /// Adds everything that determines vectors and distances.
    func append(to bytes: inout CanonicalBytes) {
        switch self {
        case .earlier(let transform):
            bytes.append("timbre transform")
            bytes.append(EarlierDescriptor.definition)
            bytes.append(transform.standardization.mean)
            bytes.append(transform.standardization.scale)
            bytes.append(transform.projection)
            bytes.append(Double(transform.step))
        case .network(let network): network.weights.append(to: &bytes)
        }
    }
}
