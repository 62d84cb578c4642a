/// The mean of vectors given one by one, and what each adds to their scatter.
///
/// The scatter about the mean of all grows with vector *x* of weight *w* by the outer product of
/// √(*Ww*/(*W* + *w*)) (*x* − *m*) with itself, where *m* and *W* are mean and weight of those before: nothing great is
/// ever subtracted from something great. Sources: B. P. Welford, "Note on a method for calculating corrected sums of
/// squares and products", *Technometrics* 4 (1962), pp. 419-420; D. H. D. West, "Updating mean and variance estimates:
/// an improved method", *Commun. ACM* 22 (1979), pp. 532-535.
struct RunningMean: Sendable {
    /// The sum of the weights.
    private(set) var weight = 0.0
    /// The mean; zero before the first vector.
    private(set) var mean: [Double]
    /// What the last vector adds to the scatter: the factor of an outer product with itself.
    private(set) var deviation: [Double]

    init(dimension: Int) {
        mean = Array(repeating: 0, count: dimension)
        deviation = mean
    }

    /// Takes a vector in.
    ///
    /// - Precondition: The weight is above 0.
    mutating func add<Value: BinaryFloatingPoint>(_ vector: Span<Value>, weight added: Double = 1) {
        precondition(vector.count == mean.count)
        let total = weight + added
        let share = added / total
        let factor = (weight * share).squareRoot()
        for index in vector.indices {
            let difference = Double(vector[index]) - mean[index]
            mean[index] += share * difference
            deviation[index] = factor * difference
        }
        weight = total
    }

    /// Starts again.
    mutating func reset() { self = RunningMean(dimension: mean.count) }
}
