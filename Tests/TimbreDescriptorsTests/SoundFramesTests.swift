import SoundFeatures
import TestBands
import Testing

@testable import TimbreDescriptors

struct SoundFramesTests {
    static let sounds = MadeUpSounds.all.merging(MadeUpSounds.ends) { first, _ in first }

    @Test("Agrees with the definition", arguments: goldenDescriptors.keys.sorted())
    func agrees(name: String) throws {
        let expected = try #require(goldenDescriptors[name]).split(whereSeparator: \.isWhitespace).map {
            Double($0) ?? .nan
        }
        expectEqual(try values(of: try #require(Self.sounds[name])), expected, within: 5e-3)
    }

    @Test("Agrees with a plain computation", arguments: [1, 2, 3, 17, 30, 64, 65])
    func agreesWithPlain(count: Int) throws {
        let seed = UInt64(count)
        for bands in [
            MadeUpSounds.noise(count, seed: seed), MadeUpSounds.tone(count, decay: 0.96875, seed: seed),
            MadeUpSounds.waves(count),
            MadeUpSounds.withoutTreble(MadeUpSounds.tone(count, decay: 0.9375, seed: seed), bandCount: 50),
        ] {
            let values = try values(of: bands)
            let audible = try #require(AudibleFrames(0..<count, energies: energies(of: bands)))
            let stride = FeatureFrames.bandStride
            let part = Array(bands[audible.range.lowerBound * stride..<audible.range.upperBound * stride])
            expectEqual(values, PlainDescriptor(bands: part, levels: audible.levels).values, within: 2e-3)
        }
    }

    @Test("The level is no part of it", arguments: [0x1p-30, 1e-20, 0.3, 700, 1e30] as [Float])
    func levelInvariance(gain: Float) throws {
        let bands = try #require(Self.sounds["tones with silence around and between"])
        let (values, others) = (
            try values(of: bands), try values(of: MadeUpSounds.mapPeaks(of: bands) { $1 * gain })
        )
        for (value, other) in zip(values, others) { #expect(abs(value - other) < 1e-3) }
    }

    @Test func whatIsBeforeAndBehindTheSoundIsNoPartOfIt() throws {
        // It ends before it fades into what is behind it.
        let tone = MadeUpSounds.tone(25, decay: 0.875, seed: 11)
        let silence = MadeUpSounds.flat(70, peak: 0, level: 0)
        let hum = MadeUpSounds.flat(43, peak: 0x1p-11, level: 200)
        let expected = try values(of: tone)
        for bands in [silence + tone, silence + tone + silence, tone + hum, hum + tone + hum, hum + tone] {
            #expect(try values(of: bands) == expected)
        }
    }

    @Test("A part is described as if it were all there is", arguments: [0..<1, 0..<30, 30..<60, 63..<65, 149..<150])
    func parts(part: Range<Int>) {
        let stride = FeatureFrames.bandStride
        for bands in [
            Self.sounds["noise"] ?? [], MadeUpSounds.withoutTreble(Self.sounds["noise"] ?? [], bandCount: 40),
        ] {
            var frames = SoundFrames(bands: bands)
            var alone = SoundFrames(bands: Array(bands[part.lowerBound * stride..<part.upperBound * stride]))
            // Asked for after all others, and before them.
            let first = frames.descriptor(of: part)
            _ = frames.descriptor()
            let (again, expected) = (frames.descriptor(of: part), alone.descriptor())
            #expect(first != nil && first == again && first == expected)
        }
    }

    /// Only a few frames' values are kept of a long sound.
    @Test("A long sound is described in pieces and the same", arguments: [17, 30, 100, 149])
    func pieces(kept: Int) throws {
        for bands in [
            Self.sounds["noise"] ?? [], MadeUpSounds.withoutTreble(Self.sounds["noise"] ?? [], bandCount: 40),
        ] {
            var whole = SoundFrames(bands: bands)
            var pieces = SoundFrames(bands: bands, keeping: kept)
            for part in [0..<150, 0..<30, 90..<120, 20..<150, 0..<150] {
                let (expected, found) = (whole.descriptor(of: part), pieces.descriptor(of: part))
                #expect(found != nil && found == expected)
            }
        }
    }

    @Test func whereNothingSoundsNothingIsDescribed() {
        var sound = SoundFrames(
            bands: MadeUpSounds.flat(3, peak: 0, level: 200) + MadeUpSounds.flat(1, peak: 1, level: 0)
                + MadeUpSounds.mapPeaks(of: MadeUpSounds.noise(3, seed: 5)) { frame, _ in [.nan, -2, -.infinity][frame]
                })
        #expect(sound.count == 7)
        let isHeard = [0..<3, 4..<7, 3..<3, 3..<4].map { sound.descriptor(of: $0) != nil }
        #expect(isHeard == [false, false, false, true])
        var nothing = SoundFrames(bands: [])
        let none = nothing.descriptor()
        #expect(none == nil)
    }

    @Test func anyBytesGiveNumbers() throws {
        for seed in UInt64(1)...20 {
            #expect(try values(of: MadeUpSounds.anyBytes(40, seed: seed)).allSatisfy(\.isFinite))
        }
    }

    @Test func groupsCoverAllNumbers() {
        #expect(TimbreDescriptor.count == 410)
        #expect(TimbreDescriptor.groups.flatMap(\.range) == Array(0..<410))
        #expect(TimbreDescriptor.groups.map(\.kind) == TimbreDescriptor.Kind.allCases)
    }

    private func values(of bands: [UInt8]) throws -> [Float] {
        var frames = SoundFrames(bands: bands)
        let descriptor = frames.descriptor()
        return try #require(descriptor).values
    }

    private func energies(of bands: [UInt8]) -> [Double] {
        zip(0..., DescriptorTables.shared.powers(of: bands[...])).map { frame, power in
            let start = frame * FeatureFrames.bandStride
            let bits = (0..<4).reduce(0) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
            let peak = Double(Float(bitPattern: bits))
            return peak * peak * power
        }
    }

    private func expectEqual(_ values: [Float], _ expected: [Double], within tolerance: Double) {
        #expect(values.count == expected.count)
        for (place, (value, expectation)) in zip(values, expected).enumerated() {
            #expect(
                abs(Double(value) - expectation) < tolerance * max(1, abs(expectation) / 10), "value \(place)")
        }
    }
}
