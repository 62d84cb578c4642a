import TimbreCodes
import TimbreDescriptors

/// The numbers that a network has learnt, as its model keeps them; matrices row by row, a row for each input.
package struct NetworkWeights: Hashable, Sendable {
    /// One of several small nets: a layer of *h* units, and a linear way around it.
    package struct Branch: Hashable, Sendable {
        /// Shapes `[n, h]` in 16 bits, and `[h]`.
        package var hidden: [UInt16]
        package var hiddenBias: [Float]
        /// What normalised units are multiplied with, and what is added to them, shape `[h]`.
        package var gain: [Float]
        package var offset: [Float]
        /// Shapes `[h, 64]` in 16 bits, and `[64]`.
        package var output: [UInt16]
        package var outputBias: [Float]
        /// Shape `[n, 64]` in 16 bits.
        package var bypass: [UInt16]
    }

    /// Numbers that each part of the network gives.
    static let partWidth = 64

    /// The mean and the standard deviation of each descriptor, shape `[n]`.
    package var mean: [Float]
    package var deviation: [Float]
    /// The linear part, shape `[n, 64]` in 16 bits.
    package var linear: [UInt16]
    package var branches: [Branch]
    /// The precise part: what is subtracted before, shape `[n]`, the matrix, shape `[n, 64]` in 16 bits, and how much of a
    /// squared distance it makes up beside the others.
    package var preciseMean: [Float]
    package var precise: [UInt16]
    package var preciseShare: Float
    /// The last projection: what is subtracted before, shape `[p]`, and the matrix, shape `[p, 128]` in 16 bits, *p* being
    /// 64 for each part.
    package var projectionMean: [Float]
    package var projection: [UInt16]
    /// What a component of 1 is rounded to.
    package var scale: Float

    /// No number is larger.
    private static let largest: Float = 1e6

    /// Numbers that all parts give together.
    var joinedWidth: Int { Self.partWidth * (branches.count + 2) }

    /// Makes sure that the shapes fit each other, and that all numbers are finite.
    func check() throws(TimbreModelError) {
        let count = mean.count
        let width = Self.partWidth
        guard count == TimbreDescriptor.count else {
            throw .wrongShape("its network is for \(count) descriptors, not for \(TimbreDescriptor.count)")
        }
        guard (1...8).contains(branches.count) else { throw .wrongShape("a network of \(branches.count) branches") }
        try Self.check("deviations", deviation.count, count)
        try Self.check("linear part", linear.count, count * width)
        for branch in branches {
            let units = branch.hiddenBias.count
            guard (16...4096).contains(units), units % 16 == 0 else {
                throw .wrongShape("a branch of its network has \(units) units, not a multiple of 16 up to 4096")
            }
            try Self.check("branch", branch.hidden.count, count * units)
            try Self.check("gains", branch.gain.count, units)
            try Self.check("offsets", branch.offset.count, units)
            try Self.check("branch's output", branch.output.count, units * width)
            try Self.check("branch's output", branch.outputBias.count, width)
            try Self.check("bypass", branch.bypass.count, count * width)
        }
        try Self.check("precise part", preciseMean.count, count)
        try Self.check("precise part", precise.count, count * width)
        try Self.check("projection", projectionMean.count, joinedWidth)
        try Self.check("projection", projection.count, joinedWidth * TimbreVector.dimension)
        let isFinite =
            numbers.allSatisfy { $0.allSatisfy { $0.isFinite } } && matrices.allSatisfy { $0.allSatisfy(Self.isFinite) }
            && preciseShare.isFinite && scale.isFinite
        guard isFinite else { throw .notFinite }
        // So that no sum of products overflows.
        let isSmall = numbers.allSatisfy { $0.allSatisfy { abs($0) <= Self.largest } } && preciseShare <= Self.largest
        guard isSmall else { throw .damaged("a number of its network is beyond \(Self.largest)") }
        guard deviation.allSatisfy({ $0 > 0 }) else { throw .damaged("a deviation of its network is not above 0") }
        guard preciseShare >= 0 else { throw .damaged("the precise part's share is below 0") }
        guard scale >= 1, scale <= Self.largest else {
            throw .damaged("the scale of its network does not lie between 1 and \(Self.largest)")
        }
    }

    private static func check(_ what: String, _ count: Int, _ expected: Int) throws(TimbreModelError) {
        guard count == expected else { throw .wrongShape("its network's \(what): \(count) numbers, not \(expected)") }
    }

    private static func isFinite(_ half: UInt16) -> Bool { half & 0x7c00 != 0x7c00 }

    /// All arrays of numbers, and of those in 16 bits, in a fixed order.
    private var numbers: [[Float]] {
        [mean, deviation] + branches.flatMap { [$0.hiddenBias, $0.gain, $0.offset, $0.outputBias] }
            + [preciseMean, projectionMean]
    }

    private var matrices: [[UInt16]] {
        [linear] + branches.flatMap { [$0.hidden, $0.output, $0.bypass] } + [precise, projection]
    }

    /// Adds everything that determines vectors and distances.
    func append(to bytes: inout CanonicalBytes) {
        bytes.append("timbre network")
        bytes.append(TimbreDescriptor.definition)
        for numbers in numbers { bytes.append(numbers) }
        for matrix in matrices { bytes.append(matrix) }
        bytes.append(Double(preciseShare))
        bytes.append(Double(scale))
    }
}

/// IEEE 754 numbers of 16 bits, as weights are stored.
enum HalfFloats {
    /// The number that some bits stand for.
    static func number(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let (exponent, fraction) = (UInt32(bits >> 10 & 31), UInt32(bits & 0x3ff))
        switch exponent {
        case 0:
            let size = Float(fraction) * 0x1p-24
            return sign == 0 ? size : -size
        case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// The bits of the nearest number that has 16; infinite beyond ±65 504.
    static func bits(_ number: Float) -> UInt16 {
        let sign = UInt16(number.bitPattern >> 16 & 0x8000)
        let size = number.magnitude
        guard size == size else { return 0x7e00 }
        guard size < 65520 else { return sign | 0x7c00 }
        // Below the least normal number, steps are equal.
        if size < 0x1p-14 { return sign | UInt16((size * 0x1p24).rounded(.toNearestOrEven)) }
        let pattern = size.bitPattern
        let rounded = (pattern + 0xfff + (pattern >> 13 & 1)) >> 13
        return sign | UInt16(rounded - 112 << 10)
    }
}
