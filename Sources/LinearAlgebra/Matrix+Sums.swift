extension Matrix {
    /// The sum of this matrix and a multiple of another of the same shape.
    package func adding(_ other: Matrix, times factor: Double) -> Matrix {
        precondition(rows == other.rows && columns == other.columns)
        return Matrix(
            rows: rows, columns: columns, values: zip(values, other.values).map { $0 + $1 * factor })
    }

    /// The matrix times a number.
    package func scaled(by factor: Double) -> Matrix {
        Matrix(rows: rows, columns: columns, values: values.map { $0 * factor })
    }
}
