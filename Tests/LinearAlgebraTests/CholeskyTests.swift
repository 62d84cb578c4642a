import LinearAlgebra
import Testing

struct CholeskyTests {
    @Test func agreesWithAKnownFactor() throws {
        // Whole numbers: the product of the factor and its transpose, by hand.
        let matrix = Matrix(rows: 3, columns: 3, values: [4, 12, -16, 12, 37, -43, -16, -43, 98])
        #expect(try Cholesky(matrix).factor.values == [2, 0, 0, 6, 1, 0, -8, 5, 3])
    }

    @Test(arguments: [1, 2, 7, 8, 9, 33])
    func factorsRandomMatrices(size: Int) throws {
        var random = RandomNumbers(seed: UInt64(size))
        let matrix = random.positiveDefinite(size)
        let factor = try Cholesky(matrix).factor
        #expect(distance(plainProduct(factor, factor.transposed), matrix) < 1e-14 * Double(size))
        for row in 0..<size {
            #expect(factor[row, row] > 0)
            for column in row + 1..<size { #expect(factor[row, column] == 0) }
        }
    }

    @Test(arguments: [1, 2, 9, 30])
    func solvesSystems(size: Int) throws {
        var random = RandomNumbers(seed: UInt64(size))
        let matrix = random.positiveDefinite(size)
        let right = random.matrix(size, 3)
        #expect(distance(plainProduct(matrix, try Cholesky(matrix).solve(right)), right) < 1e-12)
    }

    @Test func readsNothingAboveTheDiagonal() throws {
        var random = RandomNumbers(seed: 40)
        let matrix = random.positiveDefinite(8)
        #expect(try Cholesky(lowerPart(of: matrix)) == Cholesky(matrix))
    }

    @Test func refusesWhatIsNotPositiveDefinite() {
        #expect(throws: LinearAlgebraError.notPositiveDefinite(row: 0)) { try Cholesky(Matrix(rows: 2, columns: 2)) }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(row: 1)) { try Cholesky(diagonal([1, -1])) }
        let indefinite = Matrix(rows: 2, columns: 2, values: [1, 2, 2, 1])
        #expect(throws: LinearAlgebraError.notPositiveDefinite(row: 1)) { try Cholesky(indefinite) }
    }

    @Test(arguments: 1...20)
    func refusesWhatIsSingularButForRounding(seed: Int) {
        var random = RandomNumbers(seed: UInt64(seed))
        let factor = random.matrix(10, 4)
        #expect {
            try Cholesky(plainProduct(factor, factor.transposed))
        } throws: { error in
            guard case LinearAlgebraError.notPositiveDefinite(let row) = error else { return false }
            return row >= 4
        }
    }

    @Test func refusesWhatIsNotFinite() {
        #expect(throws: LinearAlgebraError.notFinite) { try Cholesky(diagonal([1, .infinity])) }
        #expect(throws: LinearAlgebraError.notFinite) { try Cholesky(diagonal([.nan, 1])) }
    }
}
