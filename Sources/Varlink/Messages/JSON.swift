import FoundationEssentials

/// JSON as this project writes it: members in alphabetical order, so that the same answer is the same text.
package enum JSON {
    /// Writes a value on one line, or, to be read by people, on several.
    package static func encode(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return Array(try encoder.encode(value))
    }

    /// Reads a value.
    package static func decode<Value: Decodable>(_: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    /// Writes a message: a value and a NUL.
    ///
    /// JSON writes a NUL in a string as `\u0000`, so that the only one is the last byte.
    static func message(_ value: some Encodable) throws -> [UInt8] { try encode(value) + [0] }
}
