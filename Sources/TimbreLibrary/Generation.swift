import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreStore

/// One model as the daemon uses it: its number in the catalog, and the coder made for it.
package final class Generation: Sendable {
    /// The number under which the catalog keeps the model and its codes.
    package let id: Int64
    package let model: TimbreModel
    package let coder: FrameCoder
    /// How far apart random sounds are: as the model says or, where it does not, as measured in the library.
    package let calibration: Calibration?

    /// - Parameter measured: Replaces the model's calibration.
    package init(id: Int64, model: TimbreModel, measured: Calibration? = nil) {
        self.id = id
        self.model = model
        coder = FrameCoder(model)
        calibration = measured ?? model.calibration
    }

    /// Whether sounds have timbre vectors under the model.
    package var hasVectors: Bool { model.metric != nil }

    /// Whether they come from a network, and not from the transform of earlier versions.
    package var hasNetwork: Bool { model.network != nil }

    /// The stored features of a content.
    package struct Features: Sendable {
        /// In the form of ``FeatureFrames/cepstra``.
        package var cepstra: [UInt8]
        /// In the form of ``FeatureFrames/bands``; unused if the model makes no vectors.
        package var bands: [UInt8]

        package init(cepstra: [UInt8], bands: [UInt8]) {
            self.cepstra = cepstra
            self.bands = bands
        }
    }

    /// Codes the frames of some contents and pools them, and makes their timbre vectors.
    ///
    /// - Complexity: O(*n*) in the frames; coding several contents at once is faster than one by one.
    package func codes(of contents: [Features]) -> [CodeRecord] {
        let vectors = vectors(of: contents)
        return zip(contents, vectors).map { content, vectors in
            let frames = coder.codes(of: content.cepstra)
            return CodeRecord(
                spans: SpanPooling.pool(frames).flatMap(\.code.bytes), frames: frames, vectors: vectors)
        }
    }

    /// Bytes of features that are coded at once: long recordings have many.
    private static let batchSize = 8 << 20

    /// Codes contents from their stored features.
    ///
    /// - Parameter other: A generation of the same metric, whose vectors are reused where it has them.
    package func codes(
        of contents: [Int64], vectorsOf other: Int64? = nil, _ reader: CatalogReader
    ) throws -> [CodeRecord] {
        if let other { return try contents.map { try code(of: $0, vectorsOf: other, reader) } }
        var (codes, batch, size): ([CodeRecord], [Features], Int) = ([], [], 0)
        for content in contents {
            let features = try features(of: content, reader)
            batch.append(features)
            size += features.cepstra.count + features.bands.count
            if size < Self.batchSize { continue }
            codes += self.codes(of: batch)
            (batch, size) = ([], 0)
        }
        return codes + self.codes(of: batch)
    }

    private func code(of content: Int64, vectorsOf other: Int64, _ reader: CatalogReader) throws -> CodeRecord {
        guard let known = try reader.code(of: content, model: other), !known.vectors.isEmpty else {
            return try code(of: content, reader)
        }
        let frames = coder.codes(of: try reader.cepstra(of: content))
        return CodeRecord(
            spans: SpanPooling.pool(frames).flatMap(\.code.bytes), frames: frames, vectors: known.vectors)
    }

    package func code(of content: Int64, _ reader: CatalogReader) throws -> CodeRecord {
        try codes(of: [content], reader)[0]
    }

    package func features(of content: Int64, _ reader: CatalogReader) throws -> Features {
        Features(
            cepstra: try reader.cepstra(of: content), bands: hasVectors ? try reader.bands(of: content) : [])
    }

    /// The timbre vectors of whole sounds and of each of their spans, as the catalog keeps them.
    private func vectors(of contents: [Features]) -> [[UInt8]] {
        guard let metric = model.metric else { return contents.map { _ in [] } }
        let requests = contents.map { content in
            let count = content.bands.count / FeatureFrames.bandStride
            let spans = SpanPooling.ranges(of: count)
            // A sound of one span has the same vector as the span.
            return TimbreMetric.Request(bands: content.bands, parts: [0..<count] + (spans.count == 1 ? [] : spans))
        }
        return zip(contents, metric.vectors(of: requests)).map { content, vectors in
            let bytes = vectors.flatMap { CodeRecord.bytes(of: $0) }
            let isOneSpan = (1...SpanPooling.framesPerSpan).contains(content.bands.count / FeatureFrames.bandStride)
            return isOneSpan ? bytes + bytes : bytes
        }
    }

    /// A squared distance of two vectors, in the metric's own unit.
    package func distance(fromSquared squared: Double) -> Double {
        model.metric?.distance(fromSquared: squared) ?? squared.squareRoot()
    }

    /// A distance in the metric's own unit, as a squared distance of two vectors.
    package func squared(fromDistance distance: Double) -> Double {
        model.metric?.squared(fromDistance: distance) ?? distance * distance
    }
}
