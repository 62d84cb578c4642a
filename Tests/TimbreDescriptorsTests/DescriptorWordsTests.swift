import Glibc
import Testing
import TimbreDescriptors

/// What is said of descriptors agrees with what is said of figures, and nothing is said of what neither sound reaches.
struct DescriptorWordsTests {
    private typealias Kind = TimbreDescriptor.Kind

    private static let base = SoundFigures(brightness: 1000, noisiness: 0.2, attack: 0.02, length: 1, decay: 0.9)

    private static func described(
        _ change: (inout [Float], (TimbreDescriptor.Kind) -> Range<Int>) -> Void
    ) -> TimbreDescriptor {
        var values = [Float](repeating: 1, count: TimbreDescriptor.count)
        change(&values) { kind in TimbreDescriptor.groups.first { $0.kind == kind }?.range ?? 0..<0 }
        return TimbreDescriptor(values: values)
    }

    private static let plain = described { _, _ in }

    private func words(
        _ kind: TimbreDescriptor.Kind, from a: TimbreDescriptor = plain, to b: TimbreDescriptor = plain,
        figures: SoundFigures = base
    ) -> String? {
        DescriptorWords(from: a, to: b, figures: (Self.base, figures)).words(for: kind)
    }

    @Test func brightnessNoiseAndDecayAreThoseOfTheFigures() {
        // The descriptors say the opposite: the centre of the first spectrum lies 4 Bark higher.
        let high = Self.described { $0[$1(.shape).lowerBound] = 12 }
        let low = Self.described { $0[$1(.shape).lowerBound] = 8 }
        let brighter = SoundFigures(brightness: 2200, noisiness: 0.2, attack: 0.02, length: 1, decay: 0.9)
        #expect(words(.shape, from: high, to: low, figures: brighter) == "brighter (2.2 kHz, not 1.0 kHz)")
        #expect(words(.shape, from: high, to: low) == nil)
        let noisy = SoundFigures(brightness: 1000, noisiness: 0.62, attack: 0.02, length: 1, decay: 0.9)
        #expect(words(.shape, figures: noisy) == "noisier (62 % noise, not 20 %)")
        let short = SoundFigures(brightness: 1000, noisiness: 0.2, attack: 0.02, length: 0.3, decay: 0.3)
        #expect(words(.times, figures: short) == "fades 0.6 s earlier")
    }

    @Test("The line and the rows say the same", arguments: [(0.3, 2200.0), (2.5, 400.0)])
    func theSame(decay: Double, brightness: Double) throws {
        let other = SoundFigures(brightness: brightness, noisiness: 0.2, attack: 0.02, length: 1, decay: decay)
        let line = FigureWords(from: Self.base, to: other, hasSameColour: nil).line
        #expect(line.contains(try #require(words(.times, figures: other))))
        let row = try #require(words(.shape, figures: other))
        #expect(line.contains(row.hasPrefix("brighter") ? " brighter" : " darker"))
    }

    @Test("The slope of a spectrum is spoken of where it is no contradiction", arguments: [Kind.envelope, .greatest])
    func slopes(kind: TimbreDescriptor.Kind) {
        let steep = Self.described { $0[$1(kind).lowerBound] = 79 }
        let darker = SoundFigures(brightness: 310, noisiness: 0.2, attack: 0.02, length: 1, decay: 0.9)
        let brighter = SoundFigures(brightness: 3100, noisiness: 0.2, attack: 0.02, length: 1, decay: 0.9)
        #expect(words(kind, to: steep, figures: darker) == "more bass, less treble (28 dB from end to end)")
        #expect(words(kind, to: steep) == "more bass, less treble (28 dB from end to end)")
        #expect(words(kind, to: steep, figures: brighter) == nil)
        #expect(words(kind, from: steep, figures: brighter) == "less bass, more treble (28 dB from end to end)")
        #expect(words(kind, from: steep, figures: darker) == nil)
    }

    @Test func theSlopeOfAnAttackGoesByTheAttack() {
        func attack(_ slope: Float, centre: Float) -> TimbreDescriptor {
            Self.described {
                $0[$1(.attackEnvelope).lowerBound] = slope
                $0[$1(.attackShape).lowerBound] = centre
            }
        }
        #expect(
            words(.attackEnvelope, from: attack(1, centre: 4), to: attack(79, centre: 1))
                == "more bass, less treble (28 dB from end to end)")
        #expect(words(.attackEnvelope, from: attack(1, centre: 1), to: attack(79, centre: 4)) == nil)
    }

    /// A sound that is heard for some frames, and whose bass has fallen by so much at each of three times.
    private static func fallen(_ levels: [Float], frames: Double) -> TimbreDescriptor {
        described { values, range in
            values[range(.times).lowerBound + 7] = Float(log(frames))
            for (time, level) in levels.enumerated() {
                for band in 0..<5 { values[range(.decay).lowerBound + 10 * time + band] = level }
            }
        }
    }

    @Test(
        "Levels are told of a time that the longer sound reaches",
        arguments: [
            (60, "bass fades more slowly (20 dB more is left after 0.7 s)"),
            (20, "bass fades more slowly (12 dB more is left after 0.3 s)"),
            (9, "bass fades more slowly (5 dB more is left after 0.1 s)"), (4, nil),
        ] as [(Double, String?)])
    func levels(frames: Double, expected: String?) {
        let (a, b) = (Self.fallen([-30, -42, -50], frames: 3), Self.fallen([-25, -30, -30], frames: frames))
        #expect(words(.decay, from: a, to: b) == expected)
    }

    @Test func aSoundDoesNotDifferFromItself() {
        for kind in TimbreDescriptor.Kind.allCases { #expect(words(kind) == nil) }
    }
}
