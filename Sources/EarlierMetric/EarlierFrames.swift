import Glibc
import SoundFeatures
import TimbreDescriptors

/// The values of all frames of a sound, from which the descriptors of any part of it are quickly computed.
package struct EarlierFrames: Sendable {
    /// How many frames there are.
    package let count: Int
    /// The frames' values, shape `[count, EarlierFrameValues.rowLength]`.
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
        rows.reserveCapacity(count * EarlierFrameValues.rowLength)
        powers.reserveCapacity(count)
        var values = EarlierFrameValues()
        for start in stride(from: 0, to: count, by: EarlierFrameValues.blockLength) {
            let end = min(start + EarlierFrameValues.blockLength, count)
            let block = bands[start * FeatureFrames.bandStride..<end * FeatureFrames.bandStride]
            values.append(block, to: &rows, powers: &powers)
        }
        self.rows = rows
        levels = powers.map { 10 * log10($0) }
        loudness = powers.map { pow($0, EarlierDefinition.loudnessExponent / 2) }
    }
}

extension EarlierFrames {
    private static let envelopeTransform = CosineTransform(
        EarlierDefinition.envelopeCosines, of: EarlierDefinition.envelopeParts)
    private static let courseTransform = CosineTransform(
        EarlierDefinition.courseCosines, of: EarlierDefinition.courseParts)

    /// Describes the sound, or a part of it as if it were all there is.
    ///
    /// - Parameter frames: The part's frames, which lie in `0..<count`; nil for all.
    /// - Returns: The description; nil if nothing sounds in the part.
    /// - Complexity: O(*n*) in the number of frames in the part, about 5 µs for a span of 30.
    package func descriptor(of frames: Range<Int>? = nil) -> EarlierDescriptor? {
        guard let heard = EarlierHeardFrames(frames ?? 0..<count, of: self) else { return nil }
        let moments = EarlierMoments(of: heard, in: self)
        let (cepstra, shape) = (EarlierFrameValues.cepstra, EarlierFrameValues.shape)
        let (means, deviations, attack) = (moments.means, moments.deviations, moments.means(over: heard.attack))

        var values: [Double] = []
        values.reserveCapacity(EarlierDescriptor.count)
        values += means[cepstra]
        values += deviations[cepstra]
        values += moments.changes[cepstra]
        values += envelope(of: heard)
        values += heard.times
        values += means[shape]
        values += deviations[shape]
        for column in shape { values.append(attack[column] - means[column]) }
        values += means[EarlierFrameValues.ripple]
        appendCourse(of: heard, to: &values)
        return EarlierDescriptor(values: values.map { Float($0) })
    }

    /// The course of the level.
    private func envelope(of heard: EarlierHeardFrames) -> [Double] {
        let parts = EqualParts(EarlierDefinition.envelopeParts, of: heard.range.count) { frame in
            SIMD2(heard.levels[frame], 0)
        }
        return Self.envelopeTransform(parts.means).map(\.x)
    }

    /// The courses of the first cepstra. Their means have no part in it: the cosines add up to 0.
    private func appendCourse(of heard: EarlierHeardFrames, to values: inout [Double]) {
        let first = heard.range.lowerBound * EarlierFrameValues.rowLength
        let parts = EqualParts(EarlierDefinition.courseParts, of: heard.range.count) { frame in
            var cepstra = SIMD8<Double>()
            for place in cepstra.indices {
                cepstra[place] = Double(rows[first + frame * EarlierFrameValues.rowLength + place])
            }
            return cepstra
        }
        for cosine in Self.courseTransform(parts.means) {
            for place in cosine.indices { values.append(cosine[place]) }
        }
    }
}
