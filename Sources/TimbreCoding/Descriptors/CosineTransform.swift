import Glibc

/// Some rows of a cosine transform (DCT-II). They have norm 1, but for row 0, whose norm is √2.
struct CosineTransform: Sendable {
    /// How many numbers are transformed.
    let inputCount: Int
    /// The rows, shape `[orders.count, inputCount]`.
    private let elements: [[Double]]

    init(_ orders: ClosedRange<Int>, of inputCount: Int) {
        self.inputCount = inputCount
        elements = orders.map { order in
            (0..<inputCount).map { place in
                let angle = Double.pi * Double(order * (2 * place + 1)) / Double(2 * inputCount)
                return (2 / Double(inputCount)).squareRoot() * cos(angle)
            }
        }
    }

    /// The element of a row, by the row's place among those that were asked for.
    subscript(row: Int, place: Int) -> Double { elements[row][place] }

    /// The products of the rows with a column of numbers.
    func callAsFunction<Value: SIMD>(_ column: [Value]) -> [Value] where Value.Scalar == Double {
        precondition(column.count == inputCount)
        return elements.map { row in
            var sum = Value.zero
            for place in row.indices { sum += row[place] * column[place] }
            return sum
        }
    }
}
