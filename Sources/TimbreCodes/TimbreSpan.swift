import SoundFeatures

/// The code of 30 frames of a sound, about 0.7 seconds.
package struct TimbreSpan: Hashable, Sendable {
    /// Which span of its sound this is, from 0. Spans without any bit are counted, too.
    package var number: Int
    /// The timbres that occur in the span.
    package var code: TimbreCode

    package init(number: Int, code: TimbreCode) {
        self.number = number
        self.code = code
    }

    /// Whether all frames of the span are silent. Such a span is reported, but neither indexed nor found.
    package var isEmpty: Bool { code.isEmpty }

    /// When the span begins, in seconds.
    package var start: Double {
        Double(number * SpanPooling.framesPerSpan * SpanPooling.hop) / SpanPooling.sampleRate
    }

    /// When the span ends, in seconds.
    ///
    /// - Parameter sampleCount: The samples of the whole sound, at 22 050 Hz.
    package func end(sampleCount: Int) -> Double {
        let lastFrame = number * SpanPooling.framesPerSpan + SpanPooling.framesPerSpan - 1
        let end = min(lastFrame * SpanPooling.hop + SpanPooling.frameLength, sampleCount)
        return Double(end) / SpanPooling.sampleRate
    }
}

/// Gathers the codes of frames into the codes of spans.
///
/// A span pools 30 frames: each of its bits is on when at least one of the frames has that code. The last span may have
/// fewer frames.
package enum SpanPooling {
    /// Frames that a span pools.
    package static let framesPerSpan = 30
    /// Samples from the start of one frame to the start of the next.
    package static let hop = FeatureFrames.hop
    /// Samples in a frame.
    package static let frameLength = FeatureFrames.frameLength
    /// Samples per second, in hertz.
    package static let sampleRate = Double(FeatureFrames.sampleRate)
    /// The code of a silent frame, which sets no bit.
    package static let silent: UInt8 = 255

    /// Pools all frames of a sound, in order.
    ///
    /// - Parameter codes: The code of each frame, 0 to 127, or ``SpanPooling/silent``.
    /// - Returns: One span for each 30 frames begun, the empty ones included.
    package static func pool(_ codes: ArraySlice<UInt8>) -> [TimbreSpan] {
        var spans: [TimbreSpan] = []
        spans.reserveCapacity((codes.count + framesPerSpan - 1) / framesPerSpan)
        for (frame, code) in codes.enumerated() {
            if frame % framesPerSpan == 0 { spans.append(TimbreSpan(number: spans.count, code: .empty)) }
            if code != SpanPooling.silent { spans[spans.count - 1].code.insert(Int(code)) }
        }
        return spans
    }

    package static func pool(_ codes: [UInt8]) -> [TimbreSpan] { pool(codes[...]) }

    /// Pools the part of a sound between two times, 30 frames at a time from the first of the part.
    ///
    /// - Parameters:
    ///   - codes: The code of each frame of the whole sound.
    ///   - start: In seconds; the part begins with the first frame that starts then or later.
    ///   - end: In seconds; the part ends before the first frame that starts then or later.
    /// - Returns: Spans that are numbered from the start of the part; none if no frame starts in it.
    package static func pool(_ codes: [UInt8], from start: Double, to end: Double) -> [TimbreSpan] {
        pool(codes[frames(from: start, to: end, of: codes.count)])
    }

    /// The frames of a sound that start at or after one time and before another.
    package static func frames(from start: Double, to end: Double, of count: Int) -> Range<Int> {
        let first = firstFrame(startingAt: start, of: count)
        return first..<max(first, firstFrame(startingAt: end, of: count))
    }

    private static func firstFrame(startingAt time: Double, of count: Int) -> Int {
        let frame = (time * sampleRate / Double(hop)).rounded(.up)
        return frame < Double(count) ? max(0, Int(frame)) : count
    }

    /// When a frame begins, in seconds from the beginning of the sound.
    package static func start(ofFrame frame: Int) -> Double { Double(frame * hop) / sampleRate }

    /// When a frame ends, in seconds from the beginning of the sound.
    ///
    /// - Parameter sampleCount: The samples of the whole sound, at 22 050 Hz.
    package static func end(ofFrame frame: Int, sampleCount: Int) -> Double {
        Double(min(frame * hop + frameLength, sampleCount)) / sampleRate
    }
}
