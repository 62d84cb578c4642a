/// A pattern for file names, compared byte by byte: `*`, `?`, `[abc]`, `[a-z]`, `[!a-z]`, and `\` before a literal.
///
/// A set that is not closed is a literal `[`. `?` stands for one byte, not for one letter.
package struct GlobPattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case literal(UInt8)
        case any
        case anySequence
        case oneOf([ClosedRange<UInt8>], inverted: Bool)

        func matches(_ byte: UInt8) -> Bool {
            switch self {
            case .literal(let literal): byte == literal
            case .any, .anySequence: true
            case .oneOf(let ranges, let inverted): ranges.contains { $0.contains(byte) } != inverted
            }
        }

        var regularExpression: String {
            switch self {
            case .literal(let literal): Self.escape(literal)
            case .any: "."
            case .anySequence: ".*"
            case .oneOf(let ranges, let inverted):
                (inverted ? "[^" : "[")
                    + ranges.map { Self.escape($0.lowerBound) + "-" + Self.escape($0.upperBound) }.joined() + "]"
            }
        }

        private static func escape(_ byte: UInt8) -> String {
            "\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }

    private let parts: [Part]
    /// Whether letters match whatever their case, those of ASCII that is.
    private var ignoresCase = false

    /// Compiles a pattern. Every sequence of bytes is one.
    package init(_ pattern: [UInt8]) {
        var parts: [Part] = []
        var rest = pattern[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "*"): if parts.last != .anySequence { parts.append(.anySequence) }
            case UInt8(ascii: "?"): parts.append(.any)
            case UInt8(ascii: "\\"): parts.append(.literal(rest.popFirst() ?? byte))
            case UInt8(ascii: "["): parts.append(Self.set(&rest) ?? .literal(byte))
            default: parts.append(.literal(byte))
            }
        }
        self.parts = parts
    }

    /// The same pattern for names that are written in another case. A set that is inverted matches nearly anything so.
    package var ignoringCase: GlobPattern {
        var other = self
        other.ignoresCase = true
        return other
    }

    /// The same as a regular expression of PostgreSQL's, for bytes that are read as letters of Latin-1; see "POSIX Regular
    /// Expressions" in its documentation. Ranges are those of bytes only in the collation "C".
    package var regularExpression: String { "^" + parts.map(\.regularExpression).joined() + "$" }

    private func matches(_ part: Part, _ byte: UInt8) -> Bool {
        if part.matches(byte) { return true }
        let lower = byte | 0x20
        guard ignoresCase, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lower) else { return false }
        return part.matches(byte ^ 0x20)
    }

    /// Takes the set whose bracket was just taken; nil, and nothing taken, if it is not closed.
    private static func set(_ rest: inout ArraySlice<UInt8>) -> Part? {
        var set = rest
        let inverted = set.first == UInt8(ascii: "!") || set.first == UInt8(ascii: "^")
        if inverted { set.removeFirst() }
        var ranges: [ClosedRange<UInt8>] = []
        while let low = set.popFirst() {
            // A bracket that comes first is a member.
            if low == UInt8(ascii: "]"), !ranges.isEmpty {
                rest = set
                return .oneOf(ranges, inverted: inverted)
            }
            var high = low
            if set.first == UInt8(ascii: "-"), let end = set.dropFirst().first, end != UInt8(ascii: "]") {
                high = end
                set.removeFirst(2)
            }
            ranges.append(min(low, high)...max(low, high))
        }
        return nil
    }

    /// Whether the pattern matches a whole name.
    ///
    /// - Complexity: O(*n* · *m*) in the lengths of name and pattern, whatever the pattern.
    package func matches<Name: RandomAccessCollection<UInt8>>(_ name: Name) -> Bool {
        var part = 0
        var place = name.startIndex
        // The part behind the last star, and where it was last tried.
        var retry: (part: Int, place: Name.Index)?
        while place < name.endIndex {
            if part < parts.count, parts[part] == .anySequence {
                part += 1
                retry = (part, place)
            } else if part < parts.count, matches(parts[part], name[place]) {
                part += 1
                place = name.index(after: place)
            } else if let last = retry {
                place = name.index(after: last.place)
                part = last.part
                retry = (part, place)
            } else {
                return false
            }
        }
        return parts[part...].allSatisfy { $0 == .anySequence }
    }
}
