import SoundFeatures
import TestBands
import Testing
import TimbreCodes

@testable import SoundDuplicates

/// How two sounds are compared, in the plainest way: every place is measured whole, a band at a time.
private struct PlainComparison {
    var first: ComparedSound
    var second: ComparedSound
    var bands: (first: [UInt8], second: [UInt8])

    /// The levels of a frame in decibels, none below a floor.
    private func levels(_ sound: ComparedSound, _ bytes: [UInt8], _ frame: Int, gain: Float, floor: Float) -> [Float] {
        guard sound.frames.contains(frame) else { return Array(repeating: floor, count: 100) }
        let start = frame * FeatureFrames.bandStride + 4
        return bytes[start..<start + 100].map { max(sound.peaks[frame] + gain + (Float($0) - 255) / 255 * 80, floor) }
    }

    /// The mean size of what two sounds differ by, by their median difference, if the second is so many quarters later.
    func mean(quarters: Int) -> (bands: Int, mean: Double)? {
        guard let top = first.peaks[first.frames].max(), let other = second.peaks[second.frames].max() else {
            return nil
        }
        let (gain, floor) = (top - other, top - 40)
        let (whole, share) = (quarters >> 2, Float(quarters & 3) / 8)
        let start = min(first.frames.lowerBound, second.frames.lowerBound - whole) - 1
        let end = max(first.frames.upperBound, second.frames.upperBound - whole) + 1
        var differences: [Double] = []
        for frame in start..<end {
            var a = levels(first, bands.first, frame, gain: 0, floor: floor)
            var b = levels(second, bands.second, frame + whole, gain: gain, floor: floor)
            if share > 0 {
                let before = levels(first, bands.first, frame - 1, gain: 0, floor: floor)
                let after = levels(second, bands.second, frame + whole + 1, gain: gain, floor: floor)
                a = zip(a, before).map { $0 + share * ($1 - $0) }
                b = zip(b, after).map { $0 + share * ($1 - $0) }
            }
            for (a, b) in zip(a, b) where a > floor + 3 || b > floor + 3 { differences.append(Double(a - b)) }
        }
        guard !differences.isEmpty else { return nil }
        let median = differences.sorted()[differences.count / 2]
        return (differences.count, differences.reduce(0) { $0 + abs($1 - median) } / Double(differences.count))
    }

    /// The least mean of all places, whole frames first, then quarters around the best.
    func best(reach: Int, leastBands: Int) -> Double? {
        let start = second.frames.lowerBound - first.frames.lowerBound
        func least(_ places: [Int]) -> (place: Int, mean: Double)? {
            places.compactMap { place in mean(quarters: place).map { (place, $0) } }
                .filter { $0.1.bands >= leastBands }.map { ($0.0, $0.1.mean) }.min { $0.1 < $1.1 }
        }
        guard let coarse = least((start - reach...start + reach).map { 4 * $0 }), coarse.mean <= 3.5 else { return nil }
        return least((-3...3).map { coarse.place + $0 })?.mean
    }
}

struct LevelComparisonTests {
    /// Pairs of sounds: some the same through something, some alike, some not.
    static let pairs: [(name: String, first: [UInt8], second: [UInt8])] = {
        let silence = MadeUpSounds.flat(4, peak: 0, level: 0)
        let (tone, noise) = (MadeUpSounds.tone(40, decay: 0.9375, seed: 1), MadeUpSounds.noise(40, seed: 2))
        return [
            ("the same", tone, tone), ("fainter", tone, MadeUpSounds.mapPeaks(of: tone) { $1 / 10 }),
            ("later", tone, MadeUpSounds.shifted(silence + tone, share: 0.25, onset: 0.1)),
            ("later still", noise, MadeUpSounds.shifted(silence + noise, share: 0.5, onset: 0.1)),
            ("coded", noise, DuplicateMatchTests.coded(noise, steps: 3, bandCount: 90)),
            ("badly coded", noise, DuplicateMatchTests.coded(noise, steps: 20, bandCount: 100)),
            ("transposed", tone, MadeUpSounds.transposed(tone, ratio: 17.0 / 16)),
            ("other noise", noise, MadeUpSounds.noise(40, seed: 5)), ("another thing", tone, noise),
            ("shorter", tone, Array(tone.prefix(20 * FeatureFrames.bandStride))),
        ]
    }()

    @Test("What ends early changes nothing", arguments: pairs.indices)
    func agrees(number: Int) throws {
        let pair = Self.pairs[number]
        let first = try #require(ComparedSound(bands: pair.first))
        let second = try #require(ComparedSound(bands: pair.second))
        let plain = PlainComparison(first: first, second: second, bands: (pair.first, pair.second))
        let comparison = try #require(LevelComparison(first, second, .whole))
        for reach in 0...3 {
            let expected = plain.best(reach: reach, leastBands: 16)
            let found = comparison.best(reach: reach, leastBands: 16)
            #expect((expected == nil) == (found == nil), "\(pair.name), \(reach)")
            // The median is found in steps of a twentieth of a decibel.
            #expect(abs((expected ?? 0) - (found?.mean ?? 0)) < 0.03, "\(pair.name), \(reach)")
        }
    }

    @Test func somePairsAreToldApartAndSomeAreNot() throws {
        let found = try Self.pairs.map { pair in
            let comparison = LevelComparison(
                try #require(ComparedSound(bands: pair.first)), try #require(ComparedSound(bands: pair.second)), .whole)
            return comparison?.best(reach: 2, leastBands: 16) != nil
        }
        #expect(found.contains(true) && found.contains(false))
    }
}
