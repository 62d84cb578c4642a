import FoundationEssentials

/// A message of the wire: a JSON object and a NUL.
enum WireMessage {
    /// Writes a message, with its NUL.
    ///
    /// JSON writes a NUL in a string as `\u0000`, so that the only one is the last byte.
    static func encode(_ message: some Encodable) throws -> [UInt8] {
        try Array(JSON.encode(message)) + [0]
    }

    /// Reads a message, without its NUL.
    static func decode<Message: Decodable>(_: Message.Type, from bytes: [UInt8]) throws -> Message {
        try JSONDecoder().decode(Message.self, from: Data(bytes))
    }
}

/// JSON as this project writes it: members in alphabetical order, so that the same answer is the same text.
package enum JSON {
    /// Writes a value on one line, or, for people, on several.
    package static func encode(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        return Array(try encoder.encode(value))
    }

    /// Reads a value.
    package static func decode<Value: Decodable>(_: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(bytes))
    }
}
