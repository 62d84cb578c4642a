/// Values one after the other in a form that depends on nothing but the values, to be hashed.
struct CanonicalBytes {
    private(set) var bytes: [UInt8] = []

    /// Appends a length and UTF-8.
    mutating func append(_ text: String) {
        append(text.utf8.count)
        bytes += Array(text.utf8)
    }

    /// Appends eight bytes, the lowest first.
    mutating func append(_ integer: Int) { append(UInt64(bitPattern: Int64(integer))) }

    /// Appends the eight bytes of an IEEE 754 number, the lowest first.
    mutating func append(_ number: Double) { append(number.bitPattern) }

    /// Appends a length and the four bytes of each number, the lowest first.
    mutating func append(_ numbers: [Float]) {
        append(numbers.count)
        bytes += numbers.littleEndianBytes
    }

    private mutating func append(_ word: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
    }
}

extension [Float] {
    /// Reads four bytes a number, the lowest first; nil if a number is incomplete.
    init?(littleEndianBytes bytes: [UInt8]) {
        guard bytes.count % 4 == 0 else { return nil }
        self = stride(from: 0, to: bytes.count, by: 4).map { start in
            let word = bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return Float(bitPattern: word)
        }
    }

    /// Four bytes a number, the lowest first.
    var littleEndianBytes: [UInt8] {
        flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(8 * $0)) } }
    }
}
