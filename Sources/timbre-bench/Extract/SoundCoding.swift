import SoundExtraction
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreFeatures

/// What becomes of sounds' features under a model.
struct SoundCoding {
    /// Files that are taken together, as many as the daemon takes from its workers in one turn.
    static let batch = 64

    let coder: FrameCoder
    let metric: TimbreMetric?

    init(_ model: TimbreModel) {
        coder = FrameCoder(model)
        metric = model.metric
    }

    /// The codes of a sound's spans.
    func spans(of frames: FeatureFrames) -> [TimbreSpan] { SpanPooling.pool(coder.codes(of: frames.cepstra)) }

    /// The vectors of sounds as a whole and of their spans.
    func vectors(of sounds: [FeatureFrames]) -> [[TimbreVector?]] {
        guard let metric else { return [] }
        return metric.vectors(
            of: sounds.map { frames in
                let spans = stride(from: 0, to: frames.count, by: SpanPooling.framesPerSpan).map { start in
                    start..<min(start + SpanPooling.framesPerSpan, frames.count)
                }
                return TimbreMetric.Request(
                    bands: frames.bands, parts: [0..<frames.count] + (spans.count == 1 ? [] : spans))
            })
    }

    /// Takes files the whole way.
    func process(_ paths: ArraySlice<FilePath>, _ extractor: inout Extractor) throws {
        var sounds: [FeatureFrames] = []
        for path in paths {
            let file = try FileDescriptor.open(path, .readOnly)
            defer { Stopwatch.close(file) }
            var frames = FeatureFrames()
            _ = try extractor.extract(file, longest: .infinity) { frames.append($0) }
            keep(try Extractor.hash(file))
            keep(spans(of: frames))
            sounds.append(frames)
        }
        keep(vectors(of: sounds))
    }
}

/// Uses a result, so that it cannot be left out.
@inline(never) func keep<Result>(_ result: Result) {}
