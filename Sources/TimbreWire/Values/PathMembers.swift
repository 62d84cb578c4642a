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
