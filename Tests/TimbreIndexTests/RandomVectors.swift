import Testing
import TimbreCodes

/// Vectors that differ in some components only.
struct RandomVectors: Sendable, CustomTestStringConvertible {
    /// Components from both heads and tails, of which there are few values: ties in either, and in both.
    static let few = RandomVectors()
    /// Components that no head tells of.
    static let tails = RandomVectors(places: 16..<128, values: 2)
    /// Components that heads tell all of.
    static let heads = RandomVectors(places: 0..<16, values: 5)
    /// Components from all parts of a vector, of which the first differ most.
    static let falling = RandomVectors(places: 0..<128, values: 129, falls: true)
    /// All that can be.
    static let all = RandomVectors(places: 0..<128, values: 255)

    var places: [Int]
    /// How many values a component has, around 0.
    var values: Int
    /// Whether there are fewer the farther back a component is.
    var falls = false
    var generator = SeededGenerator(seed: 11)

    init(places: some Sequence<Int> = [0, 15, 16, 31, 32, 63, 64, 127], values: Int = 3, falls: Bool = false) {
        self.places = Array(places)
        self.values = values
        self.falls = falls
    }

    var testDescription: String { "\(values) values in \(places.count) components\(falls ? ", falling" : "")" }

    mutating func next() -> TimbreVector {
        var vector = TimbreVector(first: SIMD64())
        for place in places {
            let values = falls ? 1 + values / (1 + place) : values
            vector[place] = Int8(generator.index(below: values) - values / 2)
        }
        return vector
    }

    /// A vector; or none, one time in eight.
    mutating func nextOrNone() -> TimbreVector? {
        generator.index(below: 8) == 0 ? nil : next()
    }
}
