/// How some numbers are distributed: values below which equal shares of them lie.
package struct Quantiles: Hashable, Sendable {
    /// The smallest number, those at equal steps through the sorted numbers, and the greatest. Ascending.
    package let values: [Float]

    /// Takes quantiles as they were stored; nil if there are fewer than two, or they do not ascend.
    package init?(values: [Float]) {
        guard values.count >= 2, zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
        self.values = values
    }

    /// Takes the quantiles of some numbers; nil if there are none.
    ///
    /// - Parameter steps: Into how many equal shares to divide the numbers.
    package init?(of numbers: [Float], steps: Int = 1000) {
        guard !numbers.isEmpty else { return nil }
        let sorted = numbers.sorted()
        values = (0...steps).map { sorted[$0 * (sorted.count - 1) / steps] }
    }

    /// The share of the numbers that are greater than this one, 0 to 1, interpolated between quantiles.
    ///
    /// Never rises with the number.
    ///
    /// - Complexity: O(log *n*).
    package func share(above number: Double) -> Double {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if Double(values[middle]) <= number { low = middle + 1 } else { high = middle }
        }
        if low == 0 { return 1 }
        if low == values.count { return 0 }
        let (below, above) = (Double(values[low - 1]), Double(values[low]))
        let place = Double(low - 1) + (number - below) / (above - below)
        return 1 - place / Double(values.count - 1)
    }
}
