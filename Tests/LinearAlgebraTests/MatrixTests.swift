import Testing

@testable import LinearAlgebra

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
        let plain = plainProduct(left, right)
        #expect(left.multiplied(by: right) == plain)
        for column in 0..<columns {
            let product = left.multiplied(by: row(column, of: right.transposed))
            #expect(distance(product, row(column, of: plain.transposed)) < 1e-14)
        }
    }

    @Test(arguments: 0...33)
    func dotProductsTakeEveryElementOnce(count: Int) {
        // Whole numbers, whose sums are exact in any order.
        let left = (0..<count).map { Double($0 * $0 - 7) }
        let right = (0..<count).map { Double(3 * $0 + 1) }
        #expect(left.span.dot(right.span) == zip(left, right).map(*).reduce(0, +))
    }

    @Test func rowsChangeInPlaceAndTheirNeighboursDoNot() {
        var values: [Double] = [9, 1, 2, 3, 4, 9]
        let vector: [Double] = [10, 20]
        values.add(2, times: vector.span, at: 1)
        #expect(values == [9, 21, 42, 3, 4, 9])
        values.rotatePair(at: 1, count: 2, cosine: 0, sine: 1)
        #expect(values == [9, -3, -4, 21, 42, 9])
    }
}
