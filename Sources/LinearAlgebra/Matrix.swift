import CLAPACK

/// A matrix of real numbers. Products are BLAS's.
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

    /// Makes an identity matrix of a number of rows and columns.
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

    /// The matrix of the first rows.
    package func prefix(rows count: Int) -> Matrix {
        Matrix(rows: count, columns: columns, values: Array(values[..<(count * columns)]))
    }

    /// The matrix with rows and columns exchanged.
    package var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for row in 0..<rows {
            for column in 0..<columns { result.values[column * rows + row] = values[row * columns + column] }
        }
        return result
    }

    /// The sum of this matrix and a multiple of another of the same shape.
    package func adding(_ other: Matrix, times factor: Double) -> Matrix {
        precondition(rows == other.rows && columns == other.columns)
        return Matrix(rows: rows, columns: columns, values: zip(values, other.values).map { $0 + $1 * factor })
    }

    /// The matrix times a number.
    package func scaled(by factor: Double) -> Matrix {
        Matrix(rows: rows, columns: columns, values: values.map { $0 * factor })
    }

    /// The product of this matrix and another (`dgemm`).
    ///
    /// - Precondition: The other has as many rows as this one has columns.
    /// - Complexity: O(*r* *c* *n*) for shapes `[r, c]` and `[c, n]`.
    package func multiplied(by other: Matrix) -> Matrix {
        precondition(columns == other.rows)
        return product(CblasNoTrans, rows: rows, other)
    }

    /// The product of the transpose of this matrix and another (`dgemm`).
    ///
    /// - Precondition: The other has as many rows as this one.
    /// - Complexity: O(*r* *c* *n*) for shapes `[r, c]` and `[r, n]`.
    package func transposedMultiplied(by other: Matrix) -> Matrix {
        precondition(rows == other.rows)
        return product(CblasTrans, rows: columns, other)
    }

    private func product(_ transposition: CBLAS_TRANSPOSE, rows count: Int, _ other: Matrix) -> Matrix {
        var result = Matrix(rows: count, columns: other.columns)
        unsafe cblas_dgemm(
            CblasRowMajor, transposition, CblasNoTrans, Int32(count), Int32(other.columns), Int32(other.rows), 1,
            values, Int32(max(1, columns)), other.values, Int32(max(1, other.columns)), 0, &result.values,
            Int32(max(1, other.columns)))
        return result
    }
}
