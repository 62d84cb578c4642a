import LinearAlgebra
import Testing

struct MatrixTests {
    @Test func elementsStandRowByRow() {
        var matrix = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
        #expect(matrix[0, 2] == 3)
        #expect(matrix[1, 0] == 4)
        matrix[1, 1] = 9
        #expect(matrix.values == [1, 2, 3, 4, 9, 6])
        #expect(Matrix(identity: 2).values == [1, 0, 0, 1])
    }

    @Test func refusesAnElementOutsideARow() async {
        await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 3)[0, 3] }
    }

    @Test func refusesElementsThatDoNotFillIt() async {
        await #expect(processExitsWith: .failure) { _ = Matrix(rows: 2, columns: 2, values: [1, 2, 3]) }
    }

    @Test(arguments: [(0, 3), (1, 1), (3, 5), (16, 16), (17, 40), (35, 16)])
    func transpositionExchangesRowsAndColumns(rows: Int, columns: Int) {
        var random = RandomNumbers(seed: 1)
        let matrix = random.matrix(rows, columns)
        let transposed = matrix.transposed
        #expect(transposed.rows == columns && transposed.columns == rows)
        for row in 0..<rows {
            for column in 0..<columns { #expect(transposed[column, row] == matrix[row, column]) }
        }
    }

    @Test(arguments: [(1, 1, 1), (2, 3, 4), (9, 8, 17), (20, 31, 5)])
    func productsAgreeWithTheirDefinition(rows: Int, inner: Int, columns: Int) {
        var random = RandomNumbers(seed: 2)
        let left = random.matrix(rows, inner)
        let right = random.matrix(inner, columns)
        #expect(distance(left.multiplied(by: right), plainProduct(left, right)) < 1e-14)
        #expect(distance(left.transposed.transposedMultiplied(by: right), plainProduct(left, right)) < 1e-14)
    }

    @Test func ofWholeNumbersProductsAreExact() {
        let left = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
        let right = Matrix(rows: 3, columns: 2, values: [1, 0, -1, 2, 3, 1])
        #expect(left.multiplied(by: right).values == [8, 7, 17, 16])
        #expect(right.transposedMultiplied(by: right).values == [11, 1, 1, 5])
        #expect(left.multiplied(by: Matrix(rows: 3, columns: 0)).values == [])
        #expect(Matrix(rows: 0, columns: 3).transposedMultiplied(by: Matrix(rows: 0, columns: 1)).values == [0, 0, 0])
    }

    @Test func rowsAreTakenFromTheStart() {
        let matrix = Matrix(rows: 3, columns: 2, values: [1, 2, 3, 4, 5, 6])
        #expect(matrix.prefix(rows: 2) == Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4]))
        #expect(matrix.prefix(rows: 0).values == [])
    }
}
