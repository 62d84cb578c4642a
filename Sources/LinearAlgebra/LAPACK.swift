import CLAPACK

/// Why a matrix has no such decomposition.
package enum LinearAlgebraError: Error, Hashable, Sendable {
    /// An element, or a number of the result, is infinite or not a number.
    case notFinite
    /// The iteration for some eigenvalue did not end.
    case notConverged
    /// The leading rows up to and with this one, counted from 0, are not positive definite to working precision.
    case notPositiveDefinite(row: Int)
    /// There is no memory for LAPACK to work in.
    case outOfMemory
}

extension LinearAlgebraError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFinite: "a number is infinite or not a number"
        case .notConverged: "no convergence to an eigenvalue"
        case .notPositiveDefinite(let row): "the matrix is not positive definite: row \(row)"
        case .outOfMemory: "out of memory"
        }
    }
}

/// The door to LAPACK and BLAS.
///
/// They are the reference implementations, and a part of the program: no faster library that is installed takes their
/// place, so that the same build gives the same bits for the same numbers, in every run and on every machine.
///
/// LAPACK wants columns where a ``Matrix`` has rows. Of a symmetric matrix it then reads above the diagonal what stands
/// below it here, and the eigenvectors that it gives as columns are rows here; nothing has to be transposed.
enum LAPACK {
    /// What stands on and below the diagonal here.
    private static let lower = CChar(UInt8(ascii: "U"))

    /// Finds the eigenvalues and eigenvectors of a symmetric matrix (`dsyev`).
    ///
    /// - Parameter matrix: Square; only its diagonal and what is below are read. Receives the eigenvectors, a row each.
    /// - Returns: The eigenvalues, ascending.
    /// - Throws: ``LinearAlgebraError/notConverged``.
    static func decompose(_ matrix: inout Matrix) throws(LinearAlgebraError) -> [Double] {
        var values = [Double](repeating: 0, count: matrix.rows)
        let status = unsafe LAPACKE_dsyev(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), lower, size(of: matrix), &matrix.values, stride(of: matrix),
            &values)
        if try failure(status) != nil { throw .notConverged }
        return values
    }

    /// Finds the Cholesky factor of a symmetric matrix (`dpotrf`).
    ///
    /// - Parameter matrix: Square; only its diagonal and what is below are read, and receive the factor.
    /// - Returns: The first row, counted from 0, whose pivot is not above 0; the rows before it have their factors.
    static func factor(_ matrix: inout Matrix) throws(LinearAlgebraError) -> Int? {
        let status = unsafe LAPACKE_dpotrf(
            LAPACK_COL_MAJOR, lower, size(of: matrix), &matrix.values, stride(of: matrix))
        return try failure(status).map { $0 - 1 }
    }

    /// Replaces a symmetric matrix *A* by *L*⁻¹ *A* *L*⁻ᵀ (`dsygst`).
    ///
    /// - Parameters:
    ///   - matrix: *A*; only its diagonal and what is below are read and written.
    ///   - factor: *L*, as ``factor(_:)`` leaves it.
    static func reduce(_ matrix: inout Matrix, by factor: Matrix) throws(LinearAlgebraError) {
        precondition(matrix.rows == factor.rows)
        let status = unsafe LAPACKE_dsygst(
            LAPACK_COL_MAJOR, 1, lower, size(of: matrix), &matrix.values, stride(of: matrix), factor.values,
            stride(of: factor))
        _ = try failure(status)
    }

    /// What LAPACK says did not work; nil if all did.
    private static func failure(_ status: Int32) throws(LinearAlgebraError) -> Int? {
        if status == LAPACK_WORK_MEMORY_ERROR { throw .outOfMemory }
        precondition(status >= 0, "LAPACK refuses argument \(-status)")
        return status == 0 ? nil : Int(status)
    }

    /// Rows of a square matrix.
    private static func size(of matrix: Matrix) -> Int32 {
        precondition(matrix.rows == matrix.columns)
        return Int32(matrix.rows)
    }

    /// Elements from a row to the next one.
    private static func stride(of matrix: Matrix) -> Int32 { Int32(max(1, matrix.columns)) }
}
