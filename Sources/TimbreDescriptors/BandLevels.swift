import CTimbreKernels
import Glibc
import SoundFeatures

/// The levels of the bands of the frames that are heard, in decibels, the energy of the loudest frame being 0; and whether
/// they end at a cliff.
struct BandLevels {
    /// Bands that are described.
    static let count = Int(TIMBRE_HEARD_BANDS)
    private static let stride = FeatureFrames.bandStride
    private static let floor = Float(DescriptorDefinition.floor)

    /// The first of the bands whose levels are made up, as there is a cliff below it; ``count`` if there is none.
    let filled: Int

    private let bands: [UInt8]
    private let range: Range<Int>
    /// What is added to the levels that the bytes of each frame stand for.
    private let offsets: [Float]
    /// The greatest level of each band.
    private let maxima: [Float]

    /// - Parameters:
    ///   - bands: All frames of the sound, in the form of ``FeatureFrames/bands``.
    ///   - powers: Of each of these, see ``DescriptorTables/powers(of:)``.
    init(_ audible: AudibleFrames, bands: [UInt8], powers: [Double]) {
        self.bands = bands
        range = audible.range
        let offsets = zip(audible.levels, powers[audible.range]).map { Float($0) - Float(10 * log10($1)) }
        var maxima = [Float](repeating: -.greatestFiniteMagnitude, count: Self.count)
        let frames = bands[audible.range.lowerBound * Self.stride..<audible.range.upperBound * Self.stride]
        unsafe frames.withUnsafeBufferPointer { frames in
            unsafe timbre_raise_band_maxima(frames.baseAddress, offsets.count, offsets, &maxima)
        }
        self.offsets = offsets
        self.maxima = maxima
        filled = Self.cliff(in: maxima)
    }

    /// The band above which there is next to nothing, all of a sudden.
    private static func cliff(in maxima: [Float]) -> Int {
        let top = maxima.max() ?? 0
        guard let last = maxima.lastIndex(where: { $0 > top - DescriptorDefinition.reach }), last < count - 3 else {
            return count
        }
        let first = max(last - 2, 3)
        let before = (maxima[first - 3] + maxima[first - 2] + maxima[first - 1]) / 3
        return before - maxima[last + 3] >= DescriptorDefinition.cliff ? first : count
    }

    /// The greatest level of each band, none below the floor, shape `[count]`.
    var greatest: [Float] {
        var greatest = maxima
        if filled < Self.count {
            let base = offsets.indices.reduce(-Float.greatestFiniteMagnitude) { max($0, self.base(of: $1)) }
            for band in filled..<Self.count { greatest[band] = base - fall(at: band) }
        }
        return greatest.map { max($0, Self.floor) }
    }

    /// The mean levels of groups of bands over some frames, none below the floor; the floor if there is no such frame.
    ///
    /// - Parameters:
    ///   - groups: The first band of each group, and where the last one ends.
    ///   - frames: Counted from the first that is heard; those that are not heard do not count.
    func means(of groups: [UInt8], over frames: Range<Int>) -> [Double] {
        let heard = frames.clamped(to: 0..<range.count)
        var sums = [Double](repeating: 0, count: groups.count - 1)
        guard !heard.isEmpty else { return sums.map { _ in DescriptorDefinition.floor } }
        unsafe bands.withUnsafeBufferPointer { bands in
            unsafe offsets.withUnsafeBufferPointer { offsets in
                guard let bands = bands.baseAddress, let offsets = offsets.baseAddress else { return }
                unsafe timbre_add_group_levels(
                    bands + (range.lowerBound + heard.lowerBound) * Self.stride, heard.count,
                    offsets + heard.lowerBound, filled, DescriptorDefinition.cliffSlope, Self.floor, groups,
                    groups.count - 1, &sums)
            }
        }
        return sums.map { $0 / Double(heard.count) }
    }

    private func level(_ frame: Int, _ band: Int) -> Float {
        let place = (range.lowerBound + frame) * Self.stride + Self.stride - 100 + band
        return (Float(bands[place]) - 255) * (80 / 255) + offsets[frame]
    }

    /// The mean level of the three bands below the cliff.
    private func base(of frame: Int) -> Float {
        (level(frame, filled - 3) + level(frame, filled - 2) + level(frame, filled - 1)) / 3
    }

    private func fall(at band: Int) -> Float { DescriptorDefinition.cliffSlope * Float(band - filled + 2) }
}
