/// Brings a tridiagonal matrix to diagonal form by rotations.
///
/// The QL algorithm with implicit shifts after Wilkinson. Sources: A. Dubrulle, R. S. Martin and J. H. Wilkinson, "The
/// implicit QL algorithm", *Numer. Math.* 12 (1968), pp. 377-383 (EISPACK's `imtql2`); H. Bowdler, R. S. Martin,
/// C. Reinsch and J. H. Wilkinson, "The QR and QL algorithms for symmetric matrices", *Numer. Math.* 11 (1968),
/// pp. 293-306; Golub and Van Loan, *Matrix Computations*, 4th ed. (2013), § 8.3.
struct ImplicitQL {
    /// The diagonal; in the end, the eigenvalues in no order.
    private(set) var diagonal: [Double]
    /// What stands beside the diagonal: element *i* couples *i* and *i* + 1; the last is zero.
    private var offDiagonal: [Double]
    /// A basis, a row each vector, that is turned with the matrix; in the end, the eigenvectors.
    private(set) var basis: Matrix

    /// An element beside the diagonal that is no greater is taken for zero: rounding has changed the matrix by as much.
    private let negligible: Double

    init(_ tridiagonal: Tridiagonalization) {
        diagonal = tridiagonal.diagonal
        offDiagonal = tridiagonal.offDiagonal
        basis = tridiagonal.basis
        negligible = Double.ulpOfOne / 2 * zip(diagonal, offDiagonal).reduce(0) { max($0, abs($1.0) + abs($1.1)) }
    }

    /// Finds all eigenvalues and eigenvectors.
    ///
    /// - Parameter sweepLimit: How many sweeps one eigenvalue may take; two are usual.
    /// - Complexity: O(*n*³).
    mutating func diagonalize(sweepLimit: Int = 30) throws(LinearAlgebraError) {
        for first in diagonal.indices {
            var sweeps = 0
            while true {
                var last = first
                while abs(offDiagonal[last]) > negligible { last += 1 }
                if last == first { break }
                guard sweeps < sweepLimit else { throw .notConverged(eigenvalue: first) }
                sweeps += 1
                sweep(first, last)
            }
        }
    }

    /// Rotates the rows of a part of the matrix that is coupled throughout, from the last to the first.
    private mutating func sweep(_ first: Int, _ last: Int) {
        var (cosine, sine, shift) = (1.0, 1.0, 0.0)
        var bulge = diagonal[last] - diagonal[first] + wilkinsonShift(at: first)
        for row in stride(from: last - 1, through: first, by: -1) {
            let outer = sine * offDiagonal[row]
            let inner = cosine * offDiagonal[row]
            let radius = hypotenuse(outer, bulge)
            offDiagonal[row + 1] = radius
            if radius == 0 {
                // The matrix has fallen apart on the way: the next sweep goes on with its parts.
                diagonal[row + 1] -= shift
                offDiagonal[last] = 0
                return
            }
            sine = outer / radius
            cosine = bulge / radius
            let shifted = diagonal[row + 1] - shift
            let turned = (diagonal[row] - shifted) * sine + 2 * cosine * inner
            shift = sine * turned
            diagonal[row + 1] = shifted + shift
            bulge = cosine * turned - inner
            basis.values.rotatePair(at: row * basis.columns, count: basis.columns, cosine: cosine, sine: sine)
        }
        diagonal[first] -= shift
        offDiagonal[first] = bulge
        offDiagonal[last] = 0
    }

    /// The first diagonal element less the eigenvalue of the leading 2-by-2 part that is nearer to it.
    private func wilkinsonShift(at first: Int) -> Double {
        let ratio = (diagonal[first + 1] - diagonal[first]) / (2 * offDiagonal[first])
        let root = hypotenuse(ratio, 1)
        return offDiagonal[first] / (ratio < 0 ? ratio - root : ratio + root)
    }

    /// √(*a*² + *b*²). The C library's may differ between machines.
    private func hypotenuse(_ a: Double, _ b: Double) -> Double {
        let square = a * a + b * b
        // This rounds up as often as down, so that the basis keeps its length over many rotations; what follows does not.
        if square > 0x1p-900 && square.isFinite { return square.squareRoot() }
        let (greater, smaller) = (max(abs(a), abs(b)), min(abs(a), abs(b)))
        if greater == 0 { return 0 }
        let ratio = smaller / greater
        return greater * (1 + ratio * ratio).squareRoot()
    }
}
