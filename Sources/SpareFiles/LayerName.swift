import CommandOutput
import TimbreWire

/// A file's name as that of a layer of an instrument: a stroke of a drum from soft to hard, a take that follows others, or a
/// note.
///
/// Two names are those of layers if they lie in one folder and differ in nothing but numbers, words for how loud something is,
/// and notes: `Tom-Soft.wav` and `Tom-Hardest.wav`, `snare_v1_rr2.wav` and `snare_v3_rr1.wav`, `C3-90.wav` and
/// `C3-120.wav`. So are not `kick.wav` and `kick (2).wav`, of which one has a number and the other has none.
struct LayerName {
    /// What layers have in common: the folder, and the name without what they may differ in.
    struct Shape: Hashable {
        fileprivate var folder: String?
        fileprivate var parts: [Part]
    }

    /// What a name consists of: numbers, words, and what is between them.
    fileprivate enum Part: Hashable {
        case number(Substring)
        case word(String)
        case sign(Character)

        var isNumber: Bool { if case .number = self { true } else { false } }
    }

    /// What a word says that layers may differ in: `f` before a number is loud, or a note.
    private struct Role: OptionSet, Hashable {
        var rawValue: UInt8

        static let dynamics = Role(rawValue: 1)
        static let note = Role(rawValue: 2)
    }

    let shape: Shape
    private let parts: [Part]
    /// Of each word that layers may differ in, in their order.
    private let roles: [Role]

    init(_ path: WirePath) {
        parts = Self.parts(of: path)
        var (roles, common) = ([Role](), [Part]())
        for (place, part) in parts.enumerated() {
            let role = Self.role(of: part, beforeNumber: place + 1 < parts.count && parts[place + 1].isNumber)
            if let role, !role.isEmpty { roles.append(role) }
            common.append(role == nil ? part : part.isNumber ? .number("") : .word(""))
        }
        self.roles = roles
        shape = Shape(folder: Shown.folder(of: path), parts: common)
    }

    /// Whether two files are called as layers are.
    func isLayer(of other: LayerName) -> Bool { shape == other.shape && parts != other.parts && canDiffer(from: other) }

    /// Whether two names are the same, but for their extensions.
    func isSame(as other: LayerName) -> Bool { shape == other.shape && parts == other.parts }

    /// Whether the words of two names of one shape say the same things, of which no two are told apart.
    func hasRoles(of other: LayerName) -> Bool { roles == other.roles }

    private func canDiffer(from other: LayerName) -> Bool {
        zip(roles, other.roles).allSatisfy { !$0.isDisjoint(with: $1) }
    }

    /// In what layers may differ there; nothing in particular for a number, nil if in nothing.
    private static func role(of part: Part, beforeNumber: Bool) -> Role? {
        switch part {
        case .number: return []
        case .sign: return nil
        case .word(let word):
            var role: Role = dynamics.contains(word) ? .dynamics : []
            // A note has the number of its octave behind it.
            if beforeNumber, isNote(word) { role.insert(.note) }
            return role.isEmpty ? nil : role
        }
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
