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
