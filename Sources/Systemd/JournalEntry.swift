import CSystemd
import Glibc
import Logging
import Platform
import SystemPackage

/// One entry of the journal: named fields of bytes.
package struct JournalEntry: Equatable {
    /// The fields, each as `NAME=value`; a value may hold any byte, newlines included.
    package private(set) var fields: [[UInt8]] = []

    /// Makes the entry of a message.
    ///
    /// Each key of the metadata becomes a field of its own: `path` is `TIMBRED_PATH`. A `message_id` becomes
    /// `MESSAGE_ID`. A value that is a path is written byte for byte.
    package init(level: Logger.Level, message: String, metadata: Logger.Metadata) {
        append("MESSAGE", message.utf8)
        append("PRIORITY", "\(level.priority)".utf8)
        append("SYSLOG_IDENTIFIER", "timbred".utf8)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            append(key == "message_id" ? "MESSAGE_ID" : Self.fieldName(of: key), value.bytes)
        }
    }

    /// Hands the entry to the journal (`sd_journal_sendv(3)`).
    ///
    /// - Throws: `Errno` if there is no journal to hand it to.
    package func send() throws(Errno) {
        let bytes = fields.flatMap(\.self)
        let result = unsafe bytes.withUnsafeBytes { all in
            var parts: [iovec] = unsafe []
            var start = 0
            for field in fields {
                let part = unsafe UnsafeMutableRawPointer(mutating: all.baseAddress?.advanced(by: start))
                unsafe parts.append(iovec(iov_base: part, iov_len: field.count))
                start += field.count
            }
            return unsafe sd_journal_sendv(parts, CInt(parts.count))
        }
        guard result == 0 else { throw Errno(rawValue: -result) }
    }

    private mutating func append(_ name: String, _ value: some Sequence<UInt8>) {
        fields.append(Array("\(name)=".utf8) + value)
    }

    /// The journal takes upper-case letters, digits and underscores, 64 of them at most.
    private static func fieldName(of key: String) -> String {
        let letters = key.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return String(("TIMBRED_" + letters).prefix(64))
    }
}

extension Logger.MetadataValue {
    /// The value for programs: a path byte for byte, all else as text.
    var bytes: [UInt8] {
        if case .stringConvertible(let value) = self, let path = value as? FilePath {
            return path.bytes
        }
        return Array(description.utf8)
    }
}

extension Logger.Level {
    /// The priority as in `syslog(3)`.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
