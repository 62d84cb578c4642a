import TimbreCodes
import TimbreIndex
import TimbreStore

extension CodeRecord {
    /// The spans, the empty ones included.
    package var timbreSpans: [TimbreSpan] { Self.timbreSpans(spans) }

    /// Reads spans as the catalog keeps them, 16 bytes each.
    package static func timbreSpans(_ bytes: [UInt8]) -> [TimbreSpan] {
        stride(from: 0, to: bytes.count - bytes.count % 16, by: 16).enumerated().compactMap { number, start in
            TimbreCode(bytes: bytes[start..<start + 16]).map { TimbreSpan(number: number, code: $0) }
        }
    }

    /// The first byte of a missing vector: components are never less than −127.
    private static let absent = UInt8(bitPattern: -128)

    /// A vector, or a missing one, in the form that the catalog keeps.
    package static func bytes(of vector: TimbreVector?) -> [UInt8] {
        vector?.bytes ?? [UInt8](repeating: absent, count: vectorStride)
    }

    /// The vector of the whole sound; nil if it has none.
    package var vector: TimbreVector? { vector(0) }

    /// Reads a vector by its place: 0 is that of the whole sound, the spans follow.
    private func vector(_ place: Int) -> TimbreVector? {
        let stride = vectors.count / (spans.count / 16 + 1)
        let start = place * stride
        guard start + stride <= vectors.count, stride > 0, vectors[start] != Self.absent else { return nil }
        return TimbreVector(bytes: vectors[start..<start + stride])
    }

    /// The spans that are not empty, with their vectors.
    package var indexedSpans: [IndexedSpan] {
        timbreSpans.compactMap { span in
            span.isEmpty ? nil : IndexedSpan(span, vector: vector(span.number + 1))
        }
    }
}

extension IndexRow {
    /// The codes and vectors; those of the frames are not read.
    package var code: CodeRecord { CodeRecord(spans: spans, frames: [], vectors: vectors) }
}

extension SpanPooling {
    /// The frames of each span of a sound, given its number of frames.
    package static func ranges(of frameCount: Int) -> [Range<Int>] {
        stride(from: 0, to: frameCount, by: framesPerSpan).map { $0..<min($0 + framesPerSpan, frameCount) }
    }
}
