/// A value that a statement is given. Statements are never made of values.
package enum ShardValue: Sendable {
    case null
    case text(String)
    case integer(Int)
    case real(Double)
    case flag(Bool)
    case bytes([UInt8])
    case integers([Int])
    /// A point, for the extension cube.
    case point([Double])
    case points([[Double]])

    package static func text(_ value: String?) -> ShardValue { value.map { .text($0) } ?? .null }
    package static func real(_ value: Double?) -> ShardValue { value.map { .real($0) } ?? .null }
    package static func integer(_ value: Int?) -> ShardValue { value.map { .integer($0) } ?? .null }
    package static func bytes(_ value: [UInt8]?) -> ShardValue { value.map { .bytes($0) } ?? .null }

    /// As it is sent: as text, but for bytes, which go as they are. Nil stands for null.
    var sent: [UInt8]? {
        switch self {
        case .null: nil
        case .text(let text): Array(text.utf8)
        case .integer(let number): Array("\(number)".utf8)
        case .real(let number): Array("\(number)".utf8)
        case .flag(let flag): Array((flag ? "true" : "false").utf8)
        case .bytes(let bytes): bytes
        case .integers(let numbers): Array("{\(numbers.map { "\($0)" }.joined(separator: ","))}".utf8)
        case .point(let place): Array(Self.text(place).utf8)
        case .points(let places): Array("{\(places.map { "\"\(Self.text($0))\"" }.joined(separator: ","))}".utf8)
        }
    }

    private static func text(_ place: [Double]) -> String { "(\(place.map { "\($0)" }.joined(separator: ",")))" }

    var isBinary: Bool { if case .bytes = self { true } else { false } }
}
