/// A symmetric matrix *A* brought to tridiagonal form: *A* = *Q* *T* *Q*ᵀ with orthogonal *Q*.
///
/// Householder's reduction, from the last row up: each reflection *I* − *v* *v*ᵀ/*h* clears a row left of the
/// subdiagonal. Sources: R. S. Martin, C. Reinsch and J. H. Wilkinson, "Householder's tridiagonalization of a symmetric
/// matrix", *Numer. Math.* 11 (1968), pp. 181-195 (EISPACK's `tred2`); G. H. Golub and C. F. Van Loan, *Matrix
/// Computations*, 4th ed. (2013), § 8.3.1.
struct Tridiagonalization {
    /// A vector whose squared norm is less is taken for zero: it could not be squared without losing digits.
    ///
    /// Beside elements of about 1 that changes nothing.
    private static let negligibleSquare = 0x1p-960

    /// The diagonal of *T*.
    private(set) var diagonal: [Double]
    /// What stands beside the diagonal: element *i* couples *i* and *i* + 1; the last is zero.
    private(set) var offDiagonal: [Double]

    /// The vector *v* of each reflection, in the first elements of the row that it clears.
    private var reflectors: Matrix
    /// The *h* of each reflection, half the squared norm of its *v*; zero where there is none.
    private var halfSquares: [Double]

    /// Reduces a matrix.
    ///
    /// - Parameter matrix: Square, its greatest element about 1; only its diagonal and what is below are read.
    /// - Complexity: O(*n*³).
    init(_ matrix: Matrix) {
        let size = matrix.rows
        reflectors = matrix
        diagonal = Array(repeating: 0, count: size)
        offDiagonal = diagonal
        halfSquares = diagonal
        for row in stride(from: size - 1, through: 1, by: -1) {
            var vector = Array(reflectors.values[reflectors.row(row, first: row)])
            let square = row > 1 ? vector.span.dot(vector.span) : 0
            if square < Self.negligibleSquare {
                offDiagonal[row - 1] = vector[row - 1]
                continue
            }
            // The sign that makes the subtraction below an addition.
            let norm = vector[row - 1] < 0 ? square.squareRoot() : -square.squareRoot()
            let half = square - vector[row - 1] * norm
            offDiagonal[row - 1] = norm
            vector[row - 1] -= norm
            reflectors.values.replaceSubrange(reflectors.row(row, first: row), with: vector)
            halfSquares[row] = half
            reflect(vector, half: half)
        }
        for row in 0..<size { diagonal[row] = reflectors[row, row] }
    }

    /// Applies a reflection from both sides to the leading rows: *A* − *v* *q*ᵀ − *q* *v*ᵀ,
    /// with *p* = *A* *v*/*h* and *q* = *p* − (*p*ᵀ*v*/2*h*) *v*.
    private mutating func reflect(_ vector: [Double], half: Double) {
        let size = vector.count
        var product = [Double](repeating: 0, count: size)
        for row in 0..<size {
            let elements = reflectors.values.span.extracting(reflectors.row(row, first: row))
            product[row] += elements.dot(vector.span.extracting(first: row)) + reflectors[row, row] * vector[row]
            product.add(vector[row], times: elements)
        }
        for row in 0..<size { product[row] /= half }
        let shared = product.span.dot(vector.span) / (2 * half)
        product.add(-shared, times: vector.span)
        for row in 0..<size {
            let start = row * reflectors.columns
            reflectors.values.add(-vector[row], times: product.span.extracting(first: row + 1), at: start)
            reflectors.values.add(-product[row], times: vector.span.extracting(first: row + 1), at: start)
        }
    }

    /// *Q* transposed: each row is a vector of the basis in which *A* is tridiagonal.
    ///
    /// - Complexity: O(*n*³).
    var basis: Matrix {
        let size = reflectors.rows
        var basis = Matrix(identity: size)
        // Up from the smallest reflection, each finds a product that has grown no further than itself.
        for count in 0..<size where halfSquares[count] > 0 {
            let vector = reflectors.values.span.extracting(reflectors.row(count, first: count))
            for row in 0..<count {
                let part = basis.values.span.extracting(basis.row(row, first: count)).dot(vector)
                basis.values.add(-part / halfSquares[count], times: vector, at: row * size)
            }
        }
        return basis
    }
}
