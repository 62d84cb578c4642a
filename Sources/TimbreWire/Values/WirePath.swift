import Platform

/// A path as it is said on the wire: exact, whatever its bytes, and readable.
///
/// A path goes out as two members: `path`, for showing, and, only when the name is not UTF-8, `path_bytes` in base64.
/// In `path` each byte that is not part of a UTF-8 sequence reads `\xNN`; everything else, a backslash included, stays
/// as it is. Coming in, `path_bytes` counts where it is present. Two paths are equal if their bytes are: `String` would
/// take composed and decomposed letters for the same name, and nothing here compares names as strings.
package struct WirePath: Hashable, Sendable {
    /// The name, as the kernel knows it: never empty, and without NUL when it came over the wire.
    package let bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// The name for people: escaped where it is not UTF-8.
    package var shown: String { String(escaping: bytes, for: .message) }

    /// Whether `path` alone gives the name back.
    package var isText: Bool { String(validating: bytes, as: UTF8.self) != nil }
}

extension WirePath: Codable {
    private enum CodingKeys: String, CodingKey {
        case path
        case pathBytes = "path_bytes"
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try members.decode(ShownPath.self, forKey: .path),
            try members.decodeIfPresent(ExactPath.self, forKey: .pathBytes))
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(ShownPath(self), forKey: .path)
        try members.encodeIfPresent(ExactPath(self), forKey: .pathBytes)
    }
}
