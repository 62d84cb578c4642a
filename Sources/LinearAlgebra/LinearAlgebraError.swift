/// Why a matrix has no such decomposition.
package enum LinearAlgebraError: Error, Hashable, Sendable {
    /// An element, or a number of the result, is infinite or not a number.
    case notFinite
    /// The iteration did not end for this eigenvalue, counted from 0 in the order of computation.
    case notConverged(eigenvalue: Int)
    /// The leading rows up to and with this one, counted from 0, are not positive definite to working precision.
    case notPositiveDefinite(row: Int)
}

extension LinearAlgebraError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notFinite: "a number is infinite or not a number"
        case .notConverged(let eigenvalue): "no convergence to eigenvalue \(eigenvalue)"
        case .notPositiveDefinite(let row): "the matrix is not positive definite: row \(row)"
        }
    }
}
