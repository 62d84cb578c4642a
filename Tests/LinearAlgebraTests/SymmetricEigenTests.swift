import Foundation
import LinearAlgebra
import Testing

struct SymmetricEigenTests {
    /// The matrix of second differences, 2 on the diagonal and -1 beside it.
    static func secondDifferences(_ size: Int) -> Matrix {
        var matrix = diagonal(Array(repeating: 2, count: size))
        for index in 1..<size {
            matrix[index - 1, index] = -1
            matrix[index, index - 1] = -1
        }
        return matrix
    }

    // Its eigenvalues are 2 - 2 cos(kπ/(n+1)), its eigenvectors sin(ikπ/(n+1)) √(2/(n+1)), i and k from 1: G. Strang,
    // "The discrete cosine transform", SIAM Review 41 (1999), pp. 135-147.
    @Test(arguments: [2, 3, 10, 37])
    func agreesWithTheKnownSpectrumOfSecondDifferences(size: Int) throws {
        let eigen = try SymmetricEigen(Self.secondDifferences(size))
        for place in 0..<size {
            let angle = Double(size - place) * .pi / Double(size + 1)
            #expect(abs(eigen.values[place] - (2 - 2 * cos(angle))) < 1e-14)
            let length = (2 / Double(size + 1)).squareRoot()
            let vector = (1...size).map { sin(Double($0) * angle) * length }
            let found = row(place, of: eigen.vectors)
            #expect(min(distance(found, vector), distance(found, vector.map { -$0 })) < 1e-12)
        }
    }

    // Two eigenvalues that are equal but for the last digits: J. H. Wilkinson, The Algebraic Eigenvalue Problem (1965),
    // p. 309.
    @Test func agreesWithWilkinsonsMatrix() throws {
        var matrix = diagonal((-10...10).map { Double(abs($0)) })
        for index in 1..<21 {
            matrix[index - 1, index] = 1
            matrix[index, index - 1] = 1
        }
        let eigen = try SymmetricEigen(matrix)
        #expect(abs(eigen.values[0] - 10.746194182903393) < 2e-14)
        #expect(abs(eigen.values[1] - 10.746194182903322) < 2e-14)
        #expect(abs(eigen.values[20] + 1.125441522119985) < 1e-14)
        expectDecomposition(eigen, of: matrix)
    }

    @Test(arguments: [1, 2, 3, 4, 8, 9, 25, 64])
    func decomposesRandomMatrices(size: Int) throws {
        var random = RandomNumbers(seed: UInt64(size))
        let matrix = random.symmetric(size)
        expectDecomposition(try SymmetricEigen(matrix), of: matrix)
    }

    @Test func aMatrixOfOneElementIsItsEigenvalue() throws {
        let eigen = try SymmetricEigen(Matrix(rows: 1, columns: 1, values: [-3]))
        #expect(eigen.values == [-3])
        #expect(eigen.vectors.values == [1])
    }

    @Test func ofZeroEveryBasisWillDo() throws {
        let eigen = try SymmetricEigen(Matrix(rows: 5, columns: 5))
        #expect(eigen.values == [0, 0, 0, 0, 0])
        expectDecomposition(eigen, of: Matrix(rows: 5, columns: 5))
    }

    @Test func ofADiagonalMatrixItSortsTheDiagonal() throws {
        let eigen = try SymmetricEigen(diagonal([2, -1, 7, 2]))
        #expect(eigen.values == [7, 2, 2, -1])
        #expect(row(0, of: eigen.vectors) == [0, 0, 1, 0])
        #expect(row(3, of: eigen.vectors) == [0, 1, 0, 0])
        expectDecomposition(eigen, of: diagonal([2, -1, 7, 2]))
    }

    @Test func repeatedEigenvaluesHaveAnOrthonormalBasis() throws {
        // Ones everywhere: 12 once, in the direction of the diagonal, and 0 eleven times.
        let ones = Matrix(rows: 12, columns: 12, values: Array(repeating: 1, count: 144))
        let eigen = try SymmetricEigen(ones)
        #expect(distance(eigen.values, [12] + Array(repeating: 0, count: 11)) < 1e-14)
        #expect(distance(row(0, of: eigen.vectors), Array(repeating: (1.0 / 12).squareRoot(), count: 12)) < 1e-14)
        expectDecomposition(eigen, of: ones)
    }

    @Test func aMatrixOfLowRankHasThatManyEigenvalues() throws {
        var random = RandomNumbers(seed: 5)
        let factor = random.matrix(30, 4)
        let matrix = plainProduct(factor, factor.transposed)
        let eigen = try SymmetricEigen(matrix)
        #expect(eigen.values[3] > 0.1)
        #expect(eigen.values[4...].allSatisfy { abs($0) < 1e-13 })
        expectDecomposition(eigen, of: matrix)
    }

    /// Checks *A* *v* = *λ* *v*, orthonormality, order and signs, in units of the matrix's norm.
    private func expectDecomposition(_ eigen: SymmetricEigen, of matrix: Matrix) {
        let norm = eigen.values.map { abs($0) }.max() ?? 0
        let scaled = plainProduct(diagonal(eigen.values), eigen.vectors)
        #expect(distance(plainProduct(eigen.vectors, matrix), scaled) <= 1e-14 * norm)
        let gram = plainProduct(eigen.vectors, eigen.vectors.transposed)
        #expect(distance(gram, Matrix(identity: matrix.rows)) < 1e-14)
        #expect(eigen.values == eigen.values.sorted(by: >))
        for place in 0..<matrix.rows {
            let vector = row(place, of: eigen.vectors)
            #expect(vector.first { component in vector.allSatisfy { abs($0) <= abs(component) } } ?? 0 > 0)
        }
    }
}
