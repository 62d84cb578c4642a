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

    package init(values: [Float]) {
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

    /// What a group of numbers is about. The raw value is its name in answers.
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

extension TimbreDescriptor {
    private static let envelopeTransform = CosineTransform(
        DescriptorDefinition.envelopeCosines, of: DescriptorDefinition.envelopeParts)
    private static let courseTransform = CosineTransform(
        DescriptorDefinition.courseCosines, of: Int(TIMBRE_COURSE_PARTS))
    private static let greatestTransform = CosineTransform(
        DescriptorDefinition.greatestCosines, of: BandLevels.count)

    /// Puts together what is known of a part of a sound.
    init(_ audible: AudibleFrames, _ levels: BandLevels, _ sums: PartSums) {
        let shape = Int(TIMBRE_CEPSTRA)..<Int(TIMBRE_CEPSTRA + TIMBRE_SHAPES)
        let waves = shape.upperBound..<Int(TIMBRE_FRAME_VALUES)
        let difference = { (place: Int) in sums.attack[place] - sums.means[place] }
        let bands = Self.decay(audible, levels)

        var values: [Double] = []
        values.reserveCapacity(Self.count)
        values += sums.means[..<shape.lowerBound]
        values += sums.deviations[..<SoundFrames.variedCepstra]
        values += sums.changes
        values += Self.envelope(audible)
        values += audible.times
        values += sums.means[shape]
        values += sums.deviations[shape]
        values += shape.map(difference)
        values += (0..<SoundFrames.attackCepstra).map(difference)
        values += sums.means[waves]
        values += sums.deviations[waves.prefix(SoundFrames.variedWaves)]
        // The means of the courses have no part in it: the cosines add up to 0.
        values += Self.courseTransform(columns: sums.courses, width: Int(TIMBRE_COURSES))
        values += Self.greatestTransform(columns: levels.greatest.map { Double($0) }, width: 1)
        for part in bands.dropFirst() { values += zip(part, bands[0]).map { $0 - $1 } }
        let loudest = bands[0].max() ?? 0
        values += bands[0].map { $0 - loudest }
        values += sums.skewness
        self.init(
            values: values.map { Float(max(-DescriptorDefinition.limit, min(DescriptorDefinition.limit, $0))) })
    }

    /// The course of the level.
    private static func envelope(_ audible: AudibleFrames) -> [Double] {
        envelopeTransform(columns: audible.means(ofParts: DescriptorDefinition.envelopeParts), width: 1)
    }

    /// The mean levels of groups of bands in the attack and in three times after it, shape `[4][10]`.
    private static func decay(_ audible: AudibleFrames, _ levels: BandLevels) -> [[Double]] {
        let start = audible.attackStart
        return DescriptorDefinition.decayFrames.map { part in
            levels.means(of: DescriptorDefinition.bandGroups, over: start + part.lowerBound..<start + part.upperBound)
        }
    }
}
