/// What stands in front of each file of a tar archive: its name and its size, in 512 bytes.
///
/// The format is ustar, as POSIX describes it under `pax`; sizes from 8 GiB on are written in binary, as GNU tar does and all
/// others read.
struct TarHeader: Equatable {
    /// Bytes of a header; the contents of a file are filled up with zeros to a multiple of it.
    static let size = 512

    /// At most 100 bytes of ASCII.
    var name: String
    /// Bytes of the file.
    var byteCount: Int64
    /// When it was made, in seconds since 1970.
    var time: Int64

    init(name: String, byteCount: Int64, time: Int64) {
        precondition(name.utf8.count <= 100 && byteCount >= 0)
        self.name = name
        self.byteCount = byteCount
        self.time = max(0, time)
    }

    /// Reads a header; nil if it is none, or one of something else than a file.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size, bytes[257..<262].elementsEqual("ustar".utf8),
            let sum = Self.octal(bytes[148..<156]), sum == Self.sum(of: bytes),
            [0, UInt8(ascii: "0")].contains(bytes[156]),
            let name = String(validating: bytes[..<100].prefix { $0 != 0 }, as: UTF8.self),
            let byteCount = bytes[124] & 0x80 == 0 ? Self.octal(bytes[124..<136]) : Self.binary(bytes[124..<136]),
            let time = Self.octal(bytes[136..<148])
        else { return nil }
        self.init(name: name, byteCount: byteCount, time: time)
    }

    /// Bytes of zeros behind the contents.
    var padding: Int { Int((Int64(Self.size) - byteCount % Int64(Self.size)) % Int64(Self.size)) }

    /// The header, 512 bytes.
    var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.size)
        func put(_ field: some Collection<UInt8>, at place: Int) {
            bytes.replaceSubrange(place..<place + field.count, with: field)
        }
        put(Array(name.utf8), at: 0)
        put(Self.octal(0o600, digits: 7), at: 100)
        put(Self.octal(0, digits: 7), at: 108)
        put(Self.octal(0, digits: 7), at: 116)
        put(byteCount >> 33 == 0 ? Self.octal(byteCount, digits: 11) : Self.binary(byteCount), at: 124)
        put(Self.octal(time, digits: 11), at: 136)
        bytes[156] = UInt8(ascii: "0")
        put(Array("ustar".utf8), at: 257)
        put(Array("00".utf8), at: 263)
        put(Self.octal(0, digits: 7), at: 329)
        put(Self.octal(0, digits: 7), at: 337)
        put(Self.octal(Self.sum(of: bytes), digits: 6), at: 148)
        bytes[155] = UInt8(ascii: " ")
        return bytes
    }

    /// The sum of all bytes, its own field being eight spaces.
    private static func sum(of bytes: [UInt8]) -> Int64 {
        bytes.indices.reduce(0) { $0 + Int64((148..<156).contains($1) ? UInt8(ascii: " ") : bytes[$1]) }
    }

    private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
        (0..<digits).reversed().map { UInt8(ascii: "0") + UInt8(value >> (3 * $0) & 7) }
    }

    /// Reads octal digits between spaces, ended by a NUL or a space; nil if there is anything else.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int64? {
        let digits = field.drop { $0 == UInt8(ascii: " ") }.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }) else {
            return nil
        }
        return digits.reduce(0) { $0 << 3 | Int64($1 - UInt8(ascii: "0")) }
    }

    private static func binary(_ value: Int64) -> [UInt8] {
        [0x80, 0, 0, 0] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func binary(_ field: ArraySlice<UInt8>) -> Int64? {
        let value = field.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard field.prefix(4).elementsEqual([0x80, 0, 0, 0]) else { return nil }
        return Int64(exactly: value)
    }
}
