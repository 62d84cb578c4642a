import SoundFeatures

/// Cuts a stream of samples into frames and analyzes them (D4 of the timbre code's definition).
///
/// A frame is 1024 samples, one every 512; the last is padded with zeros, so that every sample is in a frame and no
/// frame is all padding. The result does not depend on the size of the pieces in which the samples come.
package struct FrameStream: ~Copyable {
    /// Samples from one frame to the next, 23.2 ms.
    package static let hop = FeatureFrames.hop

    private var analyzer = FrameAnalyzer()
    /// Samples that belong to frames still to come.
    private var pending: [Float] = []
    /// A frame's samples, more exactly.
    private var exact = [Double](repeating: 0, count: Spectrum.frameLength)
    private var sampleCount = 0
    private var frameCount = 0
    /// Samples of silence that were left out.
    private var skippedCount = 0
    private var isBegun = false

    /// Whether a sound counts as beginning where its silence ends, at the first sample of −80 dB of full scale or more;
    /// one that is silent throughout then has no frames. Set it between sounds.
    package var skipsSilence = false
    /// Samples of silence that are put in front of a sound, so that frames begin elsewhere in it: at most a frame's. Set it
    /// between sounds, and not together with ``skipsSilence``.
    package var delay = 0

    package init() {}

    /// How many frames a number of samples gives.
    package static func frameCount(of samples: Int) -> Int {
        samples == 0 ? 0 : 1 + max(0, (samples - Spectrum.frameLength + hop - 1) / hop)
    }

    /// Takes in samples at 22 050 Hz, and hands on the features of each frame that they complete.
    ///
    /// - Parameters:
    ///   - source: Where the samples come from.
    ///   - body: Gets one frame after the other.
    package mutating func take<Failure: Error>(
        _ samples: [Float], from source: borrowing some FrameSource & ~Copyable,
        _ body: (borrowing FrameFeatures) throws(Failure) -> Void
    ) throws(Failure) {
        if skipsSilence && !isBegun {
            let silent = samples.firstIndex { abs($0) >= FrameAnalyzer.silence } ?? samples.count
            skippedCount += silent
            guard silent < samples.count else { return }
            pending += samples[silent...]
            sampleCount += samples.count - silent
        } else {
            if !isBegun, !samples.isEmpty {
                pending += repeatElement(0, count: delay)
                sampleCount += delay
            }
            pending += samples
            sampleCount += samples.count
        }
        isBegun = isBegun || !samples.isEmpty
        var start = 0
        while start + Spectrum.frameLength <= pending.count {
            analyze(at: start, source)
            start += Self.hop
            try body(analyzer.features)
        }
        pending.removeFirst(start)
    }

    /// Hands on the features of the last frame, if there is one that lacks samples; the next sound can follow.
    package mutating func finish<Failure: Error>(
        from source: borrowing some FrameSource & ~Copyable, _ body: (borrowing FrameFeatures) throws(Failure) -> Void
    ) throws(Failure) {
        defer { reset() }
        guard frameCount < Self.frameCount(of: sampleCount) else { return }
        pending += repeatElement(0, count: Spectrum.frameLength - pending.count)
        analyze(at: 0, source)
        try body(analyzer.features)
    }

    private mutating func analyze(at start: Int, _ source: borrowing some FrameSource & ~Copyable) {
        analyzer.analyze(pending, from: start)
        // What is loud near the frame is looked for only where what was loud at all would matter.
        let place = frameCount * Self.hop - delay
        let (first, silence) = (skippedCount + max(0, place), max(0, -place))
        if analyzer.isCoarse(roundedFrom: source.inputPeak),
            analyzer.isCoarse(roundedFrom: source.inputPeak(from: first, count: Spectrum.frameLength - silence))
        {
            if source.inputPeak == 0 {
                for index in exact.indices { exact[index] = Double(pending[start + index]) }
            } else if silence == 0 {
                source.recompute(from: first, into: &exact)
            } else {
                var rest = [Double](repeating: 0, count: Spectrum.frameLength - silence)
                source.recompute(from: first, into: &rest)
                exact = Array(repeating: 0, count: silence) + rest
            }
            analyzer.refine(exact)
        }
        frameCount += 1
    }

    /// Forgets what was taken in: the next samples are the first of a sound.
    package mutating func reset() {
        pending.removeAll(keepingCapacity: true)
        (sampleCount, frameCount, skippedCount) = (0, 0, 0)
        isBegun = false
    }
}

/// Where samples come from, for the frames in which their rounding to single precision would show.
package protocol FrameSource: ~Copyable {
    /// The size of the numbers in whose rounding the last samples' error lies; 0 if they are exact.
    var inputPeak: Float { get }

    /// The same for a range of samples, which are among those that ``recompute(from:into:)`` can compute.
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
