import CLAPACK

/// The Cholesky factor of a symmetric positive definite matrix *A* = *L* *L*ᵀ, with *L* lower triangular.
package struct Cholesky: Hashable, Sendable {
    /// *L*, shape `[n, n]`, zero above the diagonal.
    package let factor: Matrix

    /// Factors a matrix.
    ///
    /// - Parameter matrix: Square and symmetric; only its diagonal and what is below are read.
    /// - Throws: ``LinearAlgebraError/notFinite``, or ``LinearAlgebraError/notPositiveDefinite(row:)`` if a pivot is
    ///   not above *n* roundings of its diagonal element, where it would be noise.
    /// - Complexity: O(*n*³).
    package init(_ matrix: Matrix) throws(LinearAlgebraError) {
        guard matrix.values.allSatisfy(\.isFinite) else { throw .notFinite }
        var factor = matrix
        let failed = try LAPACK.factor(&factor)
        let size = matrix.rows
        for row in 0..<(failed ?? size) {
            let root = factor[row, row]
            guard root * root > Double(size) * .ulpOfOne * matrix[row, row] else {
                throw .notPositiveDefinite(row: row)
            }
        }
        if let failed { throw .notPositiveDefinite(row: failed) }
        for row in 0..<size {
            for column in row + 1..<size { factor[row, column] = 0 }
        }
        self.factor = factor
    }

    /// Solves *A* *X* = *B*, all columns at once (`dtrsm`).
    ///
    /// - Complexity: O(*n*²) for each column.
    package func solve(_ matrix: Matrix) -> Matrix {
        precondition(matrix.rows == factor.rows)
        var result = matrix
        divide(&result, CblasLeft, CblasNoTrans)
        divide(&result, CblasLeft, CblasTrans)
        return result
    }

    /// Solves *X* *L* = *B* for *X*, all rows at once (`dtrsm`).
    ///
    /// - Complexity: O(*n*²) for each row.
    func divide(_ matrix: Matrix) -> Matrix {
        precondition(matrix.columns == factor.rows)
        var result = matrix
        divide(&result, CblasRight, CblasNoTrans)
        return result
    }

    private func divide(_ matrix: inout Matrix, _ side: CBLAS_SIDE, _ transposition: CBLAS_TRANSPOSE) {
        unsafe cblas_dtrsm(
            CblasRowMajor, side, CblasLower, transposition, CblasNonUnit, Int32(matrix.rows), Int32(matrix.columns), 1,
            factor.values, Int32(max(1, factor.columns)), &matrix.values, Int32(max(1, matrix.columns)))
    }
}
