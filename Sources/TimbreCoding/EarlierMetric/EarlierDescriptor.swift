/// What a sound or a part of it sounds like, in numbers that mean something: the input of a model's metric.
///
/// The numbers have different units and ranges. They do not change with the sound's level, nor with silence around it.
package struct EarlierDescriptor: Hashable, Sendable {
    /// The name of what the numbers are. It changes with every change of the definition: a model that was learnt from
    /// other numbers is refused.
    package static let definition = "timbre descriptors 1"
    /// How many numbers there are.
    package static let count = groups.last?.range.upperBound ?? 0
    /// The parts, in order, that cover all numbers.
    package static let groups = makeGroups()

    /// The numbers, shape `[count]`; all are finite.
    package let values: [Float]

    init(values: [Float]) {
        precondition(values.count == Self.count)
        self.values = values
    }

    /// Numbers that belong together.
    package struct Group: Hashable, Sendable {
        /// A name for people.
        package let name: String
        /// Where the numbers are.
        package let range: Range<Int>
    }

    private static func makeGroups() -> [Group] {
        typealias Definition = EarlierDefinition
        let parts = [
            ("spectral envelope", Definition.cepstra),
            ("variation of the spectral envelope", Definition.cepstra),
            ("change of the spectral envelope from frame to frame", Definition.cepstra),
            ("loudness envelope", Definition.envelopeCosines.count),
            ("times", Definition.durationLevels.count + 5),
            ("brightness and width", EarlierFrameValues.shape.count),
            ("variation of brightness and width", EarlierFrameValues.shape.count),
            ("brightness and width of the attack", EarlierFrameValues.shape.count),
            ("ripple of the spectrum", Definition.ripples),
            ("course of the spectral envelope", Definition.courseCosines.count * Definition.courseCepstra),
        ]
        var start = 0
        return parts.map { name, count in
            defer { start += count }
            return Group(name: name, range: start..<start + count)
        }
    }
}
