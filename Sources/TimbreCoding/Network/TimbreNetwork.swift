import CTimbreKernels
import TimbreCodes
import TimbreDescriptors

/// What makes a sound's descriptors a point: the learnt part of the timbre metric.
///
/// Descriptors are standardised. A discriminant analysis, one or more small nets and a precise part (principal components, which
/// keep near-twins near) give 64 numbers each, of a length of their own; these, side by side, are projected onto 128
/// components, brought to length 1 and rounded to 8 bits. A vector is the same whether it is computed alone or among
/// others, on processors of one kind: where a processor multiplies and adds in one step, the last bit may differ.
package struct TimbreNetwork: Sendable {
    /// How far from the mean a descriptor may lie, in standard deviations; one beyond is taken to lie there.
    static let limit: Float = 6
    /// Rows that are computed at a time: what they give then stays near the processor.
    private static let block = 24

    /// What was learnt.
    package let weights: NetworkWeights
    private let layers: NetworkLayers

    /// - Throws: ``TimbreModelError`` if the shapes do not fit each other, or a number is not finite.
    package init(_ weights: NetworkWeights) throws(TimbreModelError) {
        try weights.check()
        self.weights = weights
        layers = NetworkLayers(weights)
    }

    /// The vectors of some sounds.
    ///
    /// - Complexity: Some 600,000 multiplications a sound for one branch of 1,024 units; a sound alone takes several times
    ///   as long as one among many.
    package func vectors(of descriptors: [TimbreDescriptor]) -> [TimbreVector] {
        var vectors: [TimbreVector] = []
        vectors.reserveCapacity(descriptors.count)
        for first in stride(from: 0, to: descriptors.count, by: Self.block) {
            let block = descriptors[first..<min(first + Self.block, descriptors.count)]
            let components = components(of: standardised(block), count: block.count)
            for start in stride(from: 0, to: components.count, by: TimbreVector.dimension) {
                vectors.append(rounded(components[start..<start + TimbreVector.dimension]))
            }
        }
        return vectors
    }

    /// Whether all but the last projection is the same.
    package func hasSameParts(as other: TimbreNetwork) -> Bool {
        var weights = weights
        weights.projectionMean = other.weights.projectionMean
        weights.projection = other.weights.projection
        weights.scale = other.weights.scale
        return weights == other.weights
    }

    /// What the last projection is given: the numbers of all parts of some sounds, shape `[p]` each.
    package func joinedParts(of descriptors: [TimbreDescriptor]) -> [[Float]] {
        stride(from: 0, to: descriptors.count, by: Self.block).flatMap { first in
            let block = descriptors[first..<min(first + Self.block, descriptors.count)]
            let joined = layers.joinedParts(of: standardised(block), count: block.count)
            return stride(from: 0, to: joined.count, by: weights.joinedWidth).map {
                Array(joined[$0..<$0 + weights.joinedWidth])
            }
        }
    }

    /// The vector of a sound of which the numbers of all parts are known.
    package func vector(ofJoinedParts parts: [Float]) -> TimbreVector {
        rounded(layers.projected(parts, count: 1)[...])
    }

    private func rounded(_ components: ArraySlice<Float>) -> TimbreVector {
        var vector = TimbreVector(first: SIMD64())
        for (place, component) in components.enumerated() {
            let step = (component * weights.scale).rounded(.toNearestOrEven)
            vector[place] = Int8(max(-127, min(127, step)))
        }
        return vector
    }

    /// The components of a sound's vector as they are before rounding: of length 1, shape `[128]`.
    package func components(of descriptor: TimbreDescriptor) -> [Float] {
        components(of: standardised([descriptor][...]), count: 1)
    }

    /// Standardised descriptors, shape `[count, n]`.
    func standardised(_ descriptors: ArraySlice<TimbreDescriptor>) -> [Float] {
        var rows: [Float] = []
        rows.reserveCapacity(descriptors.count * weights.mean.count)
        for descriptor in descriptors { rows += descriptor.values }
        var standardised = rows
        unsafe timbre_standardise(
            rows, descriptors.count, weights.mean.count, weights.mean, weights.deviation, Self.limit, &standardised)
        return standardised
    }

    /// The components of vectors as they are before rounding: of length 1, shape `[count, 128]`.
    ///
    /// - Parameter rows: Standardised descriptors, shape `[count, n]`.
    func components(of rows: [Float], count: Int) -> [Float] {
        layers.projected(layers.joinedParts(of: rows, count: count), count: count)
    }

    /// The metric's own value: the distance of two vectors, those of all sounds being of length 1. 0 to 2, and a little
    /// more for what rounding adds.
    ///
    /// - Parameter squared: ``TimbreVector/squaredDistance(to:)``, or a mean of such.
    package func distance(fromSquared squared: Double) -> Double { squared.squareRoot() / Double(weights.scale) }
}

extension TimbreNetwork: Hashable {
    package static func == (a: TimbreNetwork, b: TimbreNetwork) -> Bool { a.weights == b.weights }

    package func hash(into hasher: inout Hasher) { hasher.combine(weights) }
}
