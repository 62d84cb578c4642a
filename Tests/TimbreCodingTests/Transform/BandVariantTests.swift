import Testing
import TimbreCoding
import TimbreExtraction

struct BandVariantTests {
    /// A frame in the form in which it is stored.
    static func frame(peak: Float, _ levels: (Int) -> Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: peak.bitPattern >> UInt32(8 * $0)) }
            + (0..<100).map { UInt8(min(255, max(0, levels($0)))) }
    }

    static func peaks(_ bands: [UInt8]) -> [Float] {
        stride(from: 0, to: bands.count, by: FeatureFrames.bandStride).map { start in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) })
        }
    }

    /// The levels of all frames, one after the other.
    static func levels(_ bands: [UInt8]) -> [Int] {
        bands.indices.filter { $0 % FeatureFrames.bandStride >= 4 }.map { Int(bands[$0]) }
    }

    /// Nine frames of rugged spectra, the fifth silent.
    static let rugged = (0..<9).flatMap { frame -> [UInt8] in
        if frame == 4 { return Self.frame(peak: 0) { _ in 0 } }
        return Self.frame(peak: 1 / Float(1 << (frame * 5 % 7))) { band in
            if band == 11 * frame % 100 { return 255 }
            return (7 * band * band + 31 * frame * band + 13 * frame) % 256
        }
    }

    /// Forty frames with three humps that decay.
    static let smooth = (0..<40).flatMap { frame -> [UInt8] in
        Self.frame(peak: 0.5 / Float(frame + 1)) { band in
            let first = (band - 30) * (band - 30) / 4
            let second = 40 + abs(band - 55) * 6
            let third = 20 + abs(band - 75) * (5 + frame / 4)
            return 255 - min(first, second, third)
        }
    }

    /// What a variant is known by.
    struct Sums: CustomTestStringConvertible {
        var variant: BandVariant
        var frames: Int
        var levels: Int
        /// Of the levels, each times its place modulo 101.
        var weighted: Int
        var peaks: Double

        var testDescription: String { "\(variant)" }
    }

    // Of the rugged sound, by a program in Python with numpy.
    static let sums = zip(
        BandVariant.all,
        [
            (10, 154_739, 7_330_029, 1.382318), (8, 124_129, 6_080_048, 1.604178), (11, 146_251, 6_788_588, 1.412976),
            (7, 88_360, 4_328_934, 1.467729), (14, 197_020, 8_762_852, 1.793733), (6, 92_931, 4_546_945, 1.136156),
            (9, 99_005, 4_525_554, 2.98415), (9, 104_424, 5_028_111, 3), (9, 154_368, 7_701_171, 3.003372),
            (9, 167_156, 8_386_616, 3.012074), (10, 146_369, 7_132_516, 3.47925), (10, 147_987, 7_214_589, 3.267434),
        ]
    ).map { Sums(variant: $0, frames: $1.0, levels: $1.1, weighted: $1.2, peaks: $1.3) }

    @Test("Agrees with another program", arguments: sums)
    func agrees(sums: Sums) {
        let bands = sums.variant.apply(to: Self.rugged)
        let levels = Self.levels(bands)
        #expect(levels.count == sums.frames * 100)
        #expect(levels.reduce(0, +) == sums.levels)
        #expect(levels.enumerated().reduce(0) { $0 + $1.element * ($1.offset % 101) } == sums.weighted)
        #expect(abs(Self.peaks(bands).reduce(0) { $0 + Double($1) } - sums.peaks) < 1e-6)
    }

    @Test func upAndDownIsNearTheStart() {
        for (numerator, denominator) in [(9, 8), (5, 4), (3, 2)] {
            let up = BandVariant.transposed(numerator: numerator, denominator: denominator)
            let down = BandVariant.transposed(numerator: denominator, denominator: numerator)
            let raised = up.apply(to: Self.smooth)
            let back = down.apply(to: raised)
            #expect(abs(back.count - Self.smooth.count) <= FeatureFrames.bandStride)
            // A fifth pushes the 13 bands at the top out.
            let (before, after) = (Self.levels(Self.smooth), Self.levels(back))
            for frame in 0..<min(before.count, after.count) / 100 {
                for band in 20..<80 {
                    let place = frame * 100 + band
                    #expect(abs(before[place] - after[place]) <= 10, "\(numerator):\(denominator) \(frame) \(band)")
                }
            }
            #expect(Self.levels(raised) != before)
        }
    }

    // The centre of band 50 is 1691 Hz. Where its multiples lie on the scale 6 asinh(f / 600), by numpy: 70.0, 61.6,
    // 56.3, 38.9.
    @Test("Moves a peak by the ratio", arguments: [(2, 1, 70), (3, 2, 62), (5, 4, 56), (2, 3, 39)])
    func moves(numerator: Int, denominator: Int, band: Int) {
        let peaked = Self.frame(peak: 1) { 255 - 4 * abs($0 - 50) }
        let moved = BandVariant.transposed(numerator: numerator, denominator: denominator).apply(to: peaked)
        #expect(Self.levels(moved).firstIndex(of: 255) == band)
    }

    @Test func variantsAreOfTheFormThatIsStored() {
        for variant in BandVariant.all {
            for sound in [Self.rugged, Self.smooth] {
                let bands = variant.apply(to: sound)
                #expect(bands.count % FeatureFrames.bandStride == 0)
                let levels = Self.levels(bands)
                for (frame, peak) in Self.peaks(bands).enumerated() {
                    #expect(levels[frame * 100..<(frame + 1) * 100].max() == (peak > 0 ? 255 : 0))
                }
                #expect(variant.apply(to: sound) == bands)
            }
        }
    }

    @Test func ofOneFrameComesOne() {
        let one = Array(Self.smooth.prefix(FeatureFrames.bandStride))
        for variant in BandVariant.all {
            let bands = variant.apply(to: one)
            var frames = 1
            if case .shifted = variant { frames = 2 }
            if variant == .transposed(numerator: 2, denominator: 3) { frames = 2 }
            #expect(bands.count == frames * FeatureFrames.bandStride, "\(variant)")
            #expect(Self.peaks(bands)[0] > 0)
            #expect(variant.apply(to: []) == [])
        }
    }

    @Test func silenceStaysSilent() {
        for variant in BandVariant.all {
            for frames in [1, 2, 30] {
                let bands = variant.apply(to: Array(repeating: 0, count: frames * FeatureFrames.bandStride))
                #expect(bands.count >= FeatureFrames.bandStride)
                #expect(bands.allSatisfy { $0 == 0 }, "\(variant)")
            }
        }
    }

    @Test func anyBytesAreTaken() {
        var generator = SeededGenerator(seed: 12)
        var hostile: [UInt8] = []
        for peak in [
            Float.nan, .infinity, -.infinity, -1, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e-12, 0, 1,
        ] {
            hostile += Self.frame(peak: peak) { _ in generator.index(below: 256) }
            hostile += Self.frame(peak: peak) { _ in 0 }
        }
        for _ in 0..<20 * FeatureFrames.bandStride { hostile.append(UInt8(generator.index(below: 256))) }
        for variant in BandVariant.all {
            let bands = variant.apply(to: hostile)
            #expect(Self.peaks(bands).allSatisfy { $0.isFinite && $0 >= 0 })
            #expect(!variant.apply(to: bands).isEmpty)
        }
    }
}
