import CZlib

/// What zlib makes of bytes.
package enum Zlib {
    /// How hard zlib looks for what repeats itself.
    package enum Effort: Int32, Sendable {
        case usual = 6
        /// For what is compressed once and sent often; takes twice as long.
        case most = 9
    }

    /// A zlib stream (RFC 1950), which HTTP calls `deflate`.
    ///
    /// - Complexity: O(*n*) in the bytes; some 20 ms for a million with the usual effort.
    package static func stream(_ bytes: [UInt8], effort: Effort = .usual) -> [UInt8] {
        var size = compressBound(uLong(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(size))
        let outcome = unsafe compress2(&result, &size, bytes, uLong(bytes.count), effort.rawValue)
        precondition(outcome == Z_OK, "zlib has room for all that it can make of this")
        return Array(result.prefix(Int(size)))
    }

    /// The CRC-32 of ISO 3309, as PNG has it.
    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: unsafe crc32(0, bytes, UInt32(bytes.count)))
    }
}
