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
