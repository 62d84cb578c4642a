import LinearAlgebra
import Testing

struct GeneralizedEigenTests {
    @Test(arguments: [1, 2, 5, 16, 40])
    func directionsSolveTheProblemAsItIsDefined(size: Int) throws {
        var random = RandomNumbers(seed: UInt64(size))
        let numerator = random.symmetric(size)
        let denominator = random.positiveDefinite(size)
        let eigen = try GeneralizedEigen(numerator, against: denominator, count: size)
        #expect(eigen.ratios == eigen.ratios.sorted(by: >))

        let greatest = eigen.ratios.map { abs($0) }.max() ?? 0
        let scaled = plainProduct(diagonal(eigen.ratios), plainProduct(eigen.directions, denominator))
        #expect(distance(plainProduct(eigen.directions, numerator), scaled) < 1e-12 * max(1, greatest))
        let gram = plainProduct(plainProduct(eigen.directions, denominator), eigen.directions.transposed)
        #expect(distance(gram, Matrix(identity: size)) < 1e-12)
        for place in 0..<size {
            let direction = row(place, of: eigen.directions)
            #expect(direction.first { component in direction.allSatisfy { abs($0) <= abs(component) } } ?? 0 > 0)
        }
    }

    @Test func noDirectionHasAGreaterRatioThanTheFirst() throws {
        var random = RandomNumbers(seed: 12)
        let (numerator, denominator) = (random.symmetric(6), random.positiveDefinite(6))
        let eigen = try GeneralizedEigen(numerator, against: denominator, count: 1)
        let best = row(0, of: eigen.directions)
        func ratio(_ direction: [Double]) -> Double {
            func form(_ matrix: Matrix) -> Double {
                zip(direction, product(matrix, direction)).map(*).reduce(0, +)
            }
            return form(numerator) / form(denominator)
        }
        #expect(abs(ratio(best) - eigen.ratios[0]) < 1e-12)
        for width in [1, 0.1, 0.01] {
            for _ in 0..<100 {
                #expect(ratio(zip(best, random.vector(6)).map { $0 + width * $1 }) < eigen.ratios[0])
            }
        }
    }

    @Test func fewDirectionsAreTheFirstOfAll() throws {
        var random = RandomNumbers(seed: 9)
        let (numerator, denominator) = (random.symmetric(10), random.positiveDefinite(10))
        let all = try GeneralizedEigen(numerator, against: denominator, count: 10)
        let few = try GeneralizedEigen(numerator, against: denominator, count: 3)
        #expect(few.ratios == Array(all.ratios[..<3]))
        #expect(few.directions == Matrix(rows: 3, columns: 10, values: Array(all.directions.values[..<30])))
        let none = try GeneralizedEigen(numerator, against: denominator, count: 0)
        #expect(none.ratios == [] && none.directions.rows == 0)
    }

    @Test func againstTheIdentityItIsTheOrdinaryProblem() throws {
        var random = RandomNumbers(seed: 10)
        let matrix = random.symmetric(11)
        let ordinary = try SymmetricEigen(matrix)
        let eigen = try GeneralizedEigen(matrix, against: Matrix(identity: 11), count: 11)
        #expect(eigen.ratios == ordinary.values)
        #expect(eigen.directions == ordinary.vectors)
    }

    @Test func ofTwoClassesItIsFishersDiscriminant() throws {
        // For *A* = *d* *d*ᵀ, the one direction is that of *B*⁻¹ *d*: R. A. Fisher, "The use of multiple measurements
        // in taxonomic problems", Annals of Eugenics 7 (1936), pp. 179-188.
        var random = RandomNumbers(seed: 11)
        let denominator = random.positiveDefinite(8)
        let difference = Matrix(rows: 8, columns: 1, values: random.vector(8))
        let eigen = try GeneralizedEigen(
            plainProduct(difference, difference.transposed), against: denominator, count: 2)
        let image = product(denominator, row(0, of: eigen.directions))
        let scale =
            zip(image, difference.values).map(*).reduce(0, +)
            / difference.values.map { $0 * $0 }.reduce(0, +)
        #expect(distance(image, difference.values.map { $0 * scale }) < 1e-12)
        #expect(abs(eigen.ratios[1]) < 1e-12 * eigen.ratios[0])
    }

    @Test func refusesADenominatorThatIsNotPositiveDefinite() {
        #expect(throws: LinearAlgebraError.notPositiveDefinite(row: 1)) {
            try GeneralizedEigen(Matrix(identity: 2), against: diagonal([1, 0]), count: 1)
        }
        #expect(throws: LinearAlgebraError.notFinite) {
            try GeneralizedEigen(diagonal([1, .nan]), against: Matrix(identity: 2), count: 1)
        }
    }
}
