/// A matrix of real numbers.
package struct Matrix: Hashable, Sendable {
    /// How many rows there are.
    package let rows: Int
    /// How many columns there are.
    package let columns: Int
    /// The elements, shape `[rows, columns]`, row by row.
    package internal(set) var values: [Double]

    /// Makes a matrix of elements that stand row by row.
    ///
    /// - Precondition: There are `rows` times `columns` elements.
    package init(rows: Int, columns: Int, values: [Double]) {
        precondition(rows >= 0 && columns >= 0 && values.count == rows * columns)
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Makes a matrix whose elements are all zero.
    package init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, values: Array(repeating: 0, count: rows * columns))
    }

    /// Makes the identity of so many rows and columns.
    package init(identity size: Int) {
        self.init(rows: size, columns: size)
        for index in 0..<size { self[index, index] = 1 }
    }

    package subscript(row: Int, column: Int) -> Double {
        get { values[index(row, column)] }
        set { values[index(row, column)] = newValue }
    }

    private func index(_ row: Int, _ column: Int) -> Int {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns)
        return row * columns + column
    }

    /// Where a row's elements are among the values.
    func row(_ row: Int) -> Range<Int> { row * columns..<(row + 1) * columns }

    /// Where the first elements of a row are among the values.
    func row(_ row: Int, first count: Int) -> Range<Int> { row * columns..<row * columns + count }
}
