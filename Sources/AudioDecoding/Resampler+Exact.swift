import CTimbreKernels

/// What was made lately, known more exactly.
extension Resampler {
    /// The largest absolute value among the inputs on which some outputs depend, of those that
    /// ``recompute(from:into:)`` can compute; 0 if samples pass unchanged.
    package func inputPeak(from first: Int, count: Int) -> Float {
        guard taps.inputRate != Self.rate else { return 0 }
        func place(_ output: Int) -> Int { output * taps.step / taps.phaseCount - origin }
        let range = (max(0, place(first) - spread)..<max(0, place(first + count) + spread)).clamped(to: 0..<filled)
        return unsafe window.withUnsafeBufferPointer { window in
            unsafe timbre_peak(window.baseAddress! + range.lowerBound, range.count)
        }
    }

    /// Outputs `first` and following, once more and in double precision.
    ///
    /// - Parameters:
    ///   - first: An output of the last call, or at most ``exactReach`` before them.
    ///   - samples: Receives as many outputs as it has elements; those that do not exist are 0.
    package func recompute(from first: Int, into samples: inout [Double]) {
        guard taps.phaseCount > 1 else {
            let count = max(0, min(samples.count, outputCount - first))
            taps.exactOutputs(of: window, at: first * taps.step - taps.reach + 1 - origin, count, into: &samples)
            for index in count..<samples.count { samples[index] = 0 }
            return
        }
        for index in samples.indices {
            let output = first + index
            let (place, phase) = (output * taps.step).quotientAndRemainder(dividingBy: taps.phaseCount)
            let start = place - taps.reach + 1 - origin
            samples[index] = output < outputCount ? taps.exactOutput(of: window, at: start, phase: phase) : 0
        }
    }
}
