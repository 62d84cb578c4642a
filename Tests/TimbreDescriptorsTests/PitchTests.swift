import Foundation
import SoundFeatures
import Testing

@testable import TimbreDescriptors

/// The pitch that is read from the bands of sounds whose fundamental is known.
struct PitchTests {
    private func pitch(_ samples: [Float]) -> Pitch? {
        SoundFrames(bands: MadeTones.bands(samples)).figures()?.pitch
    }

    private func isNear(_ pitch: Pitch?, _ hertz: Double, semitones: Double) -> Bool {
        pitch.map { abs(12 * log2($0.hertz / hertz)) < semitones } ?? false
    }

    @Test(arguments: [41.2, 55, 65.4, 82.4, 110, 146.8, 261.6, 440, 987, 1500, 3000])
    func aSineIsAsHighAsItIs(hertz: Double) {
        let pitch = pitch(MadeTones.samples(0.6, MadeTones.tone(hertz)))
        #expect(isNear(pitch, hertz, semitones: 0.35), "\(pitch?.hertz ?? 0)")
    }

    @Test(arguments: [73.4, 82.4, 98, 130.8, 196, 220, 349.2, 523.3, 880, 1318])
    func aToneWithHarmonicsIsNoOctaveOff(hertz: Double) {
        for slope in [0, 6, 12.0] {
            let pitch = pitch(MadeTones.samples(0.6, MadeTones.tone(hertz, harmonics: 1...15, slope: slope)))
            #expect(isNear(pitch, hertz, semitones: 0.3), "\(pitch?.hertz ?? 0), \(slope) dB an octave")
        }
    }

    @Test func oddHarmonicsMakeTheSamePitch() {
        let tone: (Double) -> Double = { time in
            stride(from: 1, through: 13, by: 2).reduce(0) {
                $0 + 0.2 / Double($1) * sin(2 * .pi * 220 * Double($1) * time)
            }
        }
        #expect(isNear(pitch(MadeTones.samples(0.6, tone)), 220, semitones: 0.3))
    }

    @Test func aFundamentalThatIsMissingIsHeard() {
        let tone = MadeTones.tone(150, harmonics: 2...9, slope: 3)
        #expect(isNear(pitch(MadeTones.samples(0.6, tone)), 150, semitones: 0.3))
    }

    @Test func levelAndSilenceChangeNothing() throws {
        let samples = MadeTones.samples(0.6, MadeTones.tone(196, harmonics: 1...8))
        let plain = try #require(pitch(samples))
        let faint = try #require(pitch([Float](repeating: 0, count: 9000) + samples.map { $0 * 0.01 }))
        #expect(abs(12 * log2(faint.hertz / plain.hertz)) < 0.05)
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func noiseHasNone(seed: UInt64) { #expect(pitch(MadeTones.noise(0.5, seed: seed)) == nil) }

    @Test func aClickHasNone() {
        var samples = [Float](repeating: 0, count: 4000)
        samples[1000] = 0.9
        #expect(pitch(samples) == nil)
    }

    @Test func notesHaveTheirNames() {
        let names = [(32.70, "C1"), (261.63, "C4"), (440, "A4"), (185.0, "F#3"), (61.74, "B1"), (452, "A4")]
        for (hertz, name) in names { #expect(Pitch(hertz: hertz, confidence: 1).note == name) }
    }

    @Test func keysAreReadAsTheyAreWritten() {
        let keys = [("C", 0), ("c", 0), ("F#", 6), ("Bb", 10), ("bb", 10), ("B", 11), ("e♭", 3), ("Cb", 11)]
        for (name, key) in keys { #expect(Pitch.key(named: name) == key) }
        for name in ["", "H", "C1", "#", "C##"] { #expect(Pitch.key(named: name) == nil) }
    }
}
