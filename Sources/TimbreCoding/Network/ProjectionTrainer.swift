import LinearAlgebra
import TimbreCodes

/// Learns from labelled sounds how a network's last projection is to weigh what its parts give; the parts stay.
///
/// Fisher's linear discriminant analysis finds the directions in which labels differ most against how sounds of one label
/// do; a label counts by the root of the number of its sounds. What it gives is put beside what the shipped projection
/// gives, a quarter against three quarters of the squared distance, and the principal components of both are the new
/// projection. The same sounds in the same order give the same projection, bit for bit.
package struct ProjectionTrainer: Sendable {
    /// Fewer sounds say too little.
    package static let fewestSounds = 128
    /// The share of the squared distance that comes from what was learnt.
    private static let share = 0.25
    /// How many directions are learnt at most.
    private static let mostDirections = 64
    /// The share of the mean variance that is added to every direction of what is alike, so that none is taken to be
    /// noiseless for want of examples.
    private static let ridge = 0.02
    /// The share of components that may be cut off by rounding.
    private static let clipped = 0.001

    /// Why nothing was learnt.
    package enum Failure: Error, Equatable {
        /// There are fewer than ``fewestSounds``, or no two labels of two sounds each.
        case tooFew
        /// The sounds do not differ.
        case alike
    }

    /// What was learnt: the network, and the reference sounds of a score as it places them.
    package struct Result: Sendable {
        package var network: TimbreNetwork
        package var reference: [TimbreVector]
    }

    private let network: TimbreNetwork
    private var sounds: [(parts: [Float], label: String)] = []

    package init(_ network: TimbreNetwork) { self.network = network }

    /// Takes a sound in.
    ///
    /// - Parameter parts: ``TimbreNetwork/joinedParts(of:)``.
    package mutating func add(_ parts: [Float], label: String) { sounds.append((parts, label)) }

    /// Learns the projection.
    ///
    /// - Parameter reference: Vectors under the network, which are to be placed under the new one.
    /// - Complexity: O(*m* *p*² + *p*³) for *m* sounds of *p* numbers.
    package func train(placing reference: [TimbreVector]) throws(Failure) -> Result {
        let classes = classes
        guard sounds.count >= Self.fewestSounds, classes.count >= 2 else { throw .tooFew }
        do {
            let mean = mean
            return try combine(try directions(classes, mean: mean), mean: mean, placing: reference)
        } catch {
            throw .alike
        }
    }

    /// The sounds of each label that has several, the labels in the order of their names.
    private var classes: [[Int]] {
        var members: [String: [Int]] = [:]
        for (place, sound) in sounds.enumerated() { members[sound.label, default: []].append(place) }
        return members.filter { $0.value.count >= 2 }.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The mean of all sounds' parts, shape `[p]`.
    private var mean: [Double] {
        var moments = Moments(dimension: network.weights.joinedWidth)
        for sound in sounds {
            let parts = sound.parts
            moments.add(parts.span)
        }
        return moments.mean
    }

    /// The directions in which labels differ, shape `[k, p]`.
    private func directions(_ classes: [[Int]], mean: [Double]) throws(LinearAlgebraError) -> Matrix {
        let dimension = network.weights.joinedWidth
        var within = Matrix(rows: dimension, columns: dimension)
        var between = within
        for members in classes {
            var own = Moments(dimension: dimension)
            for member in members {
                let parts = sounds[member].parts
                own.add(parts.span)
            }
            let weight = Double(members.count).squareRoot()
            let away = Matrix(rows: dimension, columns: 1, values: zip(own.mean, mean).map { $0 - $1 })
            within = within.adding(own.scatter, times: 1 / weight)
            between = between.adding(away.multiplied(by: away.transposed), times: weight)
        }
        let trace = (0..<dimension).reduce(0) { $0 + within[$1, $1] }
        let ridged = within.adding(Matrix(identity: dimension), times: Self.ridge * trace / Double(dimension))
        return try GeneralizedEigen(
            between, against: ridged, count: min(Self.mostDirections, classes.count - 1)
        ).directions
    }

    /// Puts what was learnt beside what is shipped.
    private func combine(_ learnt: Matrix, mean: [Double], placing reference: [TimbreVector]) throws -> Result {
        let (count, width) = (TimbreVector.dimension, network.weights.joinedWidth)
        let shipped = Matrix(
            rows: width, columns: count, values: network.weights.projection.map { Double(HalfFloats.number($0)) })
        let rows = Matrix(
            rows: sounds.count, columns: width,
            values: sounds.flatMap { sound in zip(sound.parts, mean).map { Double($0) - $1 } })
        // Both sides, of unit mean square, by columns of a matrix.
        let sides = [(shipped, 1 - Self.share), (learnt.transposed, Self.share)].map { side, share in
            let given = rows.multiplied(by: side)
            let square = given.values.reduce(0) { $0 + $1 * $1 } / Double(sounds.count)
            return side.scaled(by: (share / max(square, 1e-12)).squareRoot())
        }
        let joint = sides[0].joined(to: sides[1])
        let given = rows.multiplied(by: joint)
        let principal = try SymmetricEigen(given.transposedMultiplied(by: given)).vectors
        let axes = principal.prefix(rows: count).transposedMultiplied(
            by: Matrix(rows: count, columns: count, values: BlockRotation.elements.flatMap(\.self)))
        let projection = joint.multiplied(by: axes)

        var weights = network.weights
        weights.projectionMean = mean.map(Float.init)
        weights.projection = projection.values.map { HalfFloats.bits(Float($0)) }
        weights.scale = Self.scale(rows.multiplied(by: projection), most: weights.scale)
        let trained = try TimbreNetwork(weights)
        if reference.isEmpty { return Result(network: trained, reference: []) }
        let placement = try ReferencePlacement(
            known: sounds.map { network.vector(ofJoinedParts: $0.parts) }, given: given.multiplied(by: axes),
            scale: weights.scale)
        return Result(network: trained, reference: placement.place(reference))
    }

    /// What a component of 1 can be rounded to so that few are cut off.
    private static func scale(_ given: Matrix, most: Float) -> Float {
        var sizes: [Double] = []
        for row in 0..<given.rows {
            let components = (0..<given.columns).map { given[row, $0] }
            let length = components.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-9
            sizes += components.map { abs($0) / length }
        }
        sizes.sort()
        let greatest = sizes[Int(Double(sizes.count - 1) * (1 - clipped))]
        return min(most, Float(127 / greatest))
    }
}

/// Turns components that are ordered by variance so that those of a block vary alike.
///
/// Rounding to 8 bits costs least if all components of a vector vary alike; a search that bounds distances by the first
/// components reads least if these vary most. Turned within blocks of 16, 16, 32 and 64 components they do both: a
/// search reads the first block, then the second, then the rest. Hadamard matrices spread each component evenly over its block.
enum BlockRotation {
    private static let blocks = [16, 16, 32, 64]

    /// The matrix by which rows of 128 components are multiplied from the right.
    static let elements: [[Double]] = {
        var rows = [[Double]](
            repeating: Array(repeating: 0, count: TimbreVector.dimension), count: TimbreVector.dimension)
        var start = 0
        for size in blocks {
            let norm = 1 / Double(size).squareRoot()
            for row in 0..<size {
                for column in 0..<size {
                    // Sylvester's construction: the sign is the parity of the bits that both places have.
                    rows[start + row][start + column] = (row & column).nonzeroBitCount % 2 == 0 ? norm : -norm
                }
            }
            start += size
        }
        return rows
    }()
}

extension Matrix {
    /// This matrix with the columns of another, of as many rows, behind its own.
    fileprivate func joined(to other: Matrix) -> Matrix {
        var joined = Matrix(rows: rows, columns: columns + other.columns)
        for row in 0..<rows {
            for column in 0..<columns { joined[row, column] = self[row, column] }
            for column in 0..<other.columns { joined[row, columns + column] = other[row, column] }
        }
        return joined
    }
}
