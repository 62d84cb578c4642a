import CTimbreKernels
import Glibc

/// Some rows of a cosine transform (DCT-II). They have norm 1, but for row 0, whose norm is √2.
struct CosineTransform: Sendable {
    /// How many numbers are transformed.
    let inputCount: Int
    /// The rows, shape `[orders.count, inputCount]`.
    private let elements: [[Double]]
    /// The same, column by column.
    private let columns: [Double]

    init(_ orders: ClosedRange<Int>, of inputCount: Int) {
        self.inputCount = inputCount
        let elements = orders.map { order in
            (0..<inputCount).map { place in
                let angle = Double.pi * Double(order * (2 * place + 1)) / Double(2 * inputCount)
                return (2 / Double(inputCount)).squareRoot() * cos(angle)
            }
        }
        self.elements = elements
        columns = (0..<inputCount).flatMap { place in elements.map { $0[place] } }
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

    /// The products of the rows with columns that lie side by side, row by row.
    ///
    /// - Parameter numbers: Shape `[inputCount, width]`.
    func callAsFunction(columns numbers: [Double], width: Int) -> [Double] {
        precondition(numbers.count == inputCount * width)
        return unsafe [Double](unsafeUninitializedCapacity: elements.count * width) { room, used in
            unsafe timbre_transform_columns(columns, elements.count, inputCount, numbers, width, room.baseAddress)
            used = elements.count * width
        }
    }
}
