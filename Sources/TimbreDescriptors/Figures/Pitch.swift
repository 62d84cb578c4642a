import Glibc

/// How high a sound is: its fundamental, and how sure that is.
package struct Pitch: Hashable, Sendable {
    /// The fundamental in hertz, 20 to 5,000.
    package let hertz: Double
    /// How likely it is right, up to octaves, 0 to 1.
    package let confidence: Double

    /// What is below this is not said to be a pitch.
    package static let leastConfidence = 0.75

    package init(hertz: Double, confidence: Double) {
        self.hertz = hertz
        self.confidence = confidence
    }

    private static let names = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

    /// Semitones above the C of 8.18 Hz, as MIDI numbers keys: 69 is 440 Hz.
    package var semitones: Double { 69 + 12 * log2(hertz / 440) }

    /// The nearest note, such as `C1` (32.7 Hz) or `F#3`; C4 is middle C, 261.6 Hz.
    package var note: String {
        let key = Int(semitones.rounded())
        return "\(Self.names[key % 12])\(key / 12 - 1)"
    }

    /// The key that a name such as `C`, `F#` or `Bb` stands for, 0 for C to 11 for B; nil if it is none.
    package static func key(named name: String) -> Int? {
        let letters = name.uppercased()
        guard let first = letters.first, let natural = names.firstIndex(of: String(first)) else { return nil }
        switch letters.dropFirst() {
        case "": return natural
        case "#", "♯": return (natural + 1) % 12
        case "B", "♭": return (natural + 11) % 12
        default: return nil
        }
    }
}
