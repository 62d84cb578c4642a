import Glibc
import TimbreExtraction

/// The values of all frames of a sound, from which the descriptors of any part of it are quickly had.
package struct FrameDescriptors: Sendable {
    /// How many frames there are.
    package let count: Int
    /// The frames' values, shape `[count, FrameValues.rowLength]`.
    let rows: [Float]
    /// The frames' levels in decibels, shape `[count]`, that of a full-scale sine being 0; −∞ for digital silence.
    let levels: [Double]
    /// The frames' loudness, shape `[count]`: their amplitudes to a power; 0 for digital silence.
    let loudness: [Double]

    /// Computes the values of a sound's frames.
    ///
    /// - Parameter bands: The frames in the form of ``FeatureFrames/bands``, whose levels may be any bytes. A frame whose
    ///   strongest band is no positive finite number is silent.
    /// - Precondition: The bytes are those of whole frames.
    /// - Complexity: O(*n*) in the number of frames, about a microsecond and 240 bytes each.
    package init(bands: [UInt8]) {
        precondition(bands.count % FeatureFrames.bandStride == 0)
        count = bands.count / FeatureFrames.bandStride
        var rows: [Float] = []
        var powers: [Double] = []
        rows.reserveCapacity(count * FrameValues.rowLength)
        powers.reserveCapacity(count)
        var values = FrameValues()
        for start in stride(from: 0, to: count, by: FrameValues.blockLength) {
            let end = min(start + FrameValues.blockLength, count)
            let block = bands[start * FeatureFrames.bandStride..<end * FeatureFrames.bandStride]
            values.append(block, to: &rows, powers: &powers)
        }
        self.rows = rows
        levels = powers.map { 10 * log10($0) }
        loudness = powers.map { pow($0, DescriptorDefinition.loudnessExponent / 2) }
    }
}

extension FrameDescriptors {
    private static let envelopeTransform = CosineTransform(
        DescriptorDefinition.envelopeCosines, of: DescriptorDefinition.envelopeParts)
    private static let courseTransform = CosineTransform(
        DescriptorDefinition.courseCosines, of: DescriptorDefinition.courseParts)

    /// Describes the sound, or a part of it as if it were all there is.
    ///
    /// - Parameter frames: The part's frames, which lie in `0..<count`; nil for all.
    /// - Returns: The description; nil if nothing sounds in the part.
    /// - Complexity: O(*n*) in the number of frames in the part, about 5 µs for a span of 30.
    package func descriptor(of frames: Range<Int>? = nil) -> TimbreDescriptor? {
        guard let heard = HeardFrames(frames ?? 0..<count, of: self) else { return nil }
        let moments = WeightedMoments(of: heard, in: self)
        let (cepstra, shape) = (FrameValues.cepstra, FrameValues.shape)
        let (means, deviations, attack) = (moments.means, moments.deviations, moments.means(over: heard.attack))

        var values: [Double] = []
        values.reserveCapacity(TimbreDescriptor.count)
        values += means[cepstra]
        values += deviations[cepstra]
        values += moments.changes[cepstra]
        values += envelope(of: heard)
        values += heard.times
        values += means[shape]
        values += deviations[shape]
        for column in shape { values.append(attack[column] - means[column]) }
        values += means[FrameValues.ripple]
        appendCourse(of: heard, to: &values)
        return TimbreDescriptor(values: values.map { Float($0) })
    }

    /// The course of the level.
    private func envelope(of heard: HeardFrames) -> [Double] {
        let parts = EqualParts(DescriptorDefinition.envelopeParts, of: heard.range.count) { frame in
            SIMD2(heard.levels[frame], 0)
        }
        return Self.envelopeTransform(parts.means).map(\.x)
    }

    /// The courses of the first cepstra. Their means have no part in it: the cosines add up to 0.
    private func appendCourse(of heard: HeardFrames, to values: inout [Double]) {
        let first = heard.range.lowerBound * FrameValues.rowLength
        let parts = EqualParts(DescriptorDefinition.courseParts, of: heard.range.count) { frame in
            var cepstra = SIMD8<Double>()
            for place in cepstra.indices {
                cepstra[place] = Double(rows[first + frame * FrameValues.rowLength + place])
            }
            return cepstra
        }
        for cosine in Self.courseTransform(parts.means) {
            for place in cosine.indices { values.append(cosine[place]) }
        }
    }
}
