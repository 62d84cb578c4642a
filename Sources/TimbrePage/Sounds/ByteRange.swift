/// What part of a file a request is for: the field `Range` of RFC 9110, section 14.
enum ByteRange: Hashable, Sendable {
    /// All of it: several parts are answered so, too.
    case whole
    /// Not empty.
    case part(from: UInt64, count: UInt64)
    /// Beyond the end.
    case unsatisfiable
    /// Not a range.
    case malformed

    /// Reads a field.
    ///
    /// - Parameters:
    ///   - field: Such as `bytes=0-99`, `bytes=100-` or `bytes=-50`; nil if there is none.
    ///   - size: The file's, in bytes.
    init(_ field: String?, size: UInt64) {
        guard let field else {
            self = .whole
            return
        }
        guard field.hasPrefix("bytes=") else {
            self = .malformed
            return
        }
        let parts = field.dropFirst(6).split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 1, let ends = parts.first?.split(separator: "-", omittingEmptySubsequences: false),
            ends.count == 2
        else {
            self = parts.count > 1 ? .whole : .malformed
            return
        }
        switch (Self.number(ends[0]), Self.number(ends[1])) {
        case (.absent, .number(let count)):
            self =
                count == 0 || size == 0 ? .unsatisfiable : .part(from: size - min(size, count), count: min(size, count))
        case (.number(let start), .absent):
            self = start < size ? .part(from: start, count: size - start) : .unsatisfiable
        case (.number(let start), .number(let last)) where start <= last:
            self = start < size ? .part(from: start, count: min(last, size - 1) - start + 1) : .unsatisfiable
        default: self = .malformed
        }
    }

    private enum Number {
        case absent
        case number(UInt64)
        case none
    }

    private static func number(_ text: Substring) -> Number {
        if text.isEmpty { return .absent }
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int64(text)
        else { return .none }
        return .number(UInt64(number))
    }
}
