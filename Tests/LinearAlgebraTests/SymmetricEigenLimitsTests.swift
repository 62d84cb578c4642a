import Testing

@testable import LinearAlgebra

struct SymmetricEigenLimitsTests {
    @Test(arguments: [-1070, -1000, -500, 500, 1015])
    func powersOfTwoScaleValuesAndNothingElse(exponent: Int) throws {
        // Elements of few digits, so that they keep them where numbers are near the least.
        var random = RandomNumbers(seed: 3)
        var matrix = random.symmetric(12)
        for index in matrix.values.indices { matrix.values[index] = (matrix.values[index] * 16).rounded() }
        let plain = try SymmetricEigen(matrix)
        var scaled = matrix
        for index in scaled.values.indices {
            scaled.values[index] = Double(sign: .plus, exponent: exponent, significand: scaled.values[index])
        }
        let eigen = try SymmetricEigen(scaled)
        #expect(eigen.vectors == plain.vectors)
        #expect(eigen.values == plain.values.map { Double(sign: .plus, exponent: exponent, significand: $0) })
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
        var lower = matrix
        for row in 0..<9 {
            for column in row + 1..<9 { lower[row, column] = 0 }
        }
        #expect(try SymmetricEigen(lower) == SymmetricEigen(matrix))
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

    @Test func givesUpAfterSoManySweeps() throws {
        var random = RandomNumbers(seed: 7)
        let tridiagonal = Tridiagonalization(random.symmetric(6))
        var iteration = ImplicitQL(tridiagonal)
        #expect(throws: LinearAlgebraError.notConverged(eigenvalue: 0)) { try iteration.diagonalize(sweepLimit: 1) }
        var again = ImplicitQL(tridiagonal)
        try again.diagonalize()
        #expect(again.diagonal != tridiagonal.diagonal)
    }

    @Test func aReductionIsSimilarToItsMatrix() {
        var random = RandomNumbers(seed: 8)
        let matrix = random.symmetric(15)
        let reduction = Tridiagonalization(matrix)
        var expected = diagonal(reduction.diagonal)
        for index in 1..<15 {
            expected[index, index - 1] = reduction.offDiagonal[index - 1]
            expected[index - 1, index] = reduction.offDiagonal[index - 1]
        }
        let turned = plainProduct(plainProduct(reduction.basis, matrix), reduction.basis.transposed)
        #expect(distance(turned, expected) < 1e-14)
    }

    private func reversed(_ matrix: Matrix) -> Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, values: matrix.values.reversed())
    }
}
