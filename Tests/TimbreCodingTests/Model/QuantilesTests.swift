import Testing
import TimbreCodes
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

    @Test func calibrationMeasuresPairsByTimbre() throws {
        // Four files at 0, 10, 20 and 40 steps along an axis, their one span at twice that; the last has no span.
        func vector(_ place: Int8) -> TimbreVector {
            var vector = TimbreVector(first: SIMD64())
            vector[7] = place
            return vector
        }
        let places: [Int8] = [0, 10, 20, 40]
        let files = places.map { Calibration.Vectors(whole: vector($0), spans: $0 == 40 ? [] : [vector(2 * $0)]) }
        let transform = try EarlierModelTests.transform(step: 0.5)
        var calibration = try #require(Calibration(of: [[TimbreCode(bits: [1])], [TimbreCode(bits: [2])]], seed: 1))
        let before = calibration
        calibration.measureTimbre(of: [files[0]], transform: transform, seed: 1)
        #expect(calibration == before && calibration.score(timbreFileDistance: 1) == nil)
        calibration.measureTimbre(of: files, transform: transform, seed: 1, pairs: 6000)
        // Of six pairs two are 10 steps apart, two 20, one 30, one 40; of three pairs of spans two 20 and one 40.
        for (distance, share) in [(4.9, 1.0), (5, 2 / 3.0), (10, 1 / 3.0), (15, 1 / 6.0), (20, 0)] {
            #expect(abs(try #require(calibration.score(timbreFileDistance: distance)) - share) < 0.04)
        }
        #expect(abs(try #require(calibration.score(timbreSpanDistance: 10)) - 1 / 3.0) < 0.04)
        #expect(calibration.score(timbreSpanDistance: 20) == 0)
        #expect((calibration.files, calibration.spans) == (before.files, before.spans))
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
