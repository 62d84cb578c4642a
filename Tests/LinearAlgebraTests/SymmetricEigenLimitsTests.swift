import LinearAlgebra
import Testing

struct SymmetricEigenLimitsTests {
    @Test(arguments: [-1000, -500, 500, 1015])
    func powersOfTwoScaleValuesAndNothingElse(exponent: Int) throws {
        var random = RandomNumbers(seed: 3)
        let matrix = random.symmetric(12)
        let plain = try SymmetricEigen(matrix)
        let factor = Double(sign: .plus, exponent: exponent, significand: 1)
        let eigen = try SymmetricEigen(matrix.scaled(by: factor))
        #expect(distance(eigen.vectors, plain.vectors) < 1e-13)
        #expect(distance(eigen.values.map { $0 / factor }, plain.values) < 1e-14)
    }

    @Test func greatAndSmallElementsSideBySideKeepTheBasisOrthonormal() throws {
        var random = RandomNumbers(seed: 4)
        var matrix = random.symmetric(20)
        for row in 0..<20 {
            for column in 0..<20 {
                matrix[row, column] *= Double(sign: .plus, exponent: -25 * (row + column), significand: 1)
            }
        }
        for matrix in [matrix, reversed(matrix)] {
            let eigen = try SymmetricEigen(matrix)
            let gram = plainProduct(eigen.vectors, eigen.vectors.transposed)
            #expect(distance(gram, Matrix(identity: 20)) < 1e-14)
            let scaled = plainProduct(diagonal(eigen.values), eigen.vectors)
            #expect(distance(plainProduct(eigen.vectors, matrix), scaled) < 1e-15)
        }
    }

    @Test func readsNothingAboveTheDiagonal() throws {
        var random = RandomNumbers(seed: 6)
        let matrix = random.symmetric(9)
        #expect(try SymmetricEigen(lowerPart(of: matrix)) == SymmetricEigen(matrix))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func refusesWhatIsNotFinite(element: Double) {
        var matrix = Matrix(identity: 3)
        matrix[2, 1] = element
        #expect(throws: LinearAlgebraError.notFinite) { try SymmetricEigen(matrix) }
    }

    @Test func refusesAnEigenvalueThatIsTooGreat() {
        let elements = Array(repeating: Double.greatestFiniteMagnitude, count: 16)
        #expect(throws: LinearAlgebraError.notFinite) {
            try SymmetricEigen(Matrix(rows: 4, columns: 4, values: elements))
        }
    }

    private func reversed(_ matrix: Matrix) -> Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, values: matrix.values.reversed())
    }
}
