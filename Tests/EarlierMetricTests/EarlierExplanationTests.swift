import Testing
import TimbreCodes

@testable import EarlierMetric

struct EarlierExplanationTests {
    /// A transform of some descriptors whose projection, shape `[64, n]`, is made element by element.
    private func transform(_ count: Int, projection: (_ row: Int, _ column: Int) -> Float) throws -> EarlierTransform {
        try EarlierTransform(
            mean: Array(repeating: 0, count: count), scale: Array(repeating: 1, count: count),
            projection: (0..<EarlierTransform.dimension).flatMap { row in (0..<count).map { projection(row, $0) } },
            step: 1
        )
    }

    @Test func contributionsAddUpToTheSquaredDistance() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20 {
            let count = 40
            let random = { (count: Int) in (0..<count).map { _ in Float(4 * generator.fraction() - 2) } }
            let projection = random(EarlierTransform.dimension * count)
            let transform = try EarlierTransform(
                mean: random(count), scale: random(count).map(abs), projection: projection, step: 0.1)
            let (a, b) = (random(count), random(count))
            let groups = [0..<7, 7..<8, 8..<8, 8..<31, 31..<40]
            let explanation = EarlierExplanation(of: a, and: b, in: groups, under: transform)

            // What the transform itself makes of the two, plainly.
            let expected = zip(transform.components(of: a), transform.components(of: b)).reduce(0.0) {
                $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1)
            }
            #expect(abs(explanation.squaredDistance - expected) < 1e-4 * expected)
            let sum = explanation.parts.reduce(0) { $0 + $1.contribution }
            #expect(abs(sum - explanation.squaredDistance) < 1e-9 * expected)
            #expect(abs(explanation.parts.reduce(0) { $0 + explanation.share(of: $1) } - 1) < 1e-9)
            #expect(explanation.parts[2] == EarlierExplanation.Part(contribution: 0, difference: 0))
        }
    }

    @Test func aProjectionThatMixesNothingGivesEachGroupItsOwnSquares() throws {
        let transform = try transform(4) { row, column in row == column ? Float(row + 1) : 0 }
        let explanation = EarlierExplanation(
            of: [1, 2, 0, 9], and: [0, 0, 1, -9], in: [0..<2, 2..<4], under: transform)
        // (1·1)² + (2·2)², and (3·1)² + (4·8)²: nothing lies farther than 4 from the mean.
        #expect(explanation.parts.map(\.contribution) == [17, 1033])
        #expect(explanation.parts.map(\.difference) == [Double(2.5).squareRoot(), Double(32.5).squareRoot()])
        #expect(explanation.squaredDistance == 1050)
    }

    @Test func whatMakesUpForOthersContributesLessThanNothing() throws {
        let transform = try transform(2) { row, _ in row == 0 ? 1 : 0 }
        let explanation = EarlierExplanation(of: [3, 0], and: [0, 1], in: [0..<1, 1..<2], under: transform)
        // (3 − 1)² = 2·3 − 2·1.
        #expect(explanation.parts.map(\.contribution) == [6, -2])
        #expect(explanation.parts.map(explanation.share) == [1.5, -0.5])
    }

    @Test func aSoundIsNotFarFromItself() throws {
        let transform = try transform(3) { row, column in Float(row - column) }
        let explanation = EarlierExplanation(of: [1, 2, 3], and: [1, 2, 3], in: [0..<3], under: transform)
        #expect(explanation.squaredDistance == 0)
        #expect(explanation.parts.map(explanation.share) == [0])
    }

    @Test func descriptorsThatSayNothingAreNotCounted() throws {
        let transform = try EarlierTransform(
            mean: [0, 0], scale: [1, 0], projection: Array(repeating: 1, count: 128), step: 1)
        let explanation = EarlierExplanation(of: [2, 50], and: [0, 0], in: [0..<2], under: transform)
        #expect(explanation.parts.map(\.difference) == [2])
    }
}
