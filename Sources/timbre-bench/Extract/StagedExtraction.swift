import AudioDecoding
import SoundExtraction
import SoundFeatures
import SystemPackage
import TimbreFeatures

/// Takes files through the steps of extraction, each by itself.
///
/// What a step needs of those before it is computed once more; the time that takes is known, and taken off.
struct StagedExtraction: ~Copyable {
    private let files: [FilePath]
    private let coding: SoundCoding
    private var extractor = Extractor()
    private var spectrum = Spectrum(usedBins: BarkBank().binCount)
    private var tables: [Int: ResamplerTaps] = [:]
    private var block = [Float](repeating: 0, count: 1 << 14)
    private var samples: [Float] = []

    init(_ files: [FilePath], _ coding: SoundCoding) {
        self.files = files
        self.coding = coding
    }

    /// The median times of several runs over all files.
    consuming func medians(runs: Int) throws -> StageTimes {
        // Once without being counted: tables are made, files come into memory.
        for batch in batches { _ = try times(of: batch) }
        var measured: [StageTimes] = []
        for _ in 0..<runs {
            var sum = StageTimes()
            for batch in batches {
                let times = try times(of: batch)
                for stage in Stage.allCases { sum[stage] += times[stage] }
                sum.total += times.total
            }
            measured.append(sum)
        }
        return StageTimes.median(of: measured)
    }

    private var batches: [ArraySlice<FilePath>] {
        stride(from: 0, to: files.count, by: SoundCoding.batch).map { start in
            files[start..<min(start + SoundCoding.batch, files.count)]
        }
    }

    private mutating func times(of batch: ArraySlice<FilePath>) throws -> StageTimes {
        var times = StageTimes()
        times.total = try Stopwatch.processorTime { try coding.process(batch, &extractor) }
        var sounds: [FeatureFrames] = []
        for path in batch { sounds.append(try take(path, &times)) }
        times[.vectors] = Stopwatch.processorTime { keep(coding.vectors(of: sounds)) }
        return times
    }

    /// Takes a file through the steps up to its codes.
    private mutating func take(_ path: FilePath, _ times: inout StageTimes) throws -> FeatureFrames {
        let file = try FileDescriptor.open(path, .readOnly)
        defer { Stopwatch.close(file) }
        let read = try Stopwatch.processorTime { try self.read(file) }
        times[.read] += read
        times[.hash] += try Stopwatch.processorTime { keep(try Extractor.hash(file)) }
        let resampled = try Stopwatch.processorTime { try resample(file) }
        times[.resample] += resampled - read
        let transformed = Stopwatch.processorTime { transform() }
        times[.transform] += transformed
        let analyzed = try Stopwatch.processorTime { keep(try extractor.extract(file, longest: .infinity) { _ in }) }
        times[.bands] += analyzed - resampled - transformed
        var frames = FeatureFrames()
        times[.store] +=
            try Stopwatch.processorTime {
                keep(try extractor.extract(file, longest: .infinity) { frames.append($0) })
            } - analyzed
        times[.code] += Stopwatch.processorTime { keep(coding.spans(of: frames)) }
        return frames
    }

    private mutating func read(_ file: FileDescriptor) throws {
        let sound = try SoundFile(file)
        var numbers = 0
        while try sound.read(into: &block, numbers: &numbers) > 0 {}
    }

    private mutating func resample(_ file: FileDescriptor) throws {
        samples.removeAll(keepingCapacity: true)
        var piece: [Float] = []
        var sound = try MonoSound(file, longest: .infinity) { rate in
            if let known = tables[rate] { return known }
            let made = ResamplerTaps(from: rate)
            tables[rate] = made
            return made
        }
        while try sound.read(into: &piece) { samples += piece }
    }

    private mutating func transform() {
        let length = Spectrum.frameLength
        samples += repeatElement(0, count: max(0, length - samples.count))
        for start in stride(from: 0, through: samples.count - length, by: FrameStream.hop) {
            keep(spectrum.measure(samples, from: start))
        }
    }
}

/// The steps on the way from a file to what is stored of it.
enum Stage: String, CaseIterable, CustomStringConvertible {
    /// libsndfile decodes the file.
    case read
    /// The hash of the file's bytes.
    case hash
    /// Mono samples at 22 050 Hz.
    case resample
    /// The magnitudes of the frames' spectra.
    case transform
    /// Bands, logarithms and cosine transform.
    case bands
    /// The form in which features are sent and stored.
    case store
    /// Codes of frames and spans.
    case code
    /// Timbre vectors.
    case vectors

    var description: String { rawValue }
}

/// How long each step took, in seconds of the processor's time.
struct StageTimes {
    private var seconds: [Stage: Double] = [:]
    /// How long the whole way took, gone in one piece.
    var total = 0.0

    subscript(stage: Stage) -> Double {
        get { seconds[stage] ?? 0 }
        set { seconds[stage] = newValue }
    }

    /// The median of each step, and of the whole.
    static func median(of runs: [StageTimes]) -> StageTimes {
        var median = StageTimes()
        for stage in Stage.allCases { median[stage] = runs.map { $0[stage] }.median }
        median.total = runs.map(\.total).median
        return median
    }
}
