import CTimbreKernels

/// The stretch of a resampler's input that outputs may still need: silence before the first sample, then samples.
struct InputWindow {
    /// The samples, of which the first ``filled`` count; what follows is old, or zeros.
    private(set) var samples: [Float]
    private(set) var filled: Int
    /// The place in the input of the first sample.
    private(set) var origin: Int
    /// Where the first tap of the next output falls in ``samples``.
    var next = 0

    /// Inputs that are kept behind ``next``.
    private let history: Int
    /// Elements that are left unfilled at the end, which kernels may read.
    private let padding: Int

    /// - Parameters:
    ///   - before: Inputs in front of an output that are reached for it.
    ///   - history: Inputs that are kept for outputs that have been made.
    ///   - ahead: Room for inputs of outputs that have not been made.
    ///   - padding: Elements behind the last input that a kernel may read.
    init(before: Int, history: Int, ahead: Int, padding: Int) {
        samples = Array(repeating: 0, count: history + ahead)
        (filled, origin) = (before, -before)
        (self.history, self.padding) = (history, padding)
    }

    /// Takes in the samples of an array from one on.
    mutating func append(_ input: [Float], from start: Int, count: Int) {
        precondition(start + count <= input.count)
        makeRoom(for: count)
        unsafe input.withUnsafeBufferPointer { input in
            unsafe samples.withUnsafeMutableBufferPointer { samples in
                let target = unsafe samples.baseAddress! + filled
                unsafe target.update(from: input.baseAddress! + start, count: count)
            }
        }
        filled += count
    }

    /// Takes in silence.
    mutating func appendSilence(_ count: Int) {
        makeRoom(for: count)
        for index in 0..<count { samples[filled + index] = 0 }
        filled += count
    }

    private mutating func makeRoom(for count: Int) {
        guard filled + count + padding > samples.count else { return }
        let oldest = max(0, next - history)
        unsafe samples.withUnsafeMutableBufferPointer { samples in
            let start = samples.baseAddress!
            unsafe start.update(from: start + oldest, count: filled - oldest)
        }
        filled -= oldest
        next -= oldest
        origin += oldest
    }

    /// The largest absolute value in a part of ``samples``.
    func peak(_ range: Range<Int>) -> Float {
        precondition(range.upperBound <= filled)
        return unsafe samples.withUnsafeBufferPointer { samples in
            unsafe timbre_peak(samples.baseAddress! + range.lowerBound, range.count)
        }
    }
}
