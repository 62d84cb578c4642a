import FoundationEssentials

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

    /// Appends a length and the two bytes of each word, the lowest first.
    mutating func append(_ words: [UInt16]) {
        append(words.count)
        bytes += words.littleEndianBytes
    }

    /// Appends a length and bytes.
    mutating func append(_ more: [UInt8]) {
        append(more.count)
        bytes += more
    }

    private mutating func append(_ word: UInt64) {
        for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
    }
}

extension [UInt8] {
    /// Reads base64, the standard alphabet with padding; nil for any other text, so that bytes have one text only.
    init?(base64 text: String) {
        guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else { return nil }
        self.init(data)
    }

    /// The bytes in base64.
    var base64: String { Data(self).base64EncodedString() }
}

extension [Float] {
    /// Reads four bytes a number, the lowest first; nil if a number is incomplete.
    init?(littleEndianBytes bytes: [UInt8]) {
        guard let words = Self.words(UInt32.self, bytes) else { return nil }
        self = words.map { Float(bitPattern: UInt32(littleEndian: $0)) }
    }

    /// Four bytes a number, the lowest first.
    var littleEndianBytes: [UInt8] { Self.bytes(of: map { $0.bitPattern.littleEndian }) }
}

extension [UInt16] {
    /// Reads two bytes a word, the lowest first; nil if a word is incomplete.
    init?(littleEndianBytes bytes: [UInt8]) {
        guard let words = Self.words(UInt16.self, bytes) else { return nil }
        self = words.map { UInt16(littleEndian: $0) }
    }

    /// Two bytes a word, the lowest first.
    var littleEndianBytes: [UInt8] { Self.bytes(of: map { $0.littleEndian }) }
}

extension Array {
    fileprivate static func words<Word: FixedWidthInteger>(_: Word.Type, _ bytes: [UInt8]) -> [Word]? {
        let stride = MemoryLayout<Word>.stride
        guard bytes.count % stride == 0 else { return nil }
        return unsafe [Word](unsafeUninitializedCapacity: bytes.count / stride) { room, used in
            unsafe bytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(room).copyMemory(from: $0) }
            used = bytes.count / stride
        }
    }

    fileprivate static func bytes<Word: FixedWidthInteger>(of words: [Word]) -> [UInt8] {
        unsafe words.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
