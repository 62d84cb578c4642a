import LinearAlgebra

/// Numbers in -1..<1, the same in every run. Source: <https://prng.di.unimi.it/splitmix64.c>.
struct RandomNumbers {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) * 0x1p-52 - 1
    }

    mutating func vector(_ count: Int) -> [Double] { (0..<count).map { _ in next() } }

    mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns, values: vector(rows * columns))
    }

    /// A symmetric matrix; the elements below the diagonal are drawn row by row.
    mutating func symmetric(_ size: Int) -> Matrix {
        var matrix = Matrix(rows: size, columns: size)
        for row in 0..<size {
            for column in 0...row {
                matrix[row, column] = next()
                matrix[column, row] = matrix[row, column]
            }
        }
        return matrix
    }

    /// *M* *M*ᵀ + *I*/10 for a random *M*.
    mutating func positiveDefinite(_ size: Int) -> Matrix {
        let root = matrix(size, size)
        var matrix = plainProduct(root, root.transposed)
        for index in 0..<size { matrix[index, index] += 0.1 }
        return matrix
    }
}

/// The product by its definition.
func plainProduct(_ left: Matrix, _ right: Matrix) -> Matrix {
    var product = Matrix(rows: left.rows, columns: right.columns)
    for row in 0..<left.rows {
        for column in 0..<right.columns {
            var sum = 0.0
            for index in 0..<left.columns { sum += left[row, index] * right[index, column] }
            product[row, column] = sum
        }
    }
    return product
}

/// The product of a matrix and a vector.
func product(_ matrix: Matrix, _ vector: [Double]) -> [Double] {
    plainProduct(matrix, Matrix(rows: vector.count, columns: 1, values: vector)).values
}

/// The matrix with zeros above the diagonal.
func lowerPart(of matrix: Matrix) -> Matrix {
    var lower = matrix
    for row in 0..<matrix.rows {
        for column in row + 1..<matrix.columns { lower[row, column] = 0 }
    }
    return lower
}

/// The greatest absolute difference of two elements.
func distance(_ one: Matrix, _ other: Matrix) -> Double {
    precondition(one.rows == other.rows && one.columns == other.columns)
    return distance(one.values, other.values)
}

func distance(_ one: [Double], _ other: [Double]) -> Double {
    precondition(one.count == other.count)
    // A difference that is not a number is greater than any.
    return zip(one, other).map { abs($0 - $1) }.reduce(0) { $1 <= $0 ? $0 : $1 }
}

/// The elements of a row.
func row(_ row: Int, of matrix: Matrix) -> [Double] {
    Array(matrix.values[row * matrix.columns..<(row + 1) * matrix.columns])
}

/// A matrix that is zero but for its diagonal.
func diagonal(_ values: [Double]) -> Matrix {
    var matrix = Matrix(rows: values.count, columns: values.count)
    for (index, value) in values.enumerated() { matrix[index, index] = value }
    return matrix
}

/// A hash of the bits of numbers: FNV-1a of 64 bits over the bytes of each, the lowest first.
func bitHash(_ numbers: [Double]) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for number in numbers {
        for place in 0..<8 {
            hash = (hash ^ number.bitPattern >> UInt64(8 * place) & 255) &* 0x100_0000_01B3
        }
    }
    return hash
}
