/// Writes columns one after the other; see ``Segment/packed(_:)``.
struct ColumnWriter {
    private var bytes = [UInt8](repeating: 0, count: ColumnReader.header)

    mutating func add<Element: BitwiseCopyable>(_ column: [Element]) {
        unsafe column.withUnsafeBytes { raw in
            unsafe withUnsafeBytes(of: UInt64(raw.count)) { unsafe bytes += $0 }
            unsafe bytes += raw
        }
        while bytes.count % 8 != 0 { bytes.append(0) }
    }

    /// The columns, behind the magic number and a checksum.
    consuming func finish(magic: UInt64) -> [UInt8] {
        let sum = unsafe bytes.withUnsafeBytes { raw in
            unsafe ColumnReader.checksum(RawSpan(_unsafeBytes: raw).extracting(droppingFirst: ColumnReader.header))
        }
        unsafe bytes.withUnsafeMutableBytes { raw in
            unsafe raw.storeBytes(of: magic, toByteOffset: 0, as: UInt64.self)
            unsafe raw.storeBytes(of: sum, toByteOffset: 8, as: UInt64.self)
        }
        return bytes
    }
}

/// Reads columns in the order in which they were written. The bytes are given to each call, as nobody may keep them.
struct ColumnReader {
    /// Bytes before the first column.
    static let header = 16

    /// Where the next column starts.
    private var start = header

    /// - Returns: Nil if the bytes begin with another magic number, or their checksum is not what they say.
    init?(_ bytes: RawSpan, magic: UInt64) {
        guard bytes.byteCount >= Self.header, bytes.byteCount % 8 == 0, Self.word(bytes, 0) == magic else { return nil }
        guard Self.word(bytes, 1) == Self.checksum(bytes.extracting(droppingFirst: Self.header)) else { return nil }
    }

    /// The next column; nil if there is none, or if its elements are of another size or number.
    mutating func next<Element: BitwiseCopyable>(
        _: Element.Type, _ count: Int? = nil, in bytes: RawSpan
    ) -> [Element]? {
        guard bytes.byteCount >= start + 8 else { return nil }
        let (first, stride) = (start + 8, MemoryLayout<Element>.stride)
        guard let size = Int(exactly: Self.word(bytes, start / 8)), size <= bytes.byteCount - first,
            size % stride == 0, count.map({ $0 == size / stride }) ?? true
        else { return nil }
        let column = unsafe [Element](unsafeUninitializedCapacity: size / stride) { room, used in
            unsafe bytes.withUnsafeBytes { raw in
                unsafe UnsafeMutableRawBufferPointer(room).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: raw[first..<first + size]))
            }
            used = size / stride
        }
        start = first + (size + 7) / 8 * 8
        return column
    }

    /// A checksum of words of 64 bits: four multiplicative hashes side by side (FNV-1a, with words for bytes), added up.
    ///
    /// It is to tell damage, which no one has made on purpose.
    ///
    /// - Precondition: The bytes are whole words.
    static func checksum(_ bytes: RawSpan) -> UInt64 {
        let count = bytes.byteCount / 8
        let prime: UInt64 = 0x100_0000_01b3
        var (a, b, c, d) = (UInt64(1), UInt64(2), UInt64(3), UInt64(4))
        var place = 0
        while place + 4 <= count {
            a = (a ^ word(bytes, place)) &* prime
            b = (b ^ word(bytes, place + 1)) &* prime
            c = (c ^ word(bytes, place + 2)) &* prime
            d = (d ^ word(bytes, place + 3)) &* prime
            place += 4
        }
        while place < count {
            a = (a ^ word(bytes, place)) &* prime
            place += 1
        }
        return [a, b, c, d].reduce(UInt64(count)) { ($0 ^ $1 ^ $1 >> 32) &* prime }
    }

    private static func word(_ bytes: RawSpan, _ place: Int) -> UInt64 {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place * 8, as: UInt64.self)
    }
}
