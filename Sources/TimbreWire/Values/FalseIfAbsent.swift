/// A switch that may be left out, and is then off.
@propertyWrapper
package struct FalseIfAbsent: Hashable, Sendable {
    package var wrappedValue: Bool

    package init(wrappedValue: Bool) { self.wrappedValue = wrappedValue }
}

extension FalseIfAbsent: Codable {
    package init(from decoder: any Decoder) throws { wrappedValue = try Bool(from: decoder) }

    package func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}

// Synthesised coding calls these for members of the type above, because they fit better than the generic ones.
extension KeyedDecodingContainer {
    func decode(_: FalseIfAbsent.Type, forKey key: Key) throws -> FalseIfAbsent {
        FalseIfAbsent(wrappedValue: try decodeIfPresent(Bool.self, forKey: key) ?? false)
    }
}

extension KeyedEncodingContainer {
    mutating func encode(_ value: FalseIfAbsent, forKey key: Key) throws {
        if value.wrappedValue { try encode(true, forKey: key) }
    }
}
