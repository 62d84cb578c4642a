/// The eigenvalues and eigenvectors of a real symmetric matrix.
///
/// The same matrix gives the same bits on every machine.
package struct SymmetricEigen: Hashable, Sendable {
    /// The eigenvalues, the greatest first; a multiple one as often as it counts.
    package let values: [Double]
    /// The eigenvectors, shape `[n, n]`: row *i* belongs to eigenvalue *i*.
    ///
    /// They are orthonormal. The component of the greatest absolute value, the first of several, is positive.
    package let vectors: Matrix

    /// Decomposes a matrix.
    ///
    /// It is reduced to tridiagonal form by reflections, and that to diagonal form by implicit QL, as EISPACK's `tred2`
    /// and `imtql2` do. Values are exact for a matrix that differs from this one by a few roundings of its greatest
    /// eigenvalue.
    ///
    /// - Parameter matrix: Square and symmetric; only its diagonal and what is below are read.
    /// - Throws: ``LinearAlgebraError/notFinite``, or ``LinearAlgebraError/notConverged(eigenvalue:)``, of which no
    ///   case is known.
    /// - Complexity: O(*n*³).
    package init(_ matrix: Matrix) throws(LinearAlgebraError) {
        precondition(matrix.rows == matrix.columns)
        guard matrix.values.allSatisfy(\.isFinite) else { throw .notFinite }
        // Squares must neither overflow nor vanish. A power of two changes no digit.
        let greatest = matrix.values.reduce(0) { max($0, abs($1)) }
        let exponent = greatest == 0 ? 0 : max(Int(greatest.exponent), -1000)
        let factor = Double(sign: .plus, exponent: -exponent, significand: 1)
        var scaled = matrix
        for index in scaled.values.indices { scaled.values[index] *= factor }
        var iteration = ImplicitQL(Tridiagonalization(scaled))
        try iteration.diagonalize()

        let unsorted = iteration.diagonal
        let order = unsorted.indices.sorted { (unsorted[$0], $1) > (unsorted[$1], $0) }
        values = order.map { Double(sign: .plus, exponent: exponent, significand: unsorted[$0]) }
        guard values.allSatisfy(\.isFinite) else { throw .notFinite }
        var sorted = Matrix(rows: matrix.rows, columns: matrix.columns)
        for (row, source) in order.enumerated() {
            sorted.values.replaceSubrange(sorted.row(row), with: iteration.basis.values[sorted.row(source)])
        }
        sorted.fixSigns()
        vectors = sorted
    }
}

extension Matrix {
    /// Negates those rows whose component of the greatest absolute value, the first of several, is negative.
    mutating func fixSigns() {
        for row in 0..<rows {
            var greatest = 0.0
            for value in values[self.row(row)] where abs(value) > abs(greatest) { greatest = value }
            if greatest < 0 {
                for index in self.row(row) { values[index] = -values[index] }
            }
        }
    }
}
