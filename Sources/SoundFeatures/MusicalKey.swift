/// One of the 24 keys, whichever way it is written: `C#m` and `Db minor` are the same, and so is `12A`.
///
/// Keys that sound the same are equal. A letter alone is a major key, as in ID3.
package struct MusicalKey: Hashable, Sendable {
    /// Semitones from C up to the tonic, 0 to 11.
    package let tonic: Int
    package let isMinor: Bool

    package init(tonic: Int, isMinor: Bool) { (self.tonic, self.isMinor) = ((tonic % 12 + 12) % 12, isMinor) }

    /// Reads a key: a letter, `#` or `b`, and `m`, `min`, `minor` or `moll`, or `maj`, `major` or `dur` or nothing; or a place
    /// on the wheels of DJs, `1A` to `12B` and `1m` to `12d`. Nil for all else.
    package init?(_ text: some StringProtocol) {
        let text = String(text.filter { !$0.isWhitespace && $0 != "-" && $0 != "_" })
        guard let first = text.first else { return nil }
        if let wheel = Self.onWheel(text) {
            self = wheel
            return
        }
        guard let letter = Self.letters[Character(first.lowercased())] else { return nil }
        var rest = text.dropFirst()
        var tonic = letter
        for (signs, step) in [(["#", "♯", "sharp"], 1), (["b", "♭", "flat"], -1)] {
            if let sign = signs.first(where: { rest.lowercased().hasPrefix($0) }) {
                tonic += step
                rest = rest.dropFirst(sign.count)
                break
            }
        }
        switch rest {
        case "m": self.init(tonic: tonic, isMinor: true)
        case "", "M": self.init(tonic: tonic, isMinor: false)
        default:
            switch rest.lowercased() {
            case "min", "minor", "moll": self.init(tonic: tonic, isMinor: true)
            case "maj", "major", "dur": self.init(tonic: tonic, isMinor: false)
            default: return nil
            }
        }
    }

    private static let letters: [Character: Int] = ["c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11]

    /// Reads a place on a wheel of fifths: on one, C major is 8B and A minor 8A; on the other, 1d and 1m.
    private static func onWheel(_ text: String) -> MusicalKey? {
        guard let letter = text.last, let number = Int(text.dropLast()), (1...12).contains(number),
            text.utf8.first != UInt8(ascii: "+")
        else { return nil }
        switch letter {
        case "A", "a": return MusicalKey(tonic: 9 + 7 * (number - 8), isMinor: true)
        case "B", "b": return MusicalKey(tonic: 7 * (number - 8), isMinor: false)
        case "m": return MusicalKey(tonic: 9 + 7 * (number - 1), isMinor: true)
        case "d": return MusicalKey(tonic: 7 * (number - 1), isMinor: false)
        default: return nil
        }
    }
}
