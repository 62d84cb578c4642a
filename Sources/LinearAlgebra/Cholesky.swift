/// The Cholesky factor of a symmetric positive definite matrix *A* = *L* *L*ᵀ, with *L* lower triangular.
///
/// Source: Golub and Van Loan, *Matrix Computations*, 4th ed. (2013), § 4.2. The same matrix gives the same bits on
/// every machine.
package struct Cholesky: Hashable, Sendable {
    /// *L*, shape `[n, n]`, zero above the diagonal.
    package private(set) var factor: Matrix

    /// Factors a matrix.
    ///
    /// - Parameter matrix: Square and symmetric; only its diagonal and what is below are read.
    /// - Throws: ``LinearAlgebraError/notFinite``, or ``LinearAlgebraError/notPositiveDefinite(row:)`` if a pivot is
    ///   not above *n* roundings of its diagonal element, where it would be noise.
    /// - Complexity: O(*n*³).
    package init(_ matrix: Matrix) throws(LinearAlgebraError) {
        precondition(matrix.rows == matrix.columns)
        guard matrix.values.allSatisfy(\.isFinite) else { throw .notFinite }
        let size = matrix.rows
        factor = Matrix(rows: size, columns: size)
        for row in 0..<size {
            for column in 0..<row {
                factor[row, column] = (matrix[row, column] - dot(row, column)) / factor[column, column]
            }
            let pivot = matrix[row, row] - dot(row, row)
            guard pivot > Double(size) * .ulpOfOne * matrix[row, row] else { throw .notPositiveDefinite(row: row) }
            factor[row, row] = pivot.squareRoot()
        }
    }

    /// The product of two rows of the factor, up to the diagonal of the second.
    private func dot(_ row: Int, _ column: Int) -> Double {
        let elements = factor.values.span
        return elements.extracting(factor.row(row, first: column))
            .dot(elements.extracting(factor.row(column, first: column)))
    }

    /// Solves *L* *x* = *b* by forward substitution. If *A* is the covariance of *b*, that of *x* is the identity.
    ///
    /// - Complexity: O(*n*²).
    package func solveForward(_ vector: [Double]) -> [Double] {
        precondition(vector.count == factor.rows)
        var result = vector
        for row in vector.indices {
            let known = factor.values.span.extracting(factor.row(row, first: row))
            result[row] -= known.dot(result.span.extracting(first: row))
            result[row] /= factor[row, row]
        }
        return result
    }

    /// Solves *L* *X* = *B* by forward substitution, all columns at once.
    ///
    /// - Complexity: O(*n*²) for each column.
    package func solveForward(_ matrix: Matrix) -> Matrix {
        precondition(matrix.rows == factor.rows)
        var result = matrix
        for row in 0..<matrix.rows {
            var solution = Array(matrix.values[matrix.row(row)])
            for known in 0..<row {
                solution.add(-factor[row, known], times: result.values.span.extracting(result.row(known)))
            }
            for column in 0..<matrix.columns { solution[column] /= factor[row, row] }
            result.values.replaceSubrange(result.row(row), with: solution)
        }
        return result
    }

    /// Solves *L*ᵀ *x* = *b* by back substitution.
    ///
    /// - Complexity: O(*n*²).
    package func solveBackward(_ vector: [Double]) -> [Double] {
        precondition(vector.count == factor.rows)
        var result = vector
        for row in stride(from: vector.count - 1, through: 0, by: -1) {
            result[row] /= factor[row, row]
            let solved = result[row]
            result.add(-solved, times: factor.values.span.extracting(factor.row(row, first: row)))
        }
        return result
    }
}
