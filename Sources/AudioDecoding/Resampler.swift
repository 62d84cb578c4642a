import CTimbreKernels

/// Converts a stream of samples to ``rate``, without delay.
///
/// Of n samples it makes ceil(n · 22050 / input rate): all whose time lies inside the input. The result does not depend
/// on the size of the pieces in which the input comes. Samples already at ``rate`` pass unchanged.
package struct Resampler {
    /// Hertz of the output.
    package static let rate = 22_050

    private let taps: ResamplerTaps
    /// What outputs still to come may need of the input: silence before the first sample, then samples.
    private var window: [Float]
    /// Samples in `window`.
    private var filled: Int
    /// The place in the input of the first sample in `window`.
    private var origin: Int
    /// Where the first tap of the next output falls in `window`.
    private var next = 0
    /// Outputs made so far.
    private var outputCount = 0
    /// The largest absolute value among the inputs on which recent outputs depend: what their rounding is in proportion
    /// to. 0 if samples pass unchanged.
    package private(set) var inputPeak: Float = 0
    /// Which phase the next output has.
    private var phase = 0

    /// Samples taken at a time.
    private static let block = 8192
    /// Outputs that can be had again, more exactly, after the call that made them.
    package static let exactReach = 1024
    /// Inputs kept for that.
    private let history: Int

    package init(_ taps: ResamplerTaps) {
        self.taps = taps
        // The kernel reads whole rows: the zeros that pad them meet samples that must exist.
        history = Self.exactReach * taps.step / taps.phaseCount + 2
        window = Array(repeating: 0, count: Self.block + history + 2 * taps.rowLength)
        filled = taps.reach - 1
        origin = 1 - taps.reach
    }

    /// Takes in the next samples and appends what they make possible.
    ///
    /// - Complexity: O(*n* · taps); allocates only where `output` has no capacity left.
    package mutating func process(_ input: [Float], into output: inout [Float]) {
        guard taps.inputRate != Self.rate else {
            output += input
            return
        }
        var done = 0
        while done < input.count {
            let count = min(Self.block, input.count - done)
            makeRoom(for: count)
            window.replaceSubrange(filled..<filled + count, with: input[done..<done + count])
            filled += count
            done += count
            produce(into: &output)
        }
    }

    /// Appends the outputs that lie so close to the end that they needed to know it.
    package mutating func finish(into output: inout [Float]) {
        guard taps.inputRate != Self.rate else { return }
        makeRoom(for: taps.reach)
        for index in 0..<taps.reach { window[filled + index] = 0 }
        filled += taps.reach
        produce(into: &output)
    }

    /// Outputs `first` and following, once more and in double precision.
    ///
    /// - Parameters:
    ///   - first: An output of the last call, or at most ``exactReach`` before them.
    ///   - samples: Receives as many outputs as it has elements; those that do not exist are 0.
    package func recompute(from first: Int, into samples: inout [Double]) {
        for index in samples.indices {
            let output = first + index
            let (place, phase) = (output * taps.step).quotientAndRemainder(dividingBy: taps.phaseCount)
            let start = place - taps.reach + 1 - origin
            samples[index] = output < outputCount ? taps.exactOutput(of: window, at: start, phase: phase) : 0
        }
    }

    private mutating func makeRoom(for count: Int) {
        guard filled + count + taps.rowLength > window.count else { return }
        let oldest = max(0, next - history)
        for index in oldest..<filled { window[index - oldest] = window[index] }
        filled -= oldest
        next -= oldest
        origin += oldest
    }

    /// Computes all outputs whose taps fall on samples that are there.
    private mutating func produce(into output: inout [Float]) {
        inputPeak = unsafe timbre_peak(window, filled)
        let last = filled - 2 * taps.reach
        guard next <= last else { return }
        let (phases, step) = (taps.phaseCount, taps.step)
        let count = ((last + 1 - next) * phases - phase + step - 1) / step
        guard count > 0 else { return }
        let before = output.count
        output.append(contentsOf: repeatElement(0, count: count))
        unsafe output.withUnsafeMutableBufferPointer { output in
            let room = unsafe output.baseAddress! + before
            unsafe window.withUnsafeBufferPointer { window in
                let input = unsafe window.baseAddress! + next
                if taps.isExact {
                    unsafe timbre_filter(input, taps.rows, taps.rowLength, phase, phases, step, room, count)
                } else {
                    unsafe timbre_filter_between(
                        input, taps.rows, taps.rowLength, ResamplerTaps.sparseRowCount, phase, phases, step, room, count
                    )
                }
            }
        }
        let position = phase + count * step
        next += position / phases
        phase = position % phases
        outputCount += count
    }
}
