import Testing
import TimbreCodes

@testable import SoundDuplicates

struct LevelDifferenceTests {
    /// Differences of some frames, of which a third does not count.
    static func rows(_ frames: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<100 * frames).map { _ in
            // Whole steps of the histogram, so that the median is exact.
            Int.random(in: 0..<3, using: &generator) == 0
                ? .nan : Float(Int.random(in: -80...160, using: &generator)) / 20
        }
    }

    @Test("Agrees with a plain computation", arguments: [1, 3, 4, 5, 40])
    func agrees(frames: Int) throws {
        let rows = Self.rows(frames, seed: UInt64(frames))
        let found = try #require(LevelDifference(rows))
        let values = rows.filter { !$0.isNaN }.sorted()
        let median = Double(values[values.count / 2])
        var lasting = 0.0
        for band in 0..<100 {
            for start in stride(from: 0, to: frames, by: 4) {
                let block = (start..<min(start + 4, frames)).map { Double(rows[$0 * 100 + band]) }
                lasting += abs(block.filter { !$0.isNaN }.reduce(0) { $0 + $1 - median })
            }
        }
        #expect(found.bands == values.count && found.frames == frames)
        #expect(abs(found.level + median) < 1e-4)
        #expect(abs(found.mean - values.reduce(0) { $0 + abs(Double($1) - median) } / Double(values.count)) < 1e-4)
        #expect(abs(found.lasting - lasting / Double(values.count)) < 1e-4)
    }

    @Test func whereNothingCountsThereIsNone() {
        #expect(LevelDifference([]) == nil && LevelDifference(Array(repeating: .nan, count: 200)) == nil)
    }
}
