import FoundationEssentials
import TimbreCodes
import TimbreCoding
import TimbreDescriptors

/// The small model with a network of one branch of 16 units, whose weights are drawn at random.
package func smallModelWithNetwork(seed: UInt64 = 1, scoreOffset: Double = 3) throws -> TimbreModel {
    var generator = SeededGenerator(seed: seed)
    let count = TimbreDescriptor.count
    func floats(_ count: Int, _ values: ClosedRange<Double>) -> Any {
        base64(
            (0..<count).flatMap { _ in
                let number = Float(values.lowerBound + (values.upperBound - values.lowerBound) * generator.fraction())
                return (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt32(8 * $0)) }
            })
    }
    // Half floats from 2⁻⁵ to 2⁻⁴, of either sign.
    func halves(_ count: Int) -> Any {
        base64(
            (0..<count).flatMap { _ in
                let bits =
                    UInt16(0x2800) + UInt16(generator.index(below: 0x400)) + UInt16(generator.index(below: 2)) << 15
                return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
            })
    }
    let branch: [String: Any] = [
        "hidden_f16le_base64": halves(count * 16), "hidden_bias_f32le_base64": floats(16, -1...1),
        "gain_f32le_base64": floats(16, 0.5...1.5), "offset_f32le_base64": floats(16, -0.5...0.5),
        "output_f16le_base64": halves(16 * 64), "output_bias_f32le_base64": floats(64, -1...1),
        "bypass_f16le_base64": halves(count * 64),
    ]
    let network: [String: Any] = [
        "definition": TimbreDescriptor.definition, "descriptors": count, "mean_f32le_base64": floats(count, -5...5),
        "deviation_f32le_base64": floats(count, 5...20), "linear_f16le_base64": halves(count * 64),
        "branches": [branch], "precise_mean_f32le_base64": floats(count, -0.1...0.1),
        "precise_f16le_base64": halves(count * 64), "precise_share": 0.05,
        "projection_mean_f32le_base64": floats(192, -0.01...0.01), "projection_f16le_base64": halves(192 * 128),
        "scale": 240,
    ]
    let score: [String: Any] = [
        "reference_i8_base64": base64(
            (0..<100 * 128).map { _ in UInt8(bitPattern: Int8(generator.index(below: 40) - 20)) }),
        "offset": scoreOffset, "slope": -6, "bend": 0, "knee": 0.7,
        "surroundings": [["first": 21, "last": 40, "weight": 1]],
    ]
    let plain = String(decoding: try smallModel().json(), as: UTF8.self)
    let own = "{\"network\": \(text(network)), \"score\": \(text(score))}"
    guard let place = plain.firstRange(of: "\"timbred\" : {"), let end = plain[place.upperBound...].firstIndex(of: "}")
    else {
        preconditionFailure("a model has a part of our own")
    }
    var json = plain
    json.replaceSubrange(place.lowerBound...end, with: "\"timbred\" : " + own)
    return try TimbreModel(json: Array(json.utf8))
}

private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

/// JSON of texts, numbers, lists and dictionaries.
private func text(_ value: Any) -> String {
    switch value {
    case let dictionary as [String: Any]:
        "{" + dictionary.map { "\"\($0)\": \(text($1))" }.joined(separator: ", ") + "}"
    case let list as [Any]: "[" + list.map(text).joined(separator: ", ") + "]"
    case let string as String: "\"" + string.replacing("\"", with: "\\\"") + "\""
    default: "\(value)"
    }
}
