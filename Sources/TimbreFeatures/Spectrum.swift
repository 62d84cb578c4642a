import CTimbreKernels
import Glibc
import SoundFeatures

/// The magnitudes of a frame's spectrum, through the Vorbis window (D6 and D7 of the timbre code's definition).
///
/// In single precision, and, for the frames whose energy lies outside the bands, in double: what is in the bands is then
/// leakage, and single precision's own noise would drown it.
package struct Spectrum: ~Copyable {
    /// Samples in a frame, 46.4 ms.
    package static let frameLength = FeatureFrames.frameLength
    /// Bins from 0 Hz to half the sample rate, both included.
    package static let binCount = frameLength / 2 + 1
    /// The distance of two bins, in hertz.
    package static let binWidth = Double(FeatureFrames.sampleRate) / Double(frameLength)
    /// Peaks of frames that single precision can measure: the squares of greater ones overflow, of smaller ones vanish.
    package static let peaks: ClosedRange<Float> = 1e-9...1e15

    /// What was found last, shape `[binCount]`: a full-scale sine at a bin's centre is 1.
    package private(set) var magnitudes = [Float](repeating: 0, count: binCount)

    private let window: [Float]
    private let exactWindow: [Double]
    /// What a magnitude is multiplied by: 2 over the window's sum.
    private let scale: Double
    /// Bins that anybody looks at, from 0 Hz.
    private let usedBins: Int
    /// Of a frame's even samples as real, and its odd ones as imaginary parts: half the work of one of real numbers.
    private let transform = FourierTransform(length: frameLength / 2)
    /// For each bin the cosine, then for each the sine, of the angle by which the odd samples' part is turned.
    private let turns: [Float]
    private let exactTransform = ExactFourierTransform(length: frameLength)

    /// - Parameter usedBins: How many magnitudes are wanted; the others stay 0.
    package init(usedBins: Int = binCount) {
        precondition((0...Self.binCount).contains(usedBins))
        let length = Self.frameLength
        let window = (0..<length).map { n in
            let rise = sin(.pi * (Double(n) + 0.5) / Double(length))
            return sin(.pi / 2 * rise * rise)
        }
        exactWindow = window
        self.window = window.map { Float($0) }
        scale = 2 / window.reduce(0, +)
        self.usedBins = usedBins
        let angles = (0..<Self.binCount - 1).map { -2 * Double.pi * Double($0) / Double(length) }
        turns = angles.map { Float(cos($0)) } + angles.map { Float(sin($0)) }
    }

    /// Measures a frame, the ``frameLength`` samples from `start` on, to 10⁻⁷ of its peak, mostly to 10⁻⁸.
    ///
    /// - Returns: The largest absolute value among the samples, before the window. If it lies outside ``peaks``, the
    ///   magnitudes are of no use.
    /// - Complexity: O(*n* log *n*); allocates nothing.
    package mutating func measure(_ samples: [Float], from start: Int) -> Float {
        precondition(start >= 0 && start + Self.frameLength <= samples.count)
        let peak = unsafe samples.withUnsafeBufferPointer { samples in
            let frame = unsafe samples.baseAddress! + start
            unsafe timbre_window(frame, window, transform.input, Self.frameLength)
            return unsafe timbre_peak(frame, Self.frameLength)
        }
        transform.run()
        unsafe timbre_real_magnitudes(
            transform.output, Self.binCount - 1, turns, Float(scale), &magnitudes, usedBins)
        return peak
    }

    /// Measures a frame of ``frameLength`` samples, all in double precision until the magnitudes are known.
    package mutating func measureExactly(_ frame: [Double]) {
        precondition(frame.count == Self.frameLength)
        unsafe timbre_window_exactly(frame, exactWindow, exactTransform.input, Self.frameLength)
        exactTransform.run()
        unsafe timbre_magnitudes_exactly(exactTransform.output, scale, &magnitudes, usedBins)
    }
}
