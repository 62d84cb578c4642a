import ContentHash
import TimbreCoding
import TimbreStore

/// One model as the daemon uses it: its number in the catalog, and the coder made for it.
package final class Generation: Sendable {
    /// The number under which the catalog keeps the model and its codes.
    package let id: Int64
    package let model: TimbreModel
    package let coder: FrameCoder
    /// How far apart random sounds are: what the model says, or else what was measured in the library.
    package let calibration: Calibration?

    package init(id: Int64, model: TimbreModel, measured: Calibration? = nil) {
        self.id = id
        self.model = model
        coder = FrameCoder(model)
        calibration = model.calibration ?? measured
    }

    /// Codes a content's frames and pools them.
    package func code(_ cepstra: [UInt8]) -> CodeRecord {
        let frames = coder.codes(of: cepstra)
        return CodeRecord(spans: SpanPooling.pool(frames).flatMap(\.code.bytes), frames: frames)
    }
}

extension CodeRecord {
    /// The spans, the empty ones included.
    package var timbreSpans: [TimbreSpan] { Self.timbreSpans(spans) }

    /// Reads spans as the catalog keeps them, 16 bytes each.
    package static func timbreSpans(_ bytes: [UInt8]) -> [TimbreSpan] {
        stride(from: 0, to: bytes.count - bytes.count % 16, by: 16).enumerated().compactMap { number, start in
            TimbreCode(bytes: bytes[start..<start + 16]).map { TimbreSpan(number: number, code: $0) }
        }
    }
}
