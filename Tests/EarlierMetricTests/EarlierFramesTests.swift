import EarlierMetric
import SoundFeatures
import TestBands
import Testing
import TimbreCodes

struct EarlierFramesTests {
    @Test("Agrees with the definition", arguments: earlierGoldenDescriptors.keys.sorted())
    func agrees(name: String) throws {
        let expected = try #require(earlierGoldenDescriptors[name]).split(whereSeparator: \.isWhitespace).map {
            Double($0) ?? .nan
        }
        let values = try #require(EarlierFrames(bands: sound(name)).descriptor()).values
        expectEqual(values, expected, within: 1e-4)
        // So that what is compared with the plain descriptors is compared with the definition.
        let plain = try #require(EarlierPlainDescriptor(bands: sound(name))).values
        expectEqual(plain, expected, within: 1e-5)
    }

    @Test("Agrees with a plain computation", arguments: [1, 2, 3, 30, 64, 65])
    func agreesWithPlain(count: Int) throws {
        let seed = UInt64(count)
        for bands in [
            MadeUpSounds.noise(count, seed: seed), MadeUpSounds.tone(count, decay: 0.96875, seed: seed),
            MadeUpSounds.waves(count), MadeUpSounds.anyBytes(count, seed: seed),
        ] {
            let plain = try #require(EarlierPlainDescriptor(bands: bands)).values
            let values = try #require(EarlierFrames(bands: bands).descriptor()).values
            // What is left of a smooth spectrum after its first cepstra is a small difference of large numbers.
            expectEqual(values, plain, within: 1e-3)
        }
    }

    @Test("The level is no part of it", arguments: [0x1p-30, 1e-20, 0.3, 700, 1e30] as [Float])
    func levelInvariance(gain: Float) throws {
        let bands = sound("tones with silence around and between")
        let louder = MadeUpSounds.mapPeaks(of: bands) { $1 * gain }
        let values = try #require(EarlierFrames(bands: bands).descriptor()).values
        let others = try #require(EarlierFrames(bands: louder).descriptor()).values
        for (value, other) in zip(values, others) { #expect(abs(value - other) < 1e-4) }
    }

    @Test func silenceAroundIsNoPartOfIt() throws {
        let tone = MadeUpSounds.tone(50, decay: 0.75, seed: 11)
        let silence = MadeUpSounds.flat(70, peak: 0, level: 0)
        let alone = try #require(EarlierFrames(bands: tone).descriptor())
        let late = try #require(EarlierFrames(bands: silence + tone).descriptor())
        let surrounded = try #require(EarlierFrames(bands: silence + tone + silence).descriptor())
        // Nor is what is more than 60 dB below the loudest frame: 24 frames are not.
        let heard = try #require(EarlierFrames(bands: tone).descriptor(of: 0..<25))
        #expect(late == alone)
        #expect(surrounded == alone)
        #expect(heard == alone)
    }

    @Test("A part is described as if it were all there is", arguments: [0..<1, 0..<30, 30..<60, 63..<65, 149..<150])
    func parts(frames: Range<Int>) {
        let bands = sound("noise")
        let stride = FeatureFrames.bandStride
        let part = Array(bands[frames.lowerBound * stride..<frames.upperBound * stride])
        let descriptor = EarlierFrames(bands: bands).descriptor(of: frames)
        #expect(descriptor != nil)
        #expect(descriptor == EarlierFrames(bands: part).descriptor())
    }

    @Test func whereNothingSoundsNothingIsDescribed() {
        let sound = EarlierFrames(
            bands: MadeUpSounds.flat(3, peak: 0, level: 200) + MadeUpSounds.flat(1, peak: 1, level: 0)
                + MadeUpSounds.mapPeaks(of: MadeUpSounds.noise(3, seed: 5)) { frame, _ in [.nan, -2, -.infinity][frame]
                })
        #expect(sound.count == 7)
        #expect(sound.descriptor(of: 0..<3) == nil)
        #expect(sound.descriptor(of: 4..<7) == nil)
        #expect(sound.descriptor(of: 3..<3) == nil)
        #expect(sound.descriptor(of: 3..<4) != nil)
        #expect(EarlierFrames(bands: []).descriptor() == nil)
    }

    @Test func groupsCoverAllNumbers() {
        #expect(EarlierDescriptor.count == 152)
        #expect(EarlierDescriptor.groups.flatMap(\.range) == Array(0..<152))
        #expect(Set(EarlierDescriptor.groups.map(\.name)).count == EarlierDescriptor.groups.count)
    }

    private func sound(_ name: String) -> [UInt8] { MadeUpSounds.all[name] ?? [] }

    private func expectEqual<Value: BinaryFloatingPoint>(
        _ values: [Value], _ expected: [Double], within tolerance: Double
    ) {
        #expect(values.count == expected.count)
        for (place, (value, expectation)) in zip(values, expected).enumerated() {
            #expect(abs(Double(value) - expectation) < tolerance, "value \(place)")
        }
    }
}
