import Testing
import TimbreCoding

struct QuantilesTests {
    @Test func sharesAreThoseOfThePairsThatAreFartherApart() throws {
        var generator = SeededGenerator(seed: 5)
        let numbers = (0..<20_000).map { _ in Float(generator.index(below: 20)) }
        let quantiles = try #require(Quantiles(of: numbers))
        #expect(quantiles.values.count == 1001)
        for number in -1...20 {
            let share = Double(numbers.count { $0 > Float(number) }) / 20_000
            #expect(abs(quantiles.share(above: Double(number)) - share) < 0.0021, "\(number)")
        }
    }

    @Test func sharesNeverRise() throws {
        var generator = SeededGenerator(seed: 6)
        let quantiles = try #require(Quantiles(of: (0..<300).map { _ in Float(generator.index(below: 900)) / 100 }))
        let shares = stride(from: -1.0, to: 11, by: 0.01).map(quantiles.share(above:))
        #expect(shares.first == 1 && shares.last == 0)
        #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test func refusesWhatDoesNotAscend() {
        #expect(Quantiles(values: [1]) == nil)
        #expect(Quantiles(values: [1, 0]) == nil)
        #expect(Quantiles(values: [0, .nan]) == nil)
        #expect(Quantiles(of: []) == nil)
    }

    @Test func calibrationMeasuresPairsOfDifferentFiles() throws {
        // Three files, alike within themselves; the distances between them are 2, 3 and 5 bits.
        let codes = [TimbreCode(bits: [0]), TimbreCode(bits: [1]), TimbreCode(bits: [2, 3, 4, 5])]
        let files = codes.map { [$0, $0, .empty] }
        let calibration = try #require(Calibration(of: files + [[.empty], []], seed: 1, pairs: 3000))
        #expect(calibration.score(fileDistance: 0) == 1)
        #expect(calibration.score(spanDistance: 1) == 1)
        #expect(abs(calibration.score(fileDistance: 2) - 2.0 / 3) < 0.05)
        #expect(abs(calibration.score(spanDistance: 2) - 2.0 / 3) < 0.05)
        #expect(calibration.score(fileDistance: 5) == 0)
        #expect(calibration == Calibration(of: files, seed: 1, pairs: 3000))
        #expect(Calibration(of: [files[0], [.empty]], seed: 1) == nil)
    }

    @Test func distanceOfSoundsIsTheMeanOfTheNearest() {
        let (a, b, c) = (TimbreCode(bits: [1, 2]), TimbreCode(bits: [1]), TimbreCode(bits: [9]))
        #expect(CodeDistance.mean(from: [a, b, .empty], to: [b, c, .empty]) == 0.5)
        #expect(CodeDistance.mean(from: [b, c], to: [a]) == 2)
        #expect(CodeDistance.mean(from: [.empty], to: [a]) == nil)
        #expect(CodeDistance.mean(from: [a], to: []) == nil)
    }

    @Test func churnCountsListsThatChange() {
        let churn = RankingChurn(
            old: [[1, 2, 3], [1, 2, 3], [1, 2], [], [4, 5, 6, 7]],
            new: [[1, 2, 3], [2, 1, 3], [1], [], [4, 5, 8, 9]])
        #expect(churn.listCount == 5)
        #expect(churn.changedLists == 3)
        #expect(churn.listsWithOtherMembers == 2)
        #expect(churn.keptShare == (1 + 1 + 0.5 + 1 + 0.5) / 5)
    }
}
