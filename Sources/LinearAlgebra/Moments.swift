import CLAPACK

/// The number, mean and scatter of vectors given one by one.
///
/// The scatter about the mean of all grows with vector *x* by the outer product of √(*n*/(*n* + 1)) (*x* − *m*) with
/// itself, where *m* is the mean of the *n* before: nothing great is ever subtracted from something great. Source:
/// B. P. Welford, "Note on a method for calculating corrected sums of squares and products", *Technometrics* 4 (1962),
/// pp. 419-420.
package struct Moments: Sendable {
    /// How many deviations are gathered before they are added to the scatter, which is too great for the nearest caches.
    private static let blockLength = 64

    /// How many vectors there were.
    package private(set) var count = 0
    /// The mean of the vectors; zero if there are none.
    package private(set) var mean: [Double]

    /// Deviations that are not added yet, a row each.
    private var pending: [Double] = []
    /// Of the deviations that were added, on and below the diagonal.
    private var lower: Matrix

    /// Starts with no vectors.
    ///
    /// - Parameter dimension: Components of a vector, above 0.
    package init(dimension: Int) {
        precondition(dimension > 0)
        mean = Array(repeating: 0, count: dimension)
        lower = Matrix(rows: dimension, columns: dimension)
    }

    /// The sum of (*x* − mean) (*x* − mean)ᵀ over the vectors: *count* times their covariance. Symmetric.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package var scatter: Matrix {
        var whole = self
        whole.addPending()
        var result = whole.lower
        for row in 0..<result.rows {
            for column in 0..<row { result[column, row] = result[row, column] }
        }
        return result
    }

    /// Takes a vector in.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package mutating func add(_ vector: Span<Double>) { take(vector) }

    /// Takes a vector in.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package mutating func add(_ vector: Span<Float>) { take(vector) }

    private mutating func take<Value: BinaryFloatingPoint>(_ vector: Span<Value>) {
        precondition(vector.count == mean.count)
        let share = 1 / Double(count + 1)
        let factor = (Double(count) * share).squareRoot()
        for index in vector.indices {
            let difference = Double(vector[index]) - mean[index]
            mean[index] += share * difference
            pending.append(factor * difference)
        }
        count += 1
        if pending.count == Self.blockLength * mean.count { addPending() }
    }

    /// Adds what is pending (`dsyrk`).
    private mutating func addPending() {
        let dimension = Int32(mean.count)
        unsafe cblas_dsyrk(
            CblasRowMajor, CblasLower, CblasTrans, dimension, Int32(pending.count / mean.count), 1, pending, dimension,
            1, &lower.values, dimension)
        pending.removeAll(keepingCapacity: true)
    }
}
