import SystemPackage

/// A shell pattern for one name, matched byte by byte.
///
/// `*` stands for any bytes, `?` for one, `[a-z]` for one of a set, `[!a-z]` or `[^a-z]` for one not in it, and `\`
/// takes away the meaning of what follows, as in `fnmatch(3)` in the C locale without flags: a leading dot is nothing
/// special. A bracket that is never closed stands for itself.
package struct NamePattern: Sendable, Hashable {
    private enum Item: Sendable, Hashable {
        case any
        case one(ByteSet)
    }

    /// The pattern as it was written.
    package let text: String
    private let items: [Item]

    /// Reads a pattern.
    ///
    /// - Parameter ignoringCase: Whether ASCII letters match in either case.
    package init(_ text: String, ignoringCase: Bool = false) {
        self.text = text
        items = Self.items(of: Array(text.utf8), ignoringCase: ignoringCase)
    }

    /// Whether the pattern stands for the whole name.
    ///
    /// - Complexity: O(*n* · *m*) at worst in the lengths of name and pattern.
    package func matches(_ name: [UInt8]) -> Bool {
        // Most names end in another byte than most patterns.
        if case .one(let set)? = items.last {
            guard let last = name.last, set.contains(last) else { return false }
        }
        var item = 0
        var byte = 0
        // Where the last star was met, and the byte up to which it reaches: when what follows fails, it takes one more.
        var star: (item: Int, byte: Int)?
        while byte < name.count {
            if item < items.count, case .one(let set) = items[item], set.contains(name[byte]) {
                item += 1
                byte += 1
            } else if item < items.count, case .any = items[item] {
                star = (item, byte)
                item += 1
            } else if let last = star {
                star = (last.item, last.byte + 1)
                item = last.item + 1
                byte = last.byte + 1
            } else {
                return false
            }
        }
        return items[item...].allSatisfy { $0 == .any }
    }

    private static func items(of pattern: [UInt8], ignoringCase: Bool) -> [Item] {
        var items: [Item] = []
        var position = 0
        while position < pattern.count {
            let byte = pattern[position]
            position += 1
            switch byte {
            case UInt8(ascii: "*"):
                items.append(.any)
            case UInt8(ascii: "?"):
                items.append(.one(.all))
            case UInt8(ascii: "["):
                if let (set, end) = ByteSet.bracket(in: pattern, after: position) {
                    items.append(.one(ignoringCase ? set.withBothCases : set))
                    position = end
                } else {
                    items.append(.one([byte]))
                }
            default:
                var literal = byte
                if byte == UInt8(ascii: "\\"), position < pattern.count {
                    literal = pattern[position]
                    position += 1
                }
                items.append(.one(ignoringCase ? ByteSet([literal]).withBothCases : [literal]))
            }
        }
        return items
    }
}

/// A set of bytes, in 32 bytes.
struct ByteSet: Sendable, Hashable, ExpressibleByArrayLiteral {
    private var words = SIMD4<UInt64>()

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    init(arrayLiteral bytes: UInt8...) { self.init(bytes) }

    /// Every byte.
    static let all = ByteSet(0...255)

    /// All bytes that are not in the set.
    var inverted: ByteSet {
        var set = self
        set.words = ~words
        return set
    }

    /// The set, and its ASCII letters in the other case.
    var withBothCases: ByteSet {
        var set = self
        for letter in UInt8(ascii: "a")...UInt8(ascii: "z") where contains(letter) || contains(letter & ~0x20) {
            set.insert(letter)
            set.insert(letter & ~0x20)
        }
        return set
    }

    func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

    mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

    /// Reads what follows the `[` of a shell pattern.
    ///
    /// - Returns: The set, and the position after its `]`; nil if it is never closed.
    static func bracket(in pattern: [UInt8], after start: Int) -> (set: ByteSet, end: Int)? {
        var set = ByteSet([])
        var position = start
        let negated = position < pattern.count && [UInt8(ascii: "!"), UInt8(ascii: "^")].contains(pattern[position])
        if negated { position += 1 }
        let first = position
        while position < pattern.count {
            if pattern[position] == UInt8(ascii: "]"), position > first {
                return (negated ? set.inverted : set, position + 1)
            }
            guard let low = literal(in: pattern, at: &position) else { return nil }
            // A hyphen before the closing bracket stands for itself.
            if position + 1 < pattern.count, pattern[position] == UInt8(ascii: "-"),
                pattern[position + 1] != UInt8(ascii: "]")
            {
                position += 1
                guard let high = literal(in: pattern, at: &position) else { return nil }
                if low <= high { for byte in low...high { set.insert(byte) } }
            } else {
                set.insert(low)
            }
        }
        return nil
    }

    private static func literal(in pattern: [UInt8], at position: inout Int) -> UInt8? {
        if pattern[position] == UInt8(ascii: "\\") { position += 1 }
        guard position < pattern.count else { return nil }
        defer { position += 1 }
        return pattern[position]
    }
}
