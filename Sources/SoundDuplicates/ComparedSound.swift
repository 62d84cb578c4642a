import CTimbreKernels
import Glibc
import SoundFeatures

/// A sound between the silence before and the silence behind, as it is compared with others.
package struct ComparedSound: Sendable {
    /// Which frames are heard; there is at least one.
    let frames: Range<Int>
    /// The level of each frame's strongest band in decibels, that of a full-scale sine being 0; shape `[count]`.
    let peaks: [Float]
    /// Whether a frame is heard, and not the beginning of something; shape `[count]`.
    let isSteady: [Bool]

    private let bands: [UInt8]

    /// The power that each byte stands for, shape `[256]`; that of the strongest band is 1.
    private static let powers = (0..<256).map { pow(10, (Float($0) - 255) / 255 * DuplicateDefinition.depth / 10) }

    /// Finds what is heard of a sound; nil if nothing is.
    ///
    /// - Parameter bands: Frames in the form of ``FeatureFrames/bands``, whose bytes may be any.
    /// - Precondition: The bytes are those of whole frames.
    /// - Complexity: O(*n*) in the number of frames.
    package init?(bands: [UInt8]) {
        precondition(bands.count % FeatureFrames.bandStride == 0)
        let count = bands.count / FeatureFrames.bandStride
        var (peaks, loudness): ([Float], [Float]) = ([], [])
        for start in stride(from: 0, to: bands.count, by: FeatureFrames.bandStride) {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
            let peak = Float(bitPattern: bits)
            let isHeard = peak.isFinite && peak > 1e-12
            peaks.append(isHeard ? 20 * log10(peak) : DuplicateDefinition.silence)
            let power = bands[start + 4..<start + FeatureFrames.bandStride].reduce(0) { $0 + Self.powers[Int($1)] }
            loudness.append(peaks[peaks.count - 1] + 10 * log10(power))
        }
        guard let top = loudness.max(), peaks.contains(where: { $0 > DuplicateDefinition.silence }) else { return nil }
        let least = top - DuplicateDefinition.heard
        guard let first = loudness.firstIndex(where: { $0 >= least }),
            let last = loudness.lastIndex(where: { $0 >= least })
        else { return nil }
        frames = first..<last + 1
        var isSteady = (0..<count).map { first...last ~= $0 }
        for frame in frames where loudness[frame] >= least {
            // The first frame of a file begins where the file does.
            let isFirst = frame == 0
            guard isFirst || loudness[frame] > max(loudness[frame - 1], least) + DuplicateDefinition.onsetRise else {
                continue
            }
            isSteady[frame] = false
            if !isFirst, frame + 1 < count { isSteady[frame + 1] = false }
        }
        self.bands = bands
        self.peaks = peaks
        self.isSteady = isSteady
    }

    /// The level of the strongest band of some frames.
    func strongest(where isMeant: (Int) -> Bool) -> Float? { frames.filter(isMeant).map { peaks[$0] }.max() }

    /// Writes a frame's levels.
    ///
    /// - Parameters:
    ///   - gain: What is added to each, in decibels.
    ///   - floor: Levels below this become this, as do those of frames that are not heard.
    ///   - row: Receives the levels, shape `[100]`.
    func write(_ frame: Int, gain: Float, floor: Float, to row: inout [Float]) {
        precondition(row.count == DuplicateDefinition.bands)
        let isHeard = frames.contains(frame)
        let start = (isHeard ? frame : 0) * FeatureFrames.bandStride + 4
        unsafe bands.withUnsafeBufferPointer { bands in
            guard let bytes = bands.baseAddress else { return }
            unsafe timbre_write_levels(bytes + start, isHeard ? peaks[frame] + gain : -.infinity, floor, &row)
        }
    }
}
