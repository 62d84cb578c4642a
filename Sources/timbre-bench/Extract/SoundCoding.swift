import SoundExtraction
import SystemPackage
import TimbreCoding
import TimbreExtraction
import TimbreFeatures

/// What becomes of a sound's features under a model.
struct SoundCoding {
    let coder: FrameCoder
    let transform: TimbreTransform?

    init(_ model: TimbreModel) {
        coder = FrameCoder(model)
        transform = model.transform
    }

    /// The codes of a sound's spans.
    func spans(of frames: FeatureFrames) -> [TimbreSpan] { SpanPooling.pool(coder.codes(of: frames.cepstra)) }

    /// The vectors of a sound as a whole and of its spans.
    func vectors(of frames: FeatureFrames) -> [TimbreVector?] {
        guard let transform else { return [] }
        let described = FrameDescriptors(bands: frames.bands)
        let spans = stride(from: 0, to: described.count, by: SpanPooling.framesPerSpan).map { start in
            start..<min(start + SpanPooling.framesPerSpan, described.count)
        }
        let whole = described.descriptor().map { transform.vector(of: $0.values) }
        if spans.count == 1 { return [whole, whole] }
        return [whole] + spans.map { range in described.descriptor(of: range).map { transform.vector(of: $0.values) } }
    }

    /// Takes a file the whole way.
    func process(_ path: FilePath, _ extractor: inout Extractor) throws {
        let file = try FileDescriptor.open(path, .readOnly)
        defer { Stopwatch.close(file) }
        var frames = FeatureFrames()
        _ = try extractor.extract(file, longest: .infinity) { frames.append($0) }
        keep(try Extractor.hash(file))
        keep(spans(of: frames))
        keep(vectors(of: frames))
    }
}

/// Uses a result, so that it cannot be left out.
@inline(never) func keep<Result>(_ result: Result) {}
