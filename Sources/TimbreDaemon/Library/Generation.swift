import ContentHash
import TimbreCoding
import TimbreStore

/// One model as the daemon uses it: its number in the catalog, and the coder made for it.
package final class Generation: Sendable {
    /// The number under which the catalog keeps the model and its codes.
    package let id: Int64
    package let model: TimbreModel
    package let coder: FrameCoder
    /// How far apart random sounds are: what the model says, and what it does not say as it was measured in the library.
    package let calibration: Calibration?

    /// - Parameter measured: What takes the place of the model's calibration.
    package init(id: Int64, model: TimbreModel, measured: Calibration? = nil) {
        self.id = id
        self.model = model
        coder = FrameCoder(model)
        calibration = measured ?? model.calibration
    }

    /// Whether sounds have timbre vectors under the model.
    package var hasVectors: Bool { model.transform != nil }

    /// Codes a content's frames and pools them, and makes its timbre vectors.
    ///
    /// - Parameters:
    ///   - cepstra: In the form of ``FeatureFrames/cepstra``.
    ///   - bands: In the form of ``FeatureFrames/bands``; they are not looked at if the model makes no vectors.
    package func code(cepstra: [UInt8], bands: [UInt8]) -> CodeRecord {
        let frames = coder.codes(of: cepstra)
        return CodeRecord(
            spans: SpanPooling.pool(frames).flatMap(\.code.bytes), frames: frames, vectors: vectors(bands))
    }

    /// Codes a content from its stored features.
    package func code(of content: Int64, _ reader: CatalogReader) throws -> CodeRecord {
        code(cepstra: try reader.cepstra(of: content), bands: hasVectors ? try reader.bands(of: content) : [])
    }

    /// The timbre vectors of a whole sound and of each of its spans, as the catalog keeps them.
    private func vectors(_ bands: [UInt8]) -> [UInt8] {
        guard hasVectors else { return [] }
        let described = FrameDescriptors(bands: bands)
        let spans = SpanPooling.ranges(of: described.count)
        let whole = CodeRecord.bytes(of: vector(of: 0..<described.count, described))
        // A sound of one span is the same as its span.
        if spans.count == 1 { return whole + whole }
        return whole + spans.flatMap { CodeRecord.bytes(of: vector(of: $0, described)) }
    }

    /// The timbre vector of some frames; nil if nothing sounds in them, or the model makes none.
    package func vector(of frames: Range<Int>, _ described: FrameDescriptors) -> TimbreVector? {
        guard let transform = model.transform else { return nil }
        return described.descriptor(of: frames).map { transform.vector(of: $0.values) }
    }

    /// The metric's own value of a squared distance of two vectors.
    package func distance(fromSquared squared: Double) -> Double {
        squared.squareRoot() * Double(model.transform?.step ?? 1)
    }

    /// The squared distance of two vectors that has this value in the metric's own unit.
    package func squared(fromDistance distance: Double) -> Double {
        let steps = distance / Double(model.transform?.step ?? 1)
        return steps * steps
    }
}
