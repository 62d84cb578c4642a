import CFFTW
import CTimbreKernels
import Glibc
import Synchronization

/// FFTW's planner keeps its state in globals; running a plan does not.
private let planning = Mutex(())

/// The magnitudes of a frame's spectrum, through the Vorbis window (D6 and D7 of the timbre code's definition).
///
/// In double precision: where a frame's energy lies outside the bands, what is in them is leakage, and single
/// precision's own noise would drown it. The transform is a small part of the work all the same.
@safe package struct Spectrum: ~Copyable {
    /// Samples in a frame, 46.4 ms.
    package static let frameLength = 1024
    /// Bins from 0 Hz to half the sample rate, both included.
    package static let binCount = frameLength / 2 + 1
    /// The distance of two bins, in hertz.
    package static let binWidth = 22_050.0 / Double(frameLength)

    /// What the last call of ``measure(_:from:)`` found, shape `[binCount]`: a full-scale sine at a bin's centre is 1.
    package private(set) var magnitudes: [Double]

    private let window: [Double]
    /// What a magnitude is multiplied by: 2 over the window's sum.
    private let scale: Double
    /// Bins that anybody looks at, from 0 Hz.
    private let usedBins: Int
    private let input: UnsafeMutablePointer<Double>
    private let output: UnsafeMutablePointer<fftw_complex>
    private let plan: fftw_plan

    /// - Parameter usedBins: How many magnitudes are wanted; the others stay 0.
    package init(usedBins: Int = binCount) {
        precondition((0...Self.binCount).contains(usedBins))
        let length = Self.frameLength
        window = (0..<length).map { n in
            let rise = sin(.pi * (Double(n) + 0.5) / Double(length))
            return sin(.pi / 2 * rise * rise)
        }
        scale = 2 / window.reduce(0, +)
        magnitudes = Array(repeating: 0, count: Self.binCount)
        self.usedBins = usedBins
        guard let input = unsafe fftw_alloc_real(length), let output = unsafe fftw_alloc_complex(Self.binCount) else {
            preconditionFailure("no memory for a frame")
        }
        // Estimated, not measured: a plan chosen by timing could differ from run to run, and with it the last bits.
        let plan = planning.withLock { _ in
            unsafe UInt(bitPattern: fftw_plan_dft_r2c_1d(Int32(length), input, output, FFTW_ESTIMATE))
        }
        guard let plan = unsafe fftw_plan(bitPattern: plan) else { preconditionFailure("FFTW has no plan") }
        unsafe self.input = unsafe input
        unsafe self.output = unsafe output
        unsafe self.plan = unsafe plan
    }

    deinit {
        planning.withLock { _ in unsafe fftw_destroy_plan(plan) }
        unsafe fftw_free(input)
        unsafe fftw_free(output)
    }

    /// Measures a frame, the ``frameLength`` samples from `start` on.
    ///
    /// - Returns: The largest absolute value among the samples, before the window.
    /// - Complexity: O(*n* log *n*); allocates nothing.
    package mutating func measure(_ samples: [Float], from start: Int) -> Float {
        precondition(start >= 0 && start + Self.frameLength <= samples.count)
        let peak = unsafe samples.withUnsafeBufferPointer { samples in
            let frame = unsafe samples.baseAddress! + start
            unsafe timbre_window(frame, window, input, Self.frameLength)
            return unsafe timbre_peak(frame, Self.frameLength)
        }
        transform()
        return peak
    }

    /// Measures a frame of ``frameLength`` samples that are known more exactly.
    package mutating func measure(_ frame: [Double]) {
        precondition(frame.count == Self.frameLength)
        for index in 0..<Self.frameLength { unsafe input[index] = frame[index] * window[index] }
        transform()
    }

    private mutating func transform() {
        unsafe fftw_execute(plan)
        let parts = unsafe UnsafeMutableRawPointer(output).assumingMemoryBound(to: Double.self)
        unsafe timbre_magnitudes(parts, scale, &magnitudes, usedBins)
    }
}
