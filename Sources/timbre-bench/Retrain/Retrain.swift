import ArgumentParser
import SoundExtraction
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreFeatures

/// Measures what a retrain does with frames: the training, and the coding of all that is known.
struct Retrain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the training of a codebook, and coding with it.",
        discussion: """
            The frames are those of the sounds given, as often as they are needed, each time with a little noise so that \
            no two are alike. Coding starts from the stored form of the features, in one thread; its time is of the \
            processor, the median of several runs. Training is by the clock on the wall.
            """)

    @Argument(help: "Sound files, and folders of them.", transform: { FilePath($0) })
    var sounds: [FilePath]

    @Option(name: .long, parsing: .upToNextOption, help: "How many frames.")
    var sizes = [10_000, 100_000, 1_000_000]

    @Option(name: .shortAndLong, help: "How often coding is measured.")
    var runs = 5

    @Option(name: .shortAndLong, help: "In how many threads to train.")
    var threads = 2

    @OptionGroup var report: ReportOptions

    func validate() throws {
        guard sizes.allSatisfy({ $0 > 1000 }), runs > 0, threads > 0 else {
            throw ValidationError("--sizes must be above 1000, --runs and --threads above 0.")
        }
    }

    func run() throws {
        let source = try frames()
        guard source.count > 128 else { throw ValidationError("There is too little sound that can be read.") }
        var table = FigureTable(
            "retrain: training in \(threads) threads, coding in one",
            columns: ["training s", "rounds", "coding s", "coding Mframes/s"])
        var generator = SeededGenerator(seed: 1)
        for size in sizes {
            let cepstra = Self.noisy(source.cepstra, frames: size, &generator)
            var sample = FrameSample()
            sample.reserveCapacity(size)
            sample.append(cepstra)
            var trainer = CentroidTrainer(seed: 1)
            trainer.threadCount = threads
            let clock = ContinuousClock()
            let start = clock.now
            let result = try trainer.train(on: sample)
            let training = (clock.now - start) / .seconds(1)
            let coder = FrameCoder(centroids: result.centroids)
            let coding = (0..<runs).map { _ in Stopwatch.processorTime { keep(coder.codes(of: cepstra)) } }.median
            table.add("\(size) frames", training, Double(result.iterations), coding, Double(size) / coding / 1e6)
        }
        try report.show(table)
    }

    /// The features of all sounds that can be read.
    private func frames() throws -> FeatureFrames {
        var extractor = Extractor()
        var frames = FeatureFrames()
        for path in try SoundFiles.groups(of: sounds).flatMap(\.files) {
            let file = try FileDescriptor.open(path, .readOnly)
            defer { Stopwatch.close(file) }
            _ = try extractor.extract(file, longest: .infinity) { frames.append($0) }
        }
        return frames
    }

    /// So many frames, those given again and again, their lowest bits drawn at random.
    private static func noisy(_ cepstra: [UInt8], frames: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        let stride = FeatureFrames.cepstrumStride
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frames * stride)
        while bytes.count < frames * stride {
            bytes += cepstra.prefix(frames * stride - bytes.count)
        }
        for start in Swift.stride(from: 0, to: bytes.count, by: stride) {
            var bits = generator.next()
            for component in 0..<TimbreModel.dimension {
                bytes[start + 2 * component] ^= UInt8(truncatingIfNeeded: bits & 15)
                bits >>= 4
            }
        }
        return bytes
    }
}
