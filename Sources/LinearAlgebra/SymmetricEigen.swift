/// The eigenvalues and eigenvectors of a real symmetric matrix.
package struct SymmetricEigen: Hashable, Sendable {
    /// The eigenvalues, the greatest first; a multiple one as often as it counts.
    package let values: [Double]
    /// The eigenvectors, shape `[n, n]`: row *i* belongs to eigenvalue *i*.
    ///
    /// They are orthonormal. The component of the greatest absolute value, the first of several, is positive.
    package let vectors: Matrix

    /// Decomposes a matrix.
    ///
    /// Values are exact for a matrix that differs from this one by a few roundings of its greatest eigenvalue.
    ///
    /// - Parameter matrix: Square and symmetric; only its diagonal and what is below are read.
    /// - Throws: ``LinearAlgebraError/notFinite``, or ``LinearAlgebraError/notConverged``, of which no case is known.
    /// - Complexity: O(*n*³).
    package init(_ matrix: Matrix) throws(LinearAlgebraError) {
        guard matrix.values.allSatisfy(\.isFinite) else { throw .notFinite }
        var vectors = matrix
        let ascending = try LAPACK.decompose(&vectors)
        guard ascending.allSatisfy(\.isFinite) else { throw .notFinite }
        values = ascending.reversed()
        self.vectors =
            Matrix(
                rows: matrix.rows, columns: matrix.columns,
                values: (0..<matrix.rows).reversed().flatMap { vectors.values[vectors.row($0)] }
            ).withFixedSigns
    }
}

/// The directions in which one quadratic form is greatest against another: *A* *w* = *λ* *B* *w*.
///
/// For a scatter *A* between classes and *B* within them these are Fisher's linear discriminants. The problem becomes
/// the ordinary one of *L*⁻¹ *A* *L*⁻ᵀ, where *B* = *L* *L*ᵀ. Source: Golub and Van Loan, *Matrix Computations*, 4th ed.
/// (2013), § 8.7.2.
package struct GeneralizedEigen: Hashable, Sendable {
    /// The ratios *λ* = (*w*ᵀ *A* *w*)/(*w*ᵀ *B* *w*), the greatest first; shape `[k]`.
    package let ratios: [Double]
    /// The directions *w*, shape `[k, n]`: row *i* belongs to ratio *i*.
    ///
    /// *w*ᵀ *B* *w* is 1 for each, 0 for two different ones. The component of the greatest absolute value, the first of
    /// several, is positive.
    package let directions: Matrix

    /// Finds the directions of the greatest ratios.
    ///
    /// - Parameters:
    ///   - numerator: *A*, symmetric; only its diagonal and what is below are read.
    ///   - denominator: *B*, symmetric and positive definite; only its diagonal and what is below are read.
    ///   - count: How many directions, *k*, to return, 0 to *n*.
    /// - Throws: ``LinearAlgebraError``, as ``Cholesky`` and ``SymmetricEigen`` do.
    /// - Complexity: O(*n*³), whatever the count.
    package init(_ numerator: Matrix, against denominator: Matrix, count: Int) throws(LinearAlgebraError) {
        precondition(numerator.rows == denominator.rows && (0...numerator.rows).contains(count))
        guard numerator.values.allSatisfy(\.isFinite) else { throw .notFinite }
        let cholesky = try Cholesky(denominator)
        var reduced = numerator
        try LAPACK.reduce(&reduced, by: cholesky.factor)
        let eigen = try SymmetricEigen(reduced)
        ratios = Array(eigen.values[..<count])
        directions = cholesky.divide(eigen.vectors.prefix(rows: count)).withFixedSigns
    }
}

extension Matrix {
    /// The matrix with those rows negated whose component of the greatest absolute value, the first of several, is
    /// negative.
    fileprivate var withFixedSigns: Matrix {
        var result = self
        for row in 0..<rows {
            var greatest = 0.0
            for value in values[self.row(row)] where abs(value) > abs(greatest) { greatest = value }
            if greatest < 0 {
                for index in self.row(row) { result.values[index] = -values[index] }
            }
        }
        return result
    }
}
