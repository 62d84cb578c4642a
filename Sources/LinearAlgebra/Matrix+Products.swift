extension Matrix {
    /// The side of the squares by which a matrix is transposed: rows of a square share cache lines.
    private static let tile = 16

    /// The matrix with rows and columns exchanged.
    package var transposed: Matrix {
        var result = Matrix(rows: columns, columns: rows)
        for top in stride(from: 0, to: rows, by: Self.tile) {
            for left in stride(from: 0, to: columns, by: Self.tile) {
                for row in top..<min(top + Self.tile, rows) {
                    for column in left..<min(left + Self.tile, columns) {
                        result.values[column * rows + row] = values[row * columns + column]
                    }
                }
            }
        }
        return result
    }

    /// The product of this matrix and another.
    ///
    /// - Precondition: The other has as many rows as this one has columns.
    /// - Complexity: O(*r* *c* *n*) for shapes `[r, c]` and `[c, n]`.
    package func multiplied(by other: Matrix) -> Matrix {
        precondition(columns == other.rows)
        var result = Matrix(rows: rows, columns: other.columns)
        for row in 0..<rows {
            for column in 0..<columns {
                result.values.add(
                    self[row, column], times: other.values.span.extracting(other.row(column)),
                    at: row * result.columns)
            }
        }
        return result
    }

    /// The product of this matrix and a vector.
    ///
    /// - Precondition: The vector has as many elements as this matrix has columns.
    /// - Returns: As many elements as this matrix has rows.
    package func multiplied(by vector: [Double]) -> [Double] {
        let elements = values.span
        return (0..<rows).map { elements.extracting(row($0)).dot(vector.span) }
    }
}
