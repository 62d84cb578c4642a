import CTimbreKernels

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
