import Glibc
import TimbreExtraction

/// Writes frames in the form of ``FeatureFrames/bands``, the strongest level of each being 255.
struct BandWriter {
    /// A frame without a band above this level, in decibels, is written as silent.
    private static let silence = -200.0

    /// The frames written.
    private(set) var bands: [UInt8] = []

    /// Prepares for so many frames.
    init(capacity: Int) { bands.reserveCapacity(capacity * FeatureFrames.bandStride) }

    /// Writes a frame.
    ///
    /// - Parameter levels: The levels of its bands in decibels, that of a full-scale sine being 0; shape `[100]`.
    mutating func append(levels: [Double]) {
        precondition(levels.count == BandScale.count)
        var top = levels[0]
        for level in levels { top = max(top, level) }
        guard top > Self.silence else {
            bands.append(contentsOf: repeatElement(0, count: FeatureFrames.bandStride))
            return
        }
        let peak = Float(min(pow(10, top / 20), Double(Float.greatestFiniteMagnitude)))
        for place in 0..<4 { bands.append(UInt8(truncatingIfNeeded: peak.bitPattern >> UInt32(8 * place))) }
        for level in levels { bands.append(UInt8(max(0, 255 + (level - top) * 255 / BandReader.depth).rounded())) }
    }

    /// Writes a frame.
    ///
    /// - Parameter powers: The powers of its bands, that of a full-scale sine being 1; shape `[100]`.
    mutating func append(powers: [Double]) { append(levels: powers.map { 10 * log10($0) }) }
}
