import CTimbreKernels

/// A matrix as the kernels multiply with it: so many outputs at a time, input by input.
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
