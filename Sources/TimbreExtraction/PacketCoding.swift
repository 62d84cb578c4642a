/// Puts numbers and bytes one after the other, little-endian.
struct PacketWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The length as four bytes, then the bytes.
    mutating func put(_ array: [UInt8]) {
        put(UInt32(array.count))
        bytes += array
    }
}

/// Takes numbers and bytes in the order in which a ``PacketWriter`` put them, and never reads past the end.
struct PacketReader {
    private var rest: ArraySlice<UInt8>

    init(_ packet: [UInt8]) { rest = packet[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type
    ) throws(ExtractionProtocolError) -> Number {
        let size = Number.bitWidth / 8
        guard rest.count >= size else { throw ExtractionProtocolError() }
        var number: Number = 0
        for place in 0..<size { number |= Number(rest[rest.startIndex + place]) << Number(8 * place) }
        rest = rest.dropFirst(size)
        return number
    }

    mutating func takeBytes() throws(ExtractionProtocolError) -> [UInt8] {
        let count = Int(try take(UInt32.self))
        guard rest.count >= count else { throw ExtractionProtocolError() }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
