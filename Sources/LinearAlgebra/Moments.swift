/// The number, mean and scatter of vectors given one by one.
///
/// The same vectors in the same order give the same bits on every machine.
package struct Moments: Sendable {
    /// How many vectors there were.
    package private(set) var count = 0

    private var running: RunningMean
    private var products: OuterProducts

    /// Starts with no vectors.
    ///
    /// - Parameter dimension: Components of a vector, above 0.
    package init(dimension: Int) {
        running = RunningMean(dimension: dimension)
        products = OuterProducts(dimension: dimension)
    }

    /// The mean of the vectors; zero if there are none.
    package var mean: [Double] { running.mean }

    /// The sum of (*x* − mean) (*x* − mean)ᵀ over the vectors: *count* times their covariance. Symmetric.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package var scatter: Matrix { products.sum }

    /// Takes a vector in.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package mutating func add(_ vector: Span<Double>) { take(vector) }

    /// Takes a vector in.
    ///
    /// - Complexity: O(*n*²) in the dimension.
    package mutating func add(_ vector: Span<Float>) { take(vector) }

    private mutating func take<Value: BinaryFloatingPoint>(_ vector: Span<Value>) {
        running.add(vector)
        if count > 0 { products.add(running.deviation) }
        count += 1
    }
}
