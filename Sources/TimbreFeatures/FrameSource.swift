/// Where samples come from, for the frames in which their rounding to single precision would show.
package protocol FrameSource: ~Copyable {
    /// The size of the numbers in whose rounding the last samples' error lies; 0 if they are exact.
    var inputPeak: Float { get }

    /// The same for so many samples, which are among those that ``recompute(from:into:)`` can compute.
    func inputPeak(from first: Int, count: Int) -> Float

    /// Computes samples once more, in double precision: the last ones given, or up to a frame before them.
    ///
    /// - Parameters:
    ///   - first: The place in the whole sound of the first one.
    ///   - samples: Receives as many samples as it has elements, zeros behind the sound's end.
    func recompute(from first: Int, into samples: inout [Double])
}

/// Samples that were not rounded.
package struct ExactSource: FrameSource {
    package init() {}

    package var inputPeak: Float { 0 }

    package func inputPeak(from first: Int, count: Int) -> Float { 0 }

    package func recompute(from first: Int, into samples: inout [Double]) {
        preconditionFailure("samples that are exact need not be computed again")
    }
}
