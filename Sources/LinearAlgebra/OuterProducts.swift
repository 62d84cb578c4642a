/// The sum of the outer products *d* *d*ᵀ of vectors given one by one.
///
/// Vectors are gathered, 32 at a time, and then added together, so that the sum, which is too great for the nearest
/// caches, is read and written once for all of them. The order of additions is that of the vectors.
struct OuterProducts: Sendable {
    /// How many vectors are gathered.
    private static let blockLength = 32

    /// Components of a vector.
    let dimension: Int

    /// How many groups of four components a vector has; the last is filled with zeros.
    private let groupCount: Int
    /// Vectors not yet added, shape `[groupCount, 32]`: each group of all vectors, then the next.
    private var block: [SIMD4<Double>]
    /// How many these are.
    private var pending = 0
    /// The sum, shape `[4 groupCount, groupCount]`; below the diagonal, only what shares a group with it is kept.
    private var sums: [SIMD4<Double>]

    init(dimension: Int) {
        precondition(dimension > 0)
        self.dimension = dimension
        groupCount = (dimension + 3) / 4
        block = Array(repeating: .zero, count: groupCount * Self.blockLength)
        sums = Array(repeating: .zero, count: 4 * groupCount * groupCount)
    }

    /// Adds the outer product of a vector with itself.
    ///
    /// - Complexity: O(*n*²), most of it at every 32nd call.
    mutating func add(_ vector: [Double]) {
        precondition(vector.count == dimension)
        for index in 0..<dimension {
            block[index / 4 * Self.blockLength + pending][index % 4] = vector[index]
        }
        pending += 1
        if pending == Self.blockLength { addBlock() }
    }

    /// The sum, symmetric, shape `[dimension, dimension]`.
    var sum: Matrix {
        var whole = self
        whole.addBlock()
        var result = Matrix(rows: dimension, columns: dimension)
        for row in 0..<dimension {
            for column in row..<dimension {
                let value = whole.sums[row * groupCount + column / 4][column % 4]
                result[row, column] = value
                result[column, row] = value
            }
        }
        return result
    }

    /// Adds the vectors that are pending.
    private mutating func addBlock() {
        for top in 0..<groupCount {
            for left in top..<groupCount { addBlock(top, left) }
        }
        pending = 0
    }

    /// Adds to four rows of the sum, in one group of columns.
    private mutating func addBlock(_ top: Int, _ left: Int) {
        let place = 4 * top * groupCount + left
        var first = sums[place]
        var second = sums[place + groupCount]
        var third = sums[place + 2 * groupCount]
        var fourth = sums[place + 3 * groupCount]
        for index in 0..<pending {
            let factors = block[top * Self.blockLength + index]
            let vector = block[left * Self.blockLength + index]
            first += vector * factors.x
            second += vector * factors.y
            third += vector * factors.z
            fourth += vector * factors.w
        }
        sums[place] = first
        sums[place + groupCount] = second
        sums[place + 2 * groupCount] = third
        sums[place + 3 * groupCount] = fourth
    }
}
