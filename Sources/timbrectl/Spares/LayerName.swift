import TimbreWire

/// Tells by their names whether two files may be layers of one instrument: strokes of one drum from soft to hard, takes that
/// follow each other, or notes.
///
/// Two names are so if they lie in one folder and differ in nothing but numbers, words for how loud something is, and notes:
/// `Tom-Soft.wav` and `Tom-Hardest.wav`, `snare_v1_rr2.wav` and `snare_v3_rr1.wav`, `C3-90.wav` and `C3-120.wav`. So do
/// not `kick.wav` and `kick (2).wav`, of which one has a number and the other has none.
struct LayerNames {
    /// What a name consists of: numbers, words, and what is between them.
    private enum Part: Equatable {
        case number(Substring)
        case word(String)
        case sign(Character)

        var isNumber: Bool { if case .number = self { true } else { false } }
    }

    /// What samples are called by how hard they were played.
    private static let dynamics: Set<String> = [
        "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "softest", "softer", "soft", "quiet", "low", "mid", "med",
        "medium",
        "normal", "hard", "harder", "hardest", "loud", "loudest", "high",
    ]

    /// A note as English or German names have it, in lower case.
    private static func isNote(_ word: String) -> Bool {
        guard let letter = word.first, "abcdefgh".contains(letter) else { return false }
        return ["", "#", "s", "is", "es", "b", "sharp", "flat"].contains(word.dropFirst())
    }

    /// Whether the names of two files are those of layers.
    static func areLayers(_ a: WirePath, _ b: WirePath) -> Bool {
        guard Shown.folder(of: a) == Shown.folder(of: b) else { return false }
        let (first, second) = (parts(of: a), parts(of: b))
        guard first != second, first.count == second.count else { return false }
        return first.indices.allSatisfy { place in
            switch (first[place], second[place]) {
            case (let a, let b) where a == b: true
            case (.number, .number): true
            case (.word(let a), .word(let b)) where dynamics.contains(a) && dynamics.contains(b): true
            // A note has the number of its octave behind it.
            case (.word(let a), .word(let b)):
                isNote(a) && isNote(b) && place + 1 < first.count && first[place + 1].isNumber
            default: false
            }
        }
    }

    /// The parts of a file's name without its extension.
    private static func parts(of path: WirePath) -> [Part] {
        var rest = path.name.shown[...]
        if let dot = rest.lastIndex(of: "."), dot > rest.startIndex { rest = rest[..<dot] }
        var parts: [Part] = []
        while let first = rest.first {
            if first.isASCII, first.isNumber {
                let number = rest.prefix { $0.isASCII && $0.isNumber }
                parts.append(.number(number))
                rest = rest[number.endIndex...]
            } else if first.isLetter {
                // A capital begins a word, unless it stands behind another one.
                var end = rest.index(after: rest.startIndex)
                while end < rest.endIndex, rest[end].isLetter || rest[end] == "#",
                    !rest[end].isUppercase || rest[rest.index(before: end)].isUppercase
                {
                    end = rest.index(after: end)
                }
                parts.append(.word(rest[..<end].lowercased()))
                rest = rest[end...]
            } else {
                parts.append(.sign(first))
                rest = rest.dropFirst()
            }
        }
        return parts
    }
}
