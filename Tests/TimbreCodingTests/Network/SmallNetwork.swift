import SoundFeatures
import TimbreCodes
import TimbreDescriptors

@testable import TimbreCoding

/// Networks of few units whose weights are drawn at random, and what they compute, plainly.
struct SmallNetwork {
    let weights: NetworkWeights

    init(seed: UInt64 = 1, branches: Int = 2, units: Int = 32) {
        var generator = SeededGenerator(seed: seed)
        func floats(_ count: Int, from low: Double, to high: Double) -> [Float] {
            (0..<count).map { _ in Float(low + (high - low) * generator.fraction()) }
        }
        func halves(_ count: Int) -> [UInt16] { floats(count, from: -0.5, to: 0.5).map(HalfFloats.bits) }
        let count = TimbreDescriptor.count
        let joined = 64 * (branches + 2)
        weights = NetworkWeights(
            mean: floats(count, from: -20, to: 20), deviation: floats(count, from: 1, to: 30),
            linear: halves(count * 64),
            branches: (0..<branches).map { _ in
                NetworkWeights.Branch(
                    hidden: halves(count * units), hiddenBias: floats(units, from: -1, to: 1),
                    gain: floats(units, from: 0.5, to: 1.5), offset: floats(units, from: -0.5, to: 0.5),
                    output: halves(units * 64), outputBias: floats(64, from: -1, to: 1), bypass: halves(count * 64))
            }, preciseMean: floats(count, from: -0.2, to: 0.2), precise: halves(count * 64), preciseShare: 0.05,
            projectionMean: floats(joined, from: -0.05, to: 0.05), projection: halves(joined * 128), scale: 240)
    }

    /// The components of the vector of standardised descriptors, in double precision.
    func components(ofStandardised z: [Double]) -> [Double] {
        var joined = unit(product(z, weights.linear, 64))
        let share = 1 / Double(weights.branches.count).squareRoot()
        for branch in weights.branches {
            let units = zip(product(z, branch.hidden, branch.hiddenBias.count), branch.hiddenBias).map {
                $0 + Double($1)
            }
            let mean = units.reduce(0, +) / Double(units.count)
            let variance = units.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(units.count)
            let active = units.enumerated().map { place, value in
                max(
                    0,
                    (value - mean) / (variance + 1e-5).squareRoot() * Double(branch.gain[place])
                        + Double(branch.offset[place]))
            }
            let output = zip(product(active, branch.output, 64), branch.outputBias).map { $0 + Double($1) }
            let sum = zip(product(z, branch.bypass, 64), output).map { $0 + 0.5 * $1 }
            joined += unit(sum).map { $0 * share }
        }
        let precise = product(zip(z, weights.preciseMean).map { $0 - Double($1) }, weights.precise, 64)
        joined += unit(precise).map { $0 * Double(weights.preciseShare).squareRoot() }
        return unit(product(zip(joined, weights.projectionMean).map { $0 - Double($1) }, weights.projection, 128))
    }

    private func product(_ row: [Double], _ matrix: [UInt16], _ columns: Int) -> [Double] {
        (0..<columns).map { column in
            row.indices.reduce(0) { $0 + row[$1] * Double(HalfFloats.number(matrix[$1 * columns + column])) }
        }
    }

    private func unit(_ row: [Double]) -> [Double] {
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-9
        return row.map { $0 / length }
    }

    /// Descriptors that are drawn at random, some of them far from the mean.
    static func descriptors(_ count: Int, seed: UInt64) -> [TimbreDescriptor] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            TimbreDescriptor(values: (0..<TimbreDescriptor.count).map { _ in Float(200 * generator.fraction() - 100) })
        }
    }
}
