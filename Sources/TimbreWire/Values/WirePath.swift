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

/// The member `path` of an object: a path as text.
///
/// A type that carries a path beside other members stores a ``ShownPath`` and an optional ``ExactPath``, privately, and
/// offers the ``WirePath`` that both stand for.
struct ShownPath: Hashable, Sendable {
    let utf8: [UInt8]

    init(_ path: WirePath) { utf8 = Array(path.shown.utf8) }
}

extension ShownPath: Codable {
    init(from decoder: any Decoder) throws {
        utf8 = Array(try decoder.singleValueContainer().decode(String.self).utf8)
        try checkName(utf8, decoder)
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(String(decoding: utf8, as: UTF8.self))
    }
}

/// The member `path_bytes` of an object, present only if the name is not UTF-8.
struct ExactPath: Hashable, Sendable {
    let base64: Base64

    init?(_ path: WirePath) {
        guard !path.isText else { return nil }
        base64 = Base64(path.bytes)
    }
}

extension ExactPath: Codable {
    init(from decoder: any Decoder) throws {
        base64 = try Base64(from: decoder)
        try checkName(base64.bytes, decoder)
    }

    func encode(to encoder: any Encoder) throws { try base64.encode(to: encoder) }
}

extension WirePath {
    init(_ shown: ShownPath, _ exact: ExactPath?) { self.init(exact?.base64.bytes ?? shown.utf8) }
}

/// No file has an empty name, or one with a NUL in it.
private func checkName(_ bytes: [UInt8], _ decoder: any Decoder) throws {
    guard bytes.isEmpty || bytes.contains(0) else { return }
    throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a path"))
}
