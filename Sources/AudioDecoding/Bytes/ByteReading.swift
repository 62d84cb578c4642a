import Glibc

extension ByteView {
    /// Four letters that name a chunk or a format; empty behind the end.
    func name(at place: Int64) -> String { text(at: place, count: 4) }

    /// Bytes as text, those that are none replaced; empty behind the end.
    func text(at place: Int64, count: Int) -> String {
        bytes(at: place, count: count).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Whether bytes stand at a place.
    func has(_ wanted: [UInt8], at place: Int64 = 0) -> Bool { bytes(at: place, count: wanted.count) == wanted }

    /// Whether a text stands at a place.
    func has(_ wanted: String, at place: Int64 = 0) -> Bool { has(Array(wanted.utf8), at: place) }

    /// An unsigned number of `count` bytes; nil behind the end.
    func number(at place: Int64, bytes count: Int, isBigEndian: Bool) -> UInt64? {
        bytes(at: place, count: count).map { isBigEndian ? $0.bigEndianNumber : $0.reversed().bigEndianNumber }
    }

    /// Bytes looked at in one go while searching.
    private static let block = 1 << 16

    /// The first place from one on at which some bytes stand.
    ///
    /// - Parameter end: Where to stop; the bytes must begin before.
    /// - Complexity: O(*n*) in the bytes up to there.
    func find(_ wanted: [UInt8], from start: Int64, before end: Int64 = .max) -> Int64? {
        var place = start
        while place < min(end, size) {
            let block = bytes(from: place, most: Self.block)
            guard block.count >= wanted.count else { return nil }
            let offset = unsafe block.withUnsafeBytes { unsafe Self.find(wanted, in: $0) }
            if let offset { return place + Int64(offset) < end ? place + Int64(offset) : nil }
            place += Int64(block.count - wanted.count + 1)
        }
        return nil
    }

    private static func find(_ wanted: [UInt8], in block: UnsafeRawBufferPointer) -> Int? {
        var place = 0
        while place <= block.count - wanted.count {
            let rest = block.count - wanted.count + 1 - place
            guard let found = unsafe memchr(block.baseAddress! + place, Int32(wanted[0]), rest) else { return nil }
            place = unsafe UnsafeRawPointer(found) - block.baseAddress!
            if unsafe memcmp(found, wanted, wanted.count) == 0 { return place }
            place += 1
        }
        return nil
    }

    /// The first place from one on at which there is another byte than zero; nil if there is none.
    func firstNonzero(from start: Int64) -> Int64? {
        var place = start
        while place < size {
            let block = bytes(from: place, most: Self.block)
            guard !block.isEmpty else { return nil }
            // All bytes are equal if each is as the one before.
            let isBlank =
                unsafe block[0] == 0
                && block.withUnsafeBytes { unsafe memcmp($0.baseAddress!, $0.baseAddress! + 1, $0.count - 1) == 0 }
            if !isBlank, let offset = block.firstIndex(where: { $0 != 0 }) { return place + Int64(offset) }
            place += Int64(block.count)
        }
        return nil
    }
}

extension Sequence<UInt8> {
    /// The number that bytes give, the most significant first.
    var bigEndianNumber: UInt64 { reduce(0) { $0 << 8 | UInt64($1) } }
}

extension FixedWidthInteger {
    /// The number's bytes, the most significant first.
    var bigEndianBytes: [UInt8] {
        stride(from: Self.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: self >> $0) }
    }

    /// The number's bytes, the least significant first.
    var littleEndianBytes: [UInt8] { bigEndianBytes.reversed() }
}
