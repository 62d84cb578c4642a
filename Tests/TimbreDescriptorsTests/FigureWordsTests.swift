import Testing
import TimbreDescriptors

struct FigureWordsTests {
    private static let base = SoundFigures(brightness: 1500, noisiness: 0.6, attack: 0.02, length: 1, decay: 0.9)

    private func line(_ a: SoundFigures, _ b: SoundFigures, hasSameColour: Bool? = false) -> String {
        FigureWords(from: a, to: b, hasSameColour: hasSameColour).line
    }

    @Test func whatIsAlikeComesFirstThenWhatTheSecondIsAndDoes() {
        let b = SoundFigures(brightness: 1550, noisiness: 0.62, attack: 0.024, length: 0.3, decay: 0.3)
        #expect(
            line(Self.base, b, hasSameColour: true)
                == "alike: noise colour, brightness, noisiness, attack; B is 3.3 × shorter and fades 0.6 s earlier")
        #expect(
            line(b, Self.base)
                == "alike: brightness, noisiness, attack; B is 3.3 × longer and fades 0.6 s later")
    }

    @Test func everyFigureHasItsDirectionAndUnit() {
        let a = SoundFigures(
            brightness: 2100, noisiness: 0.11, attack: 0.01, length: 0.1, decay: 0.05,
            pitch: Pitch(hertz: 65.4, confidence: 0.9))
        let b = SoundFigures(
            brightness: 870, noisiness: 0.62, attack: 0.06, length: 2.5, decay: 2,
            pitch: Pitch(hertz: 98, confidence: 0.9))
        #expect(
            line(a, b)
                == "alike in nothing that has a name; B is 25 × longer, 59 % darker, noisier (62 % noise, not 11 %) and "
                + "7 semitones higher (G2, not C2), has an attack 50 ms longer, and fades 2 s later")
    }

    @Test func aSoundIsLikeItself() {
        let pitched = SoundFigures(
            brightness: 900, noisiness: 0.1, attack: 0.02, length: 1, decay: 0.9,
            pitch: Pitch(hertz: 32.7, confidence: 0.9))
        #expect(
            line(pitched, pitched, hasSameColour: true)
                == "alike: tone colour, length, brightness, noisiness, pitch (C1), attack, decay; "
                + "B differs in nothing that has a name")
    }

    @Test(
        "Pitches",
        arguments: [
            (32.7, 65.4, "is an octave higher (C2, not C1)"), (130.8, 32.7, "is 2 octaves lower (C1, not C3)"),
            (440, 415.3, "is a semitone lower (G#4, not A4)"), (nil, 440, "has a clear pitch (A4; A has none)"),
            (440, nil, "has no clear pitch (A has A4)"),
        ] as [(Double?, Double?, String)])
    func pitches(a: Double?, b: Double?, words: String) {
        func figures(_ hertz: Double?) -> SoundFigures {
            SoundFigures(
                brightness: 900, noisiness: 0.5, attack: 0.02, length: 1, decay: 0.9,
                pitch: hertz.map { Pitch(hertz: $0, confidence: 0.9) })
        }
        #expect(line(figures(a), figures(b)).hasSuffix("; B " + words))
    }
}
