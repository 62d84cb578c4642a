// Foundation's decoder complains of a number that does not fit, 2.5 for an `Int` or 1e999, without saying where it is.
// Synthesised coding in this module finds these functions before the library's own, so that the complaint has a name.
extension KeyedDecodingContainer {
    func decode(_: Int.Type, forKey key: Key) throws -> Int { try number(key) }
    func decode(_: Double.Type, forKey key: Key) throws -> Double { try number(key) }
    func decodeIfPresent(_: Int.Type, forKey key: Key) throws -> Int? { try optionalNumber(key) }
    func decodeIfPresent(_: Double.Type, forKey key: Key) throws -> Double? { try optionalNumber(key) }

    private func optionalNumber<Number: Decodable>(_ key: Key) throws -> Number? {
        try contains(key) && !decodeNil(forKey: key) ? number(key) : nil
    }

    private func number<Number: Decodable>(_ key: Key) throws -> Number {
        guard contains(key) else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "a number is missing"))
        }
        do { return try Number(from: superDecoder(forKey: key)) } catch let error as DecodingError { throw error } catch
        {
            let context = DecodingError.Context(codingPath: codingPath + [key], debugDescription: "\(error)")
            throw DecodingError.dataCorrupted(context)
        }
    }
}

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
