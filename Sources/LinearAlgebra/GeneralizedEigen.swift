/// The directions in which one quadratic form is greatest against another: *A* *w* = *λ* *B* *w*.
///
/// For a scatter *A* between classes and *B* within them these are Fisher's linear discriminants. The problem becomes
/// the ordinary one of *L*⁻¹ *A* *L*⁻ᵀ, where *B* = *L* *L*ᵀ. Source: Golub and Van Loan, *Matrix Computations*, 4th ed.
/// (2013), § 8.7.2. The same matrices give the same bits on every machine.
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
    ///   - numerator: *A*, symmetric.
    ///   - denominator: *B*, symmetric and positive definite; only its diagonal and what is below are read.
    ///   - count: How many directions, *k*, to return, 0 to *n*.
    /// - Throws: ``LinearAlgebraError``, as ``Cholesky`` and ``SymmetricEigen`` do.
    /// - Complexity: O(*n*³), whatever the count.
    package init(_ numerator: Matrix, against denominator: Matrix, count: Int) throws(LinearAlgebraError) {
        precondition(numerator.rows == numerator.columns && numerator.rows == denominator.rows)
        precondition((0...numerator.rows).contains(count))
        let cholesky = try Cholesky(denominator)
        let half = cholesky.solveForward(numerator)
        let eigen = try SymmetricEigen(cholesky.solveForward(half.transposed))
        ratios = Array(eigen.values[..<count])
        var found = Matrix(rows: count, columns: numerator.columns)
        for row in 0..<count {
            let direction = cholesky.solveBackward(Array(eigen.vectors.values[eigen.vectors.row(row)]))
            found.values.replaceSubrange(found.row(row), with: direction)
        }
        found.fixSigns()
        directions = found
    }
}
