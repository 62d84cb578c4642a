import CTimbreKernels
import TimbreCodes

/// The weights of a network as it computes with them, and what it computes row by row.
struct NetworkLayers: Sendable {
    private let weights: NetworkWeights
    /// From standardised descriptors to the linear parts, the bypasses and the precise part, and to all hidden units.
    private let entrance: PanelMatrix
    /// From the units of each branch to its 64 numbers.
    private let outputs: [PanelMatrix]
    private let projection: PanelMatrix
    /// What the precise part gives for its mean.
    private let preciseOrigin: [Float]

    /// - Precondition: The shapes of the weights fit each other.
    init(_ weights: NetworkWeights) {
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
}

/// A matrix as the kernels multiply with it: in panels of a few outputs, input by input.
struct PanelMatrix: Sendable {
    /// How many numbers a row that is multiplied has.
    let inputs: Int
    /// How many a product has, a multiple of `TIMBRE_PANEL`.
    let outputs: Int

    private let panels: [Float]

    /// Lays matrices of the same inputs side by side.
    ///
    /// - Parameter matrices: The weights of each, shape `[inputs, n]`, row by row, *n* being a multiple of `TIMBRE_PANEL`.
    init(inputs: Int, _ matrices: [[Float]]) {
        let width = Int(TIMBRE_PANEL)
        self.inputs = inputs
        var panels: [Float] = []
        panels.reserveCapacity(matrices.reduce(0) { $0 + $1.count })
        for weights in matrices {
            let columns = weights.count / inputs
            precondition(columns * inputs == weights.count && columns % width == 0)
            for first in stride(from: 0, to: columns, by: width) {
                for input in 0..<inputs { panels += weights[input * columns + first..<input * columns + first + width] }
            }
        }
        outputs = panels.count / inputs
        self.panels = panels
    }

    /// Multiplies rows, shape `[count, inputs]`.
    ///
    /// - Parameter products: Receives the products, shape `[count, outputs]`; it has room for them.
    /// - Complexity: O(*inputs* · *outputs*) for each row; of several rows at a time less, as weights are read once.
    func multiply(_ rows: [Float], count: Int, to products: inout [Float]) {
        precondition(rows.count >= count * inputs && products.count >= count * outputs)
        unsafe timbre_multiply(rows, count, inputs, panels, outputs / Int(TIMBRE_PANEL), &products)
    }
}
