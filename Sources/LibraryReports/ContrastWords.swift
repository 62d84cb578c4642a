import CommandOutput
import Glibc
import TimbreWire

/// By how much results differ from the sound that was searched by, in words: `-38 % bright, 0.21 s, C1`.
package struct ContrastWords {
    let directions: [Contrast.Direction]
    /// The figures of the sound that was searched by; of several, of the first.
    let query: Figures

    /// Nil if no contrast was asked for.
    package init?(_ contrasts: [Contrast]?, _ reply: Similar.Reply) {
        guard let contrasts, let query = reply.query.first?.figures else { return nil }
        directions = contrasts.map(\.direction)
        self.query = query
    }

    func words(for figures: Figures) -> String {
        var words: [String] = []
        for direction in directions {
            let word = word(direction, figures)
            if !words.contains(word) { words.append(word) }
        }
        return words.joined(separator: ", ")
    }

    private func word(_ direction: Contrast.Direction, _ figures: Figures) -> String {
        switch direction {
        case .darker, .brighter:
            "\(Self.signed(100 * (figures.brightness / query.brightness - 1))) % bright"
        case .shorter, .longer: Shown.duration(figures.length)
        case .noisier, .purer: "\(Self.signed(100 * (figures.noisiness - query.noisiness))) % noise"
        case .softerAttack, .harderAttack: "attack \(Shown.number(1000 * figures.attack, digits: 0)) ms"
        case .lower, .higher, .sameKey: figures.note ?? "no pitch"
        }
    }

    private static func signed(_ number: Double) -> String {
        let text = Shown.number(number, digits: 0)
        return text.hasPrefix("-") || text == "0" ? text : "+" + text
    }
}

extension Figures {
    /// All figures on lines of their own, as `info` has them.
    var lines: [(name: String, value: String)] {
        var lines = [
            ("brightness", "\(Shown.number(brightness, digits: 0)) Hz"),
            ("noisiness", "\(Shown.number(100 * noisiness, digits: 0)) %"),
            ("attack", "\(Shown.number(1000 * attack, digits: 0)) ms"),
            ("heard for", Shown.duration(length)), ("decay", "\(Shown.duration(decay)) for 20 dB"),
        ]
        if let pitch, let note, let pitchConfidence {
            let certainty = Shown.number(100 * pitchConfidence, digits: 0)
            lines.append(("pitch", "\(note), \(Shown.number(pitch, digits: 1)) Hz, \(certainty) % sure"))
        } else {
            lines.append(("pitch", "none that is sure"))
        }
        return lines
    }
}
