import Testing
import TimbreCodes

@testable import TimbreMap

struct SoundPathTests {
    /// Sounds on a line, by their positions.
    private func sounds(at positions: Int...) -> [TimbreVector] {
        positions.map { position in
            var vector = TimbreVector(first: SIMD64())
            vector[0] = Int8(position)
            return vector
        }
    }

    private func path(_ sounds: [TimbreVector], between: [TimbreVector], count: Int) -> SoundPath {
        SoundPath(from: sounds[0], to: sounds[1], between: between, count: count)
    }

    @Test func withNothingBetweenItIsOneStep() {
        let path = path(sounds(at: 0, 10), between: [], count: 12)
        #expect(path.places == [] && path.squaredSteps == [100])
    }

    @Test func itTakesEvenSteps() {
        let between = sounds(at: 9, 1, 5, 7, 2, 3, 6)
        let path = path(sounds(at: 0, 10), between: between, count: 4)
        // 0, 3, 6 or 7, 10: the greatest step is 4, and 9 + 9 + 16 is less than any other sum.
        #expect(path.squaredSteps.max() == 16 && path.squaredSteps.reduce(0, +) == 34)
    }

    @Test func twoSoundsAreAWay() {
        #expect(path(sounds(at: 0, 10), between: sounds(at: 5), count: 2).squaredSteps == [100])
    }

    @Test func itTakesNoStepThatHelpsNothing() {
        let path = path(sounds(at: 0, 2), between: sounds(at: 0, 1, 1, 2, 60), count: 50)
        #expect(path.squaredSteps == [1, 1])
    }

    @Test func fromASoundToItself() {
        #expect(path(sounds(at: 3, 3), between: sounds(at: 4), count: 9).squaredSteps == [0])
    }

    @Test("No other way is better", arguments: 0..<40)
    func bestOfAll(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let vectors = (0..<8).map { _ in
            var vector = TimbreVector(first: SIMD64())
            for place in 0..<3 { vector[place] = Int8(generator.index(below: 40)) }
            return vector
        }
        let count = 2 + generator.index(below: 5)
        let path = SoundPath(from: vectors[0], to: vectors[7], between: Array(vectors[1..<7]), count: count)
        let way = [0] + path.places.map { $0 + 1 } + [7]
        #expect(way.count <= count)
        #expect(path.squaredSteps == zip(way, way.dropFirst()).map { vectors[$0].squaredDistance(to: vectors[$1]) })
        let best = Self.best(vectors, count: count)
        #expect(path.squaredSteps.max() == best.greatest && path.squaredSteps.reduce(0, +) == best.sum)
    }

    /// The least greatest step, and with it the least sum, of all ways that there are.
    private static func best(_ vectors: [TimbreVector], count: Int) -> (greatest: Int, sum: Int) {
        var best = (greatest: Int.max, sum: Int.max)
        func go(_ way: [Int], _ greatest: Int, _ sum: Int) {
            for next in vectors.indices where !way.contains(next) {
                let step = vectors[way[way.count - 1]].squaredDistance(to: vectors[next])
                let here = (greatest: max(greatest, step), sum: sum + step)
                if next == vectors.count - 1 {
                    if here < best { best = here }
                } else if way.count + 2 <= count {
                    go(way + [next], here.greatest, here.sum)
                }
            }
        }
        go([0], 0, 0)
        return best
    }
}
