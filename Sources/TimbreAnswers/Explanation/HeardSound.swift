import SoundFeatures
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// A sound, frame by frame, from the library or from elsewhere.
struct HeardSound {
    /// The path to show.
    var path: WirePath?
    /// The library's files that hold it; none if it comes from elsewhere.
    var files: Set<Int64> = []
    /// In seconds.
    var duration: Double
    /// At 22 050 Hz.
    var sampleCount: Int
    /// The code of each frame.
    var codes: [UInt8]
    /// The bands of the frames, in the form of ``FeatureFrames/bands``; nil if they are unknown, or the model has no
    /// use for them.
    var bands: [UInt8]?
    /// The bands without the silence before the sound; nil if unknown.
    var trimmedBands: [UInt8]?
    /// The part of its recording that was asked for; nil if it is all of it.
    private(set) var wanted: TimeSpan?
    /// Which frame of its recording the first one is.
    private(set) var firstFrame = 0

    /// A file of the library.
    ///
    /// - Throws: ``LibraryError/busy(reason:)`` if another model is being put to use, and what the reader throws.
    init(_ file: FileRecord, _ indexed: IndexedFile, path: WirePath, _ generation: Generation, _ reader: CatalogReader)
        throws
    {
        guard let content = file.content, let code = try reader.code(of: content, model: generation.id) else {
            throw LibraryError.busy(reason: "the file is being coded anew; ask again")
        }
        self.path = path
        files = Set(try reader.files(ofContent: content).map(\.id))
        duration = indexed.duration
        sampleCount = indexed.sampleCount
        codes = code.frames
        bands = generation.hasVectors ? try reader.bands(of: content) : nil
    }

    /// A sound whose features a client has sent.
    init(_ features: QueryFeatures, path: WirePath?, _ generation: Generation) {
        self.path = path
        duration = features.duration
        sampleCount = features.sampleCount
        codes = generation.coder.codes(of: features.cepstra.bytes)
        bands = features.bands?.bytes
        trimmedBands = features.trimmedBands?.bytes
    }

    /// Frames that are not silent.
    var soundingCount: Int { codes.count { $0 != SpanPooling.silent } }

    /// Why it has no frames that are not silent, in a clause.
    var whyNothingSounds: String {
        let name = path?.shown ?? "the sound"
        guard let wanted else { return "\(name) is silent, or shorter than a frame" }
        return wanted.start >= duration
            ? "\(name) ends before that part begins: it is \(length) long"
            : "that part of \(name) is silent, or shorter than a frame"
    }

    private var length: String {
        if duration < 60 { return "\((duration * 100).rounded() / 100) s" }
        let seconds = Int(duration.rounded())
        return "\(seconds / 60) min \(seconds % 60) s"
    }

    var spans: [TimbreSpan] { SpanPooling.pool(codes) }

    /// A part of the sound alone. Times are still those of the whole.
    func part(_ part: TimeSpan) -> HeardSound {
        let frames = SpanPooling.frames(from: part.start, to: part.end, of: codes.count)
        let stride = FeatureFrames.bandStride
        var sound = self
        sound.wanted = part
        sound.firstFrame += frames.lowerBound
        sound.codes = Array(codes[frames])
        sound.bands = bands.map { Array($0[frames.lowerBound * stride..<frames.upperBound * stride]) }
        // Where a part lies after the silence is unknown.
        sound.trimmedBands = nil
        return sound
    }

    /// When a span of the sound is heard, in seconds.
    func time(of span: TimbreSpan) -> TimeSpan {
        let first = span.number * SpanPooling.framesPerSpan
        let last = min(first + SpanPooling.framesPerSpan, codes.count) - 1
        return TimeSpan(
            start: time(ofFrame: first), end: SpanPooling.end(ofFrame: firstFrame + last, sampleCount: sampleCount))
    }

    /// When a frame of the sound begins, in seconds.
    func time(ofFrame frame: Int) -> Double { SpanPooling.start(ofFrame: firstFrame + frame) }
}
