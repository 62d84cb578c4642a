import CTimbreKernels
import SoundFeatures

/// Converts a stream of samples to ``rate``, without delay.
///
/// Of n samples it makes ceil(n · 22050 / input rate): all whose time lies inside the input. The result does not depend
/// on the size of the pieces in which the input comes. Samples already at ``rate`` pass unchanged.
package struct Resampler: ~Copyable {
    /// Hertz of the output.
    package static let rate = FeatureFrames.sampleRate

    let taps: ResamplerTaps
    private let room: OverlapSave.Room?
    private var window: InputWindow
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
    package static let exactReach = FeatureFrames.frameLength
    /// How far the rounding of an input can show, in inputs.
    private let spread: Int

    package init(_ taps: ResamplerTaps) {
        self.taps = taps
        // The kernel reads whole rows: the zeros that pad them meet samples that must exist.
        spread = taps.overlapSave?.inputLength ?? taps.rowLength
        window = InputWindow(
            before: taps.overlapSave?.lead ?? taps.reach - 1,
            history: Self.exactReach * taps.step / taps.phaseCount + 2 * taps.rowLength + spread,
            ahead: Self.block + 2 * max(2 * taps.rowLength, spread), padding: taps.rowLength)
        room = taps.overlapSave?.makeRoom()
    }

    /// Takes in the next samples and appends what they make possible.
    ///
    /// - Complexity: O(*n* · taps); allocates only where `output` has no capacity left.
    package mutating func process(_ input: [Float], into output: inout [Float]) {
        process(input, count: input.count, into: &output)
    }

    /// Takes in the first `inputCount` samples of an array.
    package mutating func process(_ input: [Float], count inputCount: Int, into output: inout [Float]) {
        precondition(inputCount <= input.count)
        guard taps.inputRate != Self.rate else {
            output += input.prefix(inputCount)
            return
        }
        var done = 0
        while done < inputCount {
            let count = min(Self.block, inputCount - done)
            window.append(input, from: done, count: count)
            done += count
            produce(into: &output)
        }
    }

    /// Appends the outputs that lie so close to the end that they needed to know it.
    package mutating func finish(into output: inout [Float]) {
        guard taps.inputRate != Self.rate else { return }
        guard let overlapSave = taps.overlapSave else {
            window.appendSilence(taps.reach)
            return produce(into: &output)
        }
        let inputCount = window.origin + window.filled
        let rest = (inputCount + overlapSave.factor - 1) / overlapSave.factor - outputCount
        window.appendSilence(overlapSave.inputLength)
        produceBlocks(overlapSave, atMost: rest, into: &output)
    }

    /// Computes all outputs whose taps fall on samples that are there.
    private mutating func produce(into output: inout [Float]) {
        if let overlapSave = taps.overlapSave { return produceBlocks(overlapSave, atMost: .max, into: &output) }
        let last = window.filled - 2 * taps.reach
        guard window.next <= last else { return }
        let (phases, step) = (taps.phaseCount, taps.step)
        let count = ((last + 1 - window.next) * phases - phase + step - 1) / step
        guard count > 0 else { return }
        inputPeak = window.peak(0..<window.filled)
        let before = output.count
        output.append(contentsOf: repeatElement(0, count: count))
        unsafe output.withUnsafeMutableBufferPointer { output in
            let room = unsafe output.baseAddress! + before
            unsafe window.samples.withUnsafeBufferPointer { samples in
                let input = unsafe samples.baseAddress! + window.next
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
        window.next += position / phases
        phase = position % phases
        outputCount += count
    }

    /// Computes the outputs of all blocks that are there.
    private mutating func produceBlocks(_ filter: OverlapSave, atMost most: Int, into output: inout [Float]) {
        func isThere() -> Bool { window.next + filter.inputLength <= window.filled }
        if most > 0, isThere() { inputPeak = window.peak(0..<window.filled) }
        var rest = most
        while rest > 0, isThere() {
            let count = min(rest, filter.outputCount)
            switch room {
            case .some(let room):
                let input = window.samples.span.extracting(window.next..<window.next + filter.inputLength)
                filter.filter(input, count, into: &output, room)
            case .none: preconditionFailure("a filter has room")
            }
            window.next += count * filter.factor
            outputCount += count
            rest -= count
        }
    }

    /// The largest absolute value among the inputs on which some outputs depend, of those that
    /// ``recompute(from:into:)`` can compute; 0 if samples pass unchanged.
    package func inputPeak(from first: Int, count: Int) -> Float {
        guard taps.inputRate != Self.rate else { return 0 }
        func place(_ output: Int) -> Int { output * taps.step / taps.phaseCount - window.origin }
        let range = max(0, place(first) - spread)..<max(0, place(first + count) + spread)
        return window.peak(range.clamped(to: 0..<window.filled))
    }

    /// Outputs `first` and following, once more and in double precision.
    ///
    /// - Parameters:
    ///   - first: An output of the last call, or at most ``exactReach`` before them.
    ///   - samples: Receives as many outputs as it has elements; those that do not exist are 0.
    package func recompute(from first: Int, into samples: inout [Double]) {
        guard taps.phaseCount > 1 else {
            let count = max(0, min(samples.count, outputCount - first))
            let start = first * taps.step - taps.reach + 1 - window.origin
            taps.exactOutputs(of: window.samples, at: start, count, into: &samples)
            for index in count..<samples.count { samples[index] = 0 }
            return
        }
        for index in samples.indices {
            let output = first + index
            let (place, phase) = (output * taps.step).quotientAndRemainder(dividingBy: taps.phaseCount)
            let start = place - taps.reach + 1 - window.origin
            samples[index] = output < outputCount ? taps.exactOutput(of: window.samples, at: start, phase: phase) : 0
        }
    }
}
