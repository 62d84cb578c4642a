import Foundation
import SoundFeatures
import TestBands
import Testing

@testable import TimbreDescriptors

/// The figures of sounds for which they are known.
struct SoundFiguresTests {
    private func figures(_ samples: [Float]) throws -> SoundFigures {
        try #require(SoundFrames(bands: MadeTones.bands(samples)).figures())
    }

    @Test(arguments: [500, 1000, 3000.0])
    func aSineIsAsBrightAsItIsHigh(hertz: Double) throws {
        let brightness = try figures(MadeTones.samples(0.5, MadeTones.tone(hertz))).brightness
        #expect(abs(brightness / hertz - 1) < 0.06, "\(brightness)")
    }

    @Test func trebleMakesBrighter() throws {
        let dull = try figures(MadeTones.samples(0.5, MadeTones.tone(200, harmonics: 1...20, slope: 18)))
        let bright = try figures(MadeTones.samples(0.5, MadeTones.tone(200, harmonics: 1...20, slope: 3)))
        #expect(bright.brightness > 2 * dull.brightness)
        #expect(bright.pitch?.note == dull.pitch?.note)
    }

    @Test func noiseIsNoisyAndTonesAreNot() throws {
        let noise = try figures(MadeTones.noise(0.5)).noisiness
        let tone = MadeTones.samples(0.5, MadeTones.tone(440, harmonics: 1...6))
        let both = try figures(zip(tone, MadeTones.noise(0.5)).map { $0 + $1 / 3 }).noisiness
        let alone = try figures(tone).noisiness
        #expect(noise > 0.85)
        #expect(alone < 0.05)
        #expect(both > alone + 0.1 && both < noise - 0.1, "\(both)")
    }

    @Test func hissInTheTrebleIsNoiseToo() throws {
        let noise = MadeTones.noise(0.5)
        let edges = zip(noise.dropFirst(), noise).map { ($0 - $1) / 2 }
        let hiss = zip(edges.dropFirst(), edges).map { ($0 - $1) / 2 }
        #expect(try figures(hiss).noisiness > 0.8)
    }

    @Test(arguments: [0.5, 1, 2.0])
    func aDecayLastsAsLongAsItTakes(seconds: Double) throws {
        // 60 dB in so many seconds, 20 dB in a third of it.
        let samples = MadeTones.samples(seconds * 1.5) { time in
            MadeTones.tone(330)(time) * pow(10, -3 * time / seconds)
        }
        let figures = try figures(samples)
        #expect(abs(figures.length - seconds) < 0.06, "\(figures.length)")
        #expect(abs(figures.decay - seconds / 3) < 0.06, "\(figures.decay)")
        #expect(figures.attack <= 0.025)
    }

    @Test(arguments: [0.1, 0.3, 1.0])
    func aRiseTakesAsLongAsItTakes(seconds: Double) throws {
        // From a tenth of the amplitude to 0.708 of it.
        let samples = MadeTones.samples(seconds + 0.5) { time in MadeTones.tone(500)(time) * min(time / seconds, 1) }
        let attack = try figures(samples).attack
        #expect(abs(attack - 0.608 * seconds) < 0.025, "\(attack)")
    }

    @Test func aClickIsHardAndShort() throws {
        var samples = [Float](repeating: 0, count: 8000)
        samples[3000] = 0.9
        let figures = try figures(samples)
        #expect(figures.attack <= 0.025)
        #expect(figures.length < 0.08)
    }

    @Test func levelAndSilenceAroundChangeNothing() throws {
        let samples = MadeTones.samples(0.7) { MadeTones.tone(300, harmonics: 1...9)($0) * exp(-4 * $0) }
        let (plain, loud) = (try figures(samples), try figures(samples.map { $0 * 0.125 }))
        #expect(plain == loud)
        let silence = [Float](repeating: 0, count: 512 * 20)
        let framed = try figures(silence + samples + silence)
        #expect(abs(framed.brightness / plain.brightness - 1) < 0.02)
        #expect(abs(framed.length - plain.length) < 0.05)
        #expect(abs(framed.noisiness - plain.noisiness) < 0.04)
    }

