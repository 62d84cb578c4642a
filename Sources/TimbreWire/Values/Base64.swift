import FoundationEssentials

/// Bytes that travel as text, in base64 (RFC 4648, with padding).
package struct Base64: Hashable, Sendable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads base64; nil if the text is anything else.
    package init?(text: String) {
        guard let data = Data(base64Encoded: text) else { return nil }
        bytes = Array(data)
    }

    /// The bytes in base64.
    package var text: String { Data(bytes).base64EncodedString() }
}

extension Base64: Codable {
    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        guard let base64 = Base64(text: try value.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: value, debugDescription: "not base64")
        }
        self = base64
    }

    package func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(text)
    }
}
