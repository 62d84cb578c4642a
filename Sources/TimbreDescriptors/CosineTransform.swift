import CTimbreKernels
import Glibc

/// Some rows of a cosine transform (DCT-II). They have norm 1, but for row 0, whose norm is √2.
package struct CosineTransform: Sendable {
    /// How many numbers are transformed.
    package let inputCount: Int
    /// The rows, of which there is one for each order, of ``inputCount`` elements.
    package let rows: [[Double]]
    /// The same, column by column.
    private let columns: [Double]

    package init(_ orders: ClosedRange<Int>, of inputCount: Int) {
        self.inputCount = inputCount
        let rows = orders.map { order in
            (0..<inputCount).map { place in
                let angle = Double.pi * Double(order * (2 * place + 1)) / Double(2 * inputCount)
                return (2 / Double(inputCount)).squareRoot() * cos(angle)
            }
        }
        self.rows = rows
        columns = (0..<inputCount).flatMap { place in rows.map { $0[place] } }
    }

    /// The element of a row, by the row's place among those that were asked for.
    package subscript(row: Int, place: Int) -> Double { rows[row][place] }

    /// The products of the rows with columns that lie side by side, row by row.
    ///
    /// - Parameter numbers: Shape `[inputCount, width]`.
    package func callAsFunction(columns numbers: [Double], width: Int) -> [Double] {
        precondition(numbers.count == inputCount * width)
        return unsafe [Double](unsafeUninitializedCapacity: rows.count * width) { room, used in
            unsafe timbre_transform_columns(columns, rows.count, inputCount, numbers, width, room.baseAddress)
            used = rows.count * width
        }
    }
}
