import CTimbreKernels

/// Converts a stream of samples to ``rate``, without delay.
///
/// Of n samples it makes ceil(n · 22050 / input rate): all whose time lies inside the input. The result does not depend
/// on the size of the pieces in which the input comes. Samples already at ``rate`` pass unchanged.
package struct Resampler: ~Copyable {
    /// Hertz of the output.
    package static let rate = 22_050

    let taps: ResamplerTaps
    private let room: OverlapSave.Room?
    /// What outputs still to come may need of the input: silence before the first sample, then samples.
    private(set) var window: [Float]
    /// Samples in `window`.
    private(set) var filled: Int
    /// The place in the input of the first sample in `window`.
    private(set) var origin: Int
    /// Where the first tap of the next output falls in `window`.
    private var next = 0
    /// Outputs made so far.
    private(set) var outputCount = 0
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
    /// How far the rounding of an input can show, in inputs.
    let spread: Int
    /// Inputs in front of an output that are reached for it.
    private let before: Int

    package init(_ taps: ResamplerTaps) {
        self.taps = taps
        // The kernel reads whole rows: the zeros that pad them meet samples that must exist.
        spread = taps.overlapSave?.inputLength ?? taps.rowLength
        history = Self.exactReach * taps.step / taps.phaseCount + 2 * taps.rowLength + spread
        let ahead = max(2 * taps.rowLength, spread)
        before = taps.overlapSave?.lead ?? taps.reach - 1
        window = Array(repeating: 0, count: Self.block + history + 2 * ahead)
        filled = before
        origin = -before
        room = taps.overlapSave?.makeRoom()
    }

    /// Takes in the next samples and appends what they make possible.
    ///
    /// - Complexity: O(*n* · taps); allocates only where `output` has no capacity left.
    package mutating func process(_ input: [Float], into output: inout [Float]) {
        process(input, count: input.count, into: &output)
    }

    /// Takes in the first so many samples of an array.
    package mutating func process(_ input: [Float], count inputCount: Int, into output: inout [Float]) {
        precondition(inputCount <= input.count)
        guard taps.inputRate != Self.rate else {
            output += input.prefix(inputCount)
            return
        }
        var done = 0
        while done < inputCount {
            let count = min(Self.block, inputCount - done)
            makeRoom(for: count)
            unsafe input.withUnsafeBufferPointer { input in
                unsafe window.withUnsafeMutableBufferPointer { window in
                    let target = unsafe window.baseAddress! + filled
                    unsafe target.update(from: input.baseAddress! + done, count: count)
                }
            }
            filled += count
            done += count
            produce(into: &output)
        }
    }

    /// Appends the outputs that lie so close to the end that they needed to know it.
    package mutating func finish(into output: inout [Float]) {
        guard taps.inputRate != Self.rate else { return }
        guard let overlapSave = taps.overlapSave else {
            pad(taps.reach)
            return produce(into: &output)
        }
        let inputCount = origin + filled
        let rest = (inputCount + overlapSave.factor - 1) / overlapSave.factor - outputCount
        pad(overlapSave.inputLength)
        produceBlocks(overlapSave, atMost: rest, into: &output)
    }

    /// Takes in silence.
    private mutating func pad(_ count: Int) {
        makeRoom(for: count)
        for index in 0..<count { window[filled + index] = 0 }
        filled += count
    }

    private mutating func makeRoom(for count: Int) {
        guard filled + count + taps.rowLength > window.count else { return }
        let oldest = max(0, next - history)
        unsafe window.withUnsafeMutableBufferPointer { window in
            let start = window.baseAddress!
            unsafe start.update(from: start + oldest, count: filled - oldest)
        }
        filled -= oldest
        next -= oldest
        origin += oldest
    }

    /// Computes all outputs whose taps fall on samples that are there.
    private mutating func produce(into output: inout [Float]) {
        if let overlapSave = taps.overlapSave { return produceBlocks(overlapSave, atMost: .max, into: &output) }
        let last = filled - 2 * taps.reach
        guard next <= last else { return }
        let (phases, step) = (taps.phaseCount, taps.step)
        let count = ((last + 1 - next) * phases - phase + step - 1) / step
        guard count > 0 else { return }
        inputPeak = unsafe timbre_peak(window, filled)
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

    /// Computes the outputs of all blocks that are there.
    private mutating func produceBlocks(_ filter: OverlapSave, atMost most: Int, into output: inout [Float]) {
        if most > 0, next + filter.inputLength <= filled { inputPeak = unsafe timbre_peak(window, filled) }
        var rest = most
        while rest > 0, next + filter.inputLength <= filled {
            let count = min(rest, filter.outputCount)
            switch room {
            case .some(let room):
                filter.filter(window.span.extracting(next..<next + filter.inputLength), count, into: &output, room)
            case .none: preconditionFailure("a filter has room")
            }
            next += count * filter.factor
            outputCount += count
            rest -= count
        }
    }
}