    @Test func aPartIsAsIfItWereAlone() throws {
        let bands = MadeTones.bands(
            MadeTones.noise(0.5) + MadeTones.samples(0.5) { MadeTones.tone(440)($0) * (1 - $0) } + MadeTones.noise(0.3))
        let part = 25..<38
        let cut = Array(bands[part.lowerBound * FeatureFrames.bandStride..<part.upperBound * FeatureFrames.bandStride])
        #expect(SoundFrames(bands: bands).figures(of: part) == SoundFrames(bands: cut).figures())
    }

    @Test func whatGoesOnIsALoopAndWhatDiesAwayIsNone() throws {
        func beats(_ seconds: Double, every step: Double) -> [Float] {
            MadeTones.samples(seconds) { time in
                let since = time.truncatingRemainder(dividingBy: step)
                return MadeTones.tone(200)(time) * exp(-18 * since)
            }
        }
        #expect(try figures(beats(2, every: 0.25)).isLoop == true)
        #expect(try figures(beats(4, every: 0.5)).isLoop == true)
        #expect(try figures(beats(0.6, every: 9)).isLoop == false)
        #expect(try figures(MadeTones.samples(3) { MadeTones.tone(440)($0) * exp(-2 * $0) }).isLoop == false)
        let long = try figures(MadeTones.samples(40) { MadeTones.tone(200)($0) })
        #expect(long.loop == nil && long.steps[7] > 0, "that is known, too")
    }

    @Test func nothingIsSaidOfSilence() {
        #expect(SoundFrames(bands: []).figures() == nil)
        #expect(SoundFrames(bands: MadeTones.bands([Float](repeating: 0, count: 5000))).figures() == nil)
    }

    @Test func anyBytesHaveFigures() {
        for (name, bands) in MadeUpSounds.all.merging(MadeUpSounds.ends, uniquingKeysWith: { $1 }) {
            let figures = SoundFrames(bands: bands).figures()
            #expect(
                figures.map { (0...1).contains($0.noisiness) && (45...9100).contains($0.brightness) } ?? false,
                "\(name)")
        }
        for seed in 1...20 as ClosedRange<UInt64> {
            _ = SoundFrames(bands: MadeUpSounds.anyBytes(17, seed: seed)).figures()
        }
    }

    @Test func whatIsKeptIsWhatWasThere() throws {
        let figures = SoundFigures(
            brightness: 1234, noisiness: 0.25, attack: 0.02, length: 3600, decay: 0.5,
            pitch: Pitch(hertz: 32.7, confidence: 0.9), loop: 0.75)
        let kept = try #require(SoundFigures(steps: figures.steps))
        #expect(abs(kept.brightness / 1234 - 1) < 1e-3)
        #expect(kept.noisiness == 0.25)
        #expect(abs(kept.attack / 0.02 - 1) < 1e-3)
        #expect(abs(kept.length / 3600 - 1) < 1e-3)
        #expect(abs(kept.decay / 0.5 - 1) < 1e-3)
        #expect(kept.pitch?.note == "C1")
        #expect(SoundFigures.lengthStep(3600) == Int(kept[.length]))
        #expect(SoundFigures(steps: SIMD8()) == nil)
    }

    @Test(
        "A sound of one sure pitch has to be more like a loop",
        arguments: [(0.75, 3.0 / 7, false), (0.8, 0.5, true), (0.95, 19.0 / 23, true), (0.1, 1.0 / 37, false)])
    func notes(byLevel: Double, pitched: Double, isLoop: Bool) throws {
        func figures(_ pitch: Pitch?) throws -> SoundFigures {
            let figures = SoundFigures(
                brightness: 500, noisiness: 0.1, attack: 0.1, length: 2, decay: 1, pitch: pitch, loop: byLevel)
            return try #require(SoundFigures(bytes: figures.bytes))
        }
        #expect(try figures(nil).loop == byLevel)
        let note = try figures(Pitch(hertz: 220, confidence: 0.9))
        #expect(abs((note.loop ?? 0) - pitched) < 1e-9 && note.isLoop == isLoop)
    }
}
