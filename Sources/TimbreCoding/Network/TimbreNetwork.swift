import CTimbreKernels

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

    /// From standardised descriptors to the linear parts, the bypasses and the precise part, and to all hidden units.
    private let entrance: PanelMatrix
    /// From the units of each branch to its 64 numbers.
    private let outputs: [PanelMatrix]
    private let projection: PanelMatrix
    /// What the precise part gives for its mean.
    private let preciseOrigin: [Float]

    /// - Throws: ``TimbreModelError`` if the shapes do not fit each other, or a number is not finite.
    package init(_ weights: NetworkWeights) throws(TimbreModelError) {
        try weights.check()
        self.weights = weights
        let inputs = weights.mean.count
        let precise = weights.precise.map { HalfFloats.number($0) }
        let linear = [weights.linear] + weights.branches.map(\.bypass)
        entrance = PanelMatrix(
            inputs: inputs,
            linear.map { part in part.map { HalfFloats.number($0) } } + [precise]
                + weights.branches.map { $0.hidden.map { HalfFloats.number($0) } })
        outputs = weights.branches.map { branch in
            PanelMatrix(inputs: branch.hiddenBias.count, [branch.output.map { HalfFloats.number($0) }])
        }
        projection = PanelMatrix(inputs: weights.joinedWidth, [weights.projection.map { HalfFloats.number($0) }])
        let matrix = PanelMatrix(inputs: inputs, [precise])
        var origin = [Float](repeating: 0, count: NetworkWeights.partWidth)
        matrix.multiply(weights.preciseMean, count: 1, to: &origin)
        preciseOrigin = origin
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
            let joined = joinedParts(of: standardised(block), count: block.count)
            return stride(from: 0, to: joined.count, by: weights.joinedWidth).map {
                Array(joined[$0..<$0 + weights.joinedWidth])
            }
        }
    }

    /// The vector of a sound of which the numbers of all parts are known.
    package func vector(ofJoinedParts parts: [Float]) -> TimbreVector { rounded(projected(parts, count: 1)[...]) }

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
        rows.reserveCapacity(descriptors.count * entrance.inputs)
        for descriptor in descriptors { rows += descriptor.values }
        var standardised = rows
        unsafe timbre_standardise(
            rows, descriptors.count, entrance.inputs, weights.mean, weights.deviation, Self.limit, &standardised)
        return standardised
    }

    /// The components of vectors as they are before rounding: of length 1, shape `[count, 128]`.
    ///
    /// - Parameter rows: Standardised descriptors, shape `[count, n]`.
    func components(of rows: [Float], count: Int) -> [Float] {
        let joined = joinedParts(of: rows, count: count)
        return projected(joined, count: count)
    }

    /// The numbers of all parts, each part of a length of its own, shape `[count, p]`.
    func joinedParts(of rows: [Float], count: Int) -> [Float] {
        let width = NetworkWeights.partWidth
        var given = [Float](repeating: 0, count: count * entrance.outputs)
        entrance.multiply(rows, count: count, to: &given)
        var joined = [Float](repeating: 0, count: count * weights.joinedWidth)
        for row in 0..<count {
            let (from, to) = (row * entrance.outputs, row * weights.joinedWidth)
            Self.scale(given[from..<from + width], to: 1, in: &joined, at: to)
            let precise = weights.branches.count + 1
            var part = Array(given[from + precise * width..<from + (precise + 1) * width])
            for place in part.indices { part[place] -= preciseOrigin[place] }
            Self.scale(part[...], to: weights.preciseShare.squareRoot(), in: &joined, at: to + precise * width)
        }
        for place in weights.branches.indices { add(branch: place, given, count: count, to: &joined) }
        return joined
    }

    private func add(branch place: Int, _ given: [Float], count: Int, to joined: inout [Float]) {
        let (branch, output, width) = (weights.branches[place], outputs[place], NetworkWeights.partWidth)
        // Hidden units come behind the linear part, the bypasses and the precise part, branch by branch.
        let first = (weights.branches.count + 2) * width + outputs[..<place].reduce(0) { $0 + $1.inputs }
        var units = [Float](repeating: 0, count: count * output.inputs)
        for row in 0..<count {
            unsafe given.withUnsafeBufferPointer { given in
                unsafe units.withUnsafeMutableBufferPointer { units in
                    unsafe timbre_normalise(
                        given.baseAddress! + row * entrance.outputs + first, branch.hiddenBias, branch.gain,
                        branch.offset, output.inputs, units.baseAddress! + row * output.inputs)
                }
            }
        }
        var results = [Float](repeating: 0, count: count * width)
        output.multiply(units, count: count, to: &results)
        let share = 1 / Float(weights.branches.count).squareRoot()
        for row in 0..<count {
            let bypass = row * entrance.outputs + (1 + place) * width
            for column in 0..<width {
                let result = results[row * width + column] + branch.outputBias[column]
                results[row * width + column] = given[bypass + column] + 0.5 * result
            }
            Self.scale(
                results[row * width..<(row + 1) * width], to: share, in: &joined,
                at: row * weights.joinedWidth + (1 + place) * width)
        }
    }

    /// Projects the numbers of all parts, shape `[count, p]`, and brings the results to length 1.
    func projected(_ joined: [Float], count: Int) -> [Float] {
        var centred = joined
        for row in 0..<count {
            let start = row * weights.joinedWidth
            for (place, mean) in weights.projectionMean.enumerated() { centred[start + place] -= mean }
        }
        var components = [Float](repeating: 0, count: count * TimbreVector.dimension)
        projection.multiply(centred, count: count, to: &components)
        unsafe components.withUnsafeMutableBufferPointer { components in
            for row in 0..<count {
                unsafe timbre_scale_to(
                    1, components.baseAddress! + row * TimbreVector.dimension, TimbreVector.dimension)
            }
        }
        return components
    }

    /// Copies numbers and brings the copy to a length.
    private static func scale(
        _ numbers: ArraySlice<Float>, to length: Float, in rows: inout [Float], at place: Int
    ) {
        for (offset, number) in numbers.enumerated() { rows[place + offset] = number }
        unsafe rows.withUnsafeMutableBufferPointer { rows in
            unsafe timbre_scale_to(length, rows.baseAddress! + place, numbers.count)
        }
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
