/// Fields that each end with a zero byte: names and numbers, one after the other, as a path holds no zero.
struct ByteFieldWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ field: some Sequence<UInt8>) {
        bytes += field
        bytes.append(0)
    }

    mutating func write(_ number: some FixedWidthInteger) { write(String(number).utf8) }

    /// An empty field stands for nil.
    mutating func write(_ number: Int32?) { number.map { write($0) } ?? write([]) }
}

/// Takes fields out in the order in which they were written.
struct ByteFieldReader {
    /// The bytes are not what was to be read.
    struct Mismatch: Error {}

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func bytes() throws(Mismatch) -> [UInt8] {
        guard let end = rest.firstIndex(of: 0) else { throw Mismatch() }
        defer { rest = rest[(end + 1)...] }
        return Array(rest[..<end])
    }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self) throws(Mismatch) -> Number {
        guard let number = Number(String(decoding: try bytes(), as: UTF8.self)) else { throw Mismatch() }
        return number
    }

    mutating func numberIfAny() throws(Mismatch) -> Int32? {
        var ahead = self
        guard try ahead.bytes().isEmpty else { return try number() }
        self = ahead
        return nil
    }

    /// So many things as the next field says.
    mutating func list<Element>(
        _ read: (inout ByteFieldReader) throws(Mismatch) -> Element
    ) throws(Mismatch) -> [Element] {
        let count = try number(Int.self)
        // Each takes a byte at least: a count that is made up must not reserve memory.
        guard count >= 0, count <= rest.count else { throw Mismatch() }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }
}
