import SoundFeatures
import TestBands
import Testing
import TimbreCodes

@testable import SoundDuplicates

struct DuplicateMatchTests {
    static let tone = MadeUpSounds.tone(60, decay: 0.9375, seed: 1)
    static let noise = MadeUpSounds.noise(60, seed: 2)
    static let silence = MadeUpSounds.flat(4, peak: 0, level: 0)

    static func match(_ first: [UInt8], _ second: [UInt8]) throws -> DuplicateMatch? {
        DuplicateMatch(try #require(ComparedSound(bands: first)), try #require(ComparedSound(bands: second)))
    }

    /// A sound whose levels are changed by as much as a codec does: by up to so many steps, and to none above a band.
    static func coded(_ bands: [UInt8], steps: Int, bandCount: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 3)
        return bands.indices.map { index in
            let band = index % FeatureFrames.bandStride - 4
            guard band >= 0 else { return bands[index] }
            let change = Int.random(in: -steps...steps, using: &generator)
            return band < bandCount ? UInt8(max(0, min(255, Int(bands[index]) + change))) : 0
        }
    }

    @Test("A sound is its own duplicate", arguments: [tone, noise, MadeUpSounds.tone(3, decay: 0.5, seed: 4)])
    func isItself(sound: [UInt8]) throws {
        let match = try #require(try Self.match(sound, sound))
        #expect(match.difference == 0 && match.level == 0)
    }

    @Test func tellsByHowMuchTheSecondIsLouder() throws {
        // A tenth of the amplitude is 20 dB less.
        let fainter = MadeUpSounds.mapPeaks(of: Self.tone) { $1 / 10 }
        #expect(abs(try #require(try Self.match(Self.tone, fainter)).level + 20) < 0.05)
        #expect(abs(try #require(try Self.match(fainter, Self.tone)).level - 20) < 0.05)
    }

    @Test func leavesSilenceAroundASoundOut() throws {
        let match = try Self.match(Self.silence + Self.noise + Self.silence + Self.silence, Self.noise)
        #expect(try #require(match).difference == 0)
    }

    @Test func knowsASoundThatBeginsElsewhereInItsFrames() throws {
        for share in [0.25, 0.5, 0.75] {
            let later = MadeUpSounds.shifted(Self.silence + Self.tone, share: share, onset: 0.1)
            #expect(try Self.match(Self.tone, later) != nil)
        }
    }

    @Test func knowsASoundThroughACodec() throws {
        let coded = Self.coded(Self.tone, steps: 2, bandCount: 100)
        let difference = try #require(try Self.match(Self.tone, coded)).difference
        // Five changes are as likely, 1.2 steps on average, of which 255 are 80 dB.
        #expect(abs(difference - 1.2 * 80 / 255) < 0.05)
    }

    @Test("A transposed sound is another", arguments: [(8, 9), (9, 8), (15, 16), (16, 15)])
    func transposed(numerator: Int, denominator: Int) throws {
        let other = MadeUpSounds.transposed(Self.tone, ratio: Double(numerator) / Double(denominator))
        #expect(try Self.match(Self.tone, other) == nil)
    }

    @Test func noiseOfTheSameSpectrumIsAnother() throws {
        #expect(try Self.match(Self.noise, MadeUpSounds.noise(60, seed: 5)) == nil)
    }

    @Test func aSoundThatEndsSoonerIsAnother() throws {
        let whole = MadeUpSounds.tone(60, decay: 1, seed: 6)
        #expect(try Self.match(whole, Array(whole.prefix(50 * FeatureFrames.bandStride))) == nil)
    }

    @Test func aLouderPartIsNoDifferenceInLevel() throws {
        let swollen = MadeUpSounds.mapPeaks(of: Self.noise) { frame, peak in frame < 30 ? peak : 2 * peak }
        #expect(try Self.match(Self.noise, swollen) == nil)
    }

    @Test func aSingleFrameMustAgreeMoreClosely() throws {
        let frame = MadeUpSounds.flat(1, peak: 0.5, level: 0)
        // Twenty bands that count, of which half lie six steps, 1.9 dB, higher.
        let bands = frame.indices.map { (4..<24).contains($0) ? UInt8(250) : frame[$0] }
        let other = bands.indices.map { (4..<7).contains($0) ? UInt8(244) : bands[$0] }
        #expect(try Self.match(bands, other) == nil)
        let long = (0..<4).flatMap { _ in bands }
        #expect(try Self.match(long, (0..<4).flatMap { _ in other }) != nil)
    }

    @Test func silenceIsNoSound() {
        #expect(ComparedSound(bands: Self.silence) == nil && ComparedSound(bands: []) == nil)
    }

    @Test func takesAnyBytes() {
        let sounds = (0..<8).compactMap { ComparedSound(bands: MadeUpSounds.anyBytes(40, seed: UInt64($0))) }
        for first in sounds {
            for second in sounds { _ = DuplicateMatch(first, second) }
        }
        #expect(sounds.count == 8)
    }
}
