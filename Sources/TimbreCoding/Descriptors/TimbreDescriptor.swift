import CTimbreKernels

/// What a sound or a part of it sounds like, in numbers that mean something: the input of a model's network.
///
/// The numbers have different units and ranges. They do not change with the sound's level, nor with silence, hum or hiss
/// around it.
package struct TimbreDescriptor: Hashable, Sendable {
    /// The name of what the numbers are. It changes with every change of the definition: a model that was learnt from
    /// other numbers is refused.
    package static let definition = "timbre descriptors 2"
    /// The parts, in order, that cover all numbers.
    package static let groups = makeGroups()
    /// How many numbers there are.
    package static let count = groups.last?.range.upperBound ?? 0

    /// The numbers, shape `[count]`; all are finite.
    package let values: [Float]

    init(values: [Float]) {
        precondition(values.count == Self.count)
        self.values = values
    }

    /// Numbers that belong together.
    package struct Group: Hashable, Sendable {
        /// What they are about.
        package let kind: Kind
        /// Where the numbers are.
        package let range: Range<Int>
    }

    /// What a group of numbers is about. The raw value is a name for people.
    package enum Kind: String, CaseIterable, Sendable {
        /// The means of cepstral coefficients 1 to 40, how they vary, and how they change over 1, 2, 4, 8 and 16 frames.
        case envelope = "spectral envelope"
        case envelopeVariation = "variation of the spectral envelope"
        case envelopeChange = "change of the spectral envelope"
        /// Cosines of the course of the level.
        case loudness = "loudness envelope"
        case times
        /// The means of eight measures of the spectrum's shape, how they vary, and how those of the attack differ.
        case shape = "brightness and width"
        case shapeVariation = "variation of brightness and width"
        case attackShape = "brightness and width of the attack"
        case attackEnvelope = "spectral envelope of the attack"
        /// The means of the waves along the bands, and how they vary.
        case ripple = "ripple of the spectrum"
        case rippleVariation = "variation of the ripple"
        case course = "course of the spectral envelope"
        /// Cosines of the greatest level of each band.
        case greatest = "greatest levels"
        /// How far ten groups of bands have fallen 3, 8 and 20 frames after the attack, and their levels in it.
        case decay = "decay of low, middle and high bands"
        case attackLevels = "levels of the attack"
        case skewness = "skewness of the spectral envelope's variation"
    }

    private static func makeGroups() -> [Group] {
        typealias Definition = DescriptorDefinition
        let quick = Int(TIMBRE_QUICK_CHANGES)
        let slow = Int(TIMBRE_SLOW_CHANGES) * Int(TIMBRE_LAGS - 1)
        let (cepstra, shapes, waves) = (Int(TIMBRE_CEPSTRA), Int(TIMBRE_SHAPES), Int(TIMBRE_WAVES))
        let bandGroups = Definition.bandGroups.count - 1
        let parts: [(Kind, Int)] = [
            (.envelope, cepstra), (.envelopeVariation, SoundFrames.variedCepstra), (.envelopeChange, quick + slow),
            (.loudness, Definition.envelopeCosines.count), (.times, Definition.durationLevels.count + 5),
            (.shape, shapes), (.shapeVariation, shapes), (.attackShape, shapes),
            (.attackEnvelope, SoundFrames.attackCepstra), (.ripple, waves),
            (.rippleVariation, SoundFrames.variedWaves),
            (.course, Definition.courseCosines.count * Int(TIMBRE_COURSES)),
            (.greatest, Definition.greatestCosines.count),
            (.decay, bandGroups * (Definition.decayFrames.count - 1)), (.attackLevels, bandGroups),
            (.skewness, Int(TIMBRE_SKEWED)),
        ]
        var start = 0
        return parts.map { kind, count in
            defer { start += count }
            return Group(kind: kind, range: start..<start + count)
        }
    }
}
