import Glibc

/// Says in words in which of their figures two sounds are alike, and how the second differs in the others.
package struct FigureWords {
    /// What they have in common, such as `attack` and `pitch (C1)`.
    package private(set) var alike: [String] = []
    /// What the second one is, such as `3.3 × shorter`, and what it does, such as `fades 0.6 s earlier`.
    private var adjectives: [String] = []
    private var verbs: [String] = []

    /// From here on a sound is noise rather than tone.
    private static let noise = 0.4

    /// - Parameter hasSameColour: Whether the spectral envelopes are near each other; nil if that is unknown.
    package init(from a: SoundFigures, to b: SoundFigures, hasSameColour: Bool?) {
        if hasSameColour == true {
            let noisy = [a, b].count { $0.noisiness >= Self.noise }
            alike.append(noisy == 2 ? "noise colour" : noisy == 0 ? "tone colour" : "colour")
        }
        compareLength(a, b)
        compareBrightness(a, b)
        compareNoise(a, b)
        comparePitch(a, b)
        compareAttack(a, b)
        compareDecay(a, b)
    }

    /// One line: `alike: noise colour, attack; B is 3.3 × shorter and fades 0.6 s earlier`.
    package var line: String {
        let same = alike.isEmpty ? "alike in nothing that has a name" : "alike: " + alike.joined(separator: ", ")
        guard !adjectives.isEmpty || !verbs.isEmpty else { return same + "; B differs in nothing that has a name" }
        guard !adjectives.isEmpty else { return same + "; B " + Self.list(verbs) }
        let being = "; B is " + Self.list(adjectives)
        guard let last = verbs.last else { return same + being }
        // A list within a list needs commas.
        let hasList = adjectives.count > 1 || verbs.count > 1
        return same + being + verbs.dropLast().map { ", " + $0 }.joined() + (hasList ? ", and " : " and ") + last
    }

    private static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    private mutating func compareLength(_ a: SoundFigures, _ b: SoundFigures) {
        guard let times = Self.times(a.length, b.length, least: 1.25) else {
            alike.append("length")
            return
        }
        adjectives.append("\(times) × \(b.length > a.length ? "longer" : "shorter")")
    }

    private mutating func compareBrightness(_ a: SoundFigures, _ b: SoundFigures) {
        guard FigureChange(from: a, to: b).isBrightnessNoticed else {
            alike.append("brightness")
            return
        }
        let ratio = b.brightness / a.brightness
        let percent = Int((abs(ratio - 1) * 100).rounded())
        adjectives.append(
            "\(ratio < 2 ? "\(percent) %" : "\(FigureChange.number(ratio)) ×") \(ratio > 1 ? "brighter" : "darker")")
    }

    private mutating func compareNoise(_ a: SoundFigures, _ b: SoundFigures) {
        guard let words = FigureChange(from: a, to: b).noise else {
            alike.append("noisiness")
            return
        }
        adjectives.append(words)
    }

    private mutating func comparePitch(_ a: SoundFigures, _ b: SoundFigures) {
        switch (a.pitch, b.pitch) {
        case (let first?, let second?):
            let semitones = SoundFigures.semitones(from: first, to: second)
            let rounded = Int(abs(semitones).rounded())
            if rounded == 0 {
                alike.append("pitch (\(second.note))")
            } else {
                let interval =
                    rounded % 12 == 0
                    ? (rounded == 12 ? "an octave" : "\(rounded / 12) octaves")
                    : (rounded == 1 ? "a semitone" : "\(rounded) semitones")
                adjectives.append(
                    "\(interval) \(semitones > 0 ? "higher" : "lower") (\(second.note), not \(first.note))")
            }
        case (let first?, nil): verbs.append("has no clear pitch (A has \(first.note))")
        case (nil, let second?): verbs.append("has a clear pitch (\(second.note); A has none)")
        case (nil, nil): break
        }
    }

    private mutating func compareAttack(_ a: SoundFigures, _ b: SoundFigures) {
        let difference = b.attack - a.attack
        guard abs(difference) >= 0.01, Self.times(a.attack, b.attack, least: 1.5) != nil else {
            alike.append("attack")
            return
        }
        verbs.append(
            "has an attack \(FigureChange.time(abs(difference))) \(difference > 0 ? "longer" : "shorter")")
    }

    private mutating func compareDecay(_ a: SoundFigures, _ b: SoundFigures) {
        guard let words = FigureChange(from: a, to: b).decay else {
            alike.append("decay")
            return
        }
        verbs.append(words)
    }

    /// How many times the greater is the smaller; nil if less than a number.
    private static func times(_ a: Double, _ b: Double, least: Double) -> String? {
        let times = max(a, b) / min(a, b)
        return times >= least ? FigureChange.number(times) : nil
    }
}
