import ArgumentParser
import ContentHash
import Glibc
import Platform
import SoundExtraction
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreFeatures
import TimbreLibrary
import TimbreStore

/// Makes a library of long recordings to measure searches for places on.
struct MakeRecordings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings", abstract: "Make a library of long recordings to measure timbred on.",
        discussion: """
            Each recording is an hour that is put together of the given sounds, each turned by a random time; features, \
            codes and vectors are theirs. The files are empty: a daemon that starts finds that nothing has changed, and \
            has yet to find the events.
            """)

    @Argument(help: "The sounds, each at least a minute long.", transform: { FilePath($0) })
    var sounds: [FilePath]

    @Option(help: "How many recordings of an hour the library has.")
    var hours = 100

    @Option(help: "The folder of the files.", transform: { FilePath($0) })
    var folder: FilePath

    @Option(help: "The state folder, for timbred --state-dir. It must hold no library.", transform: { FilePath($0) })
    var state: FilePath

    @Option(help: "The model file of the generation in use.", transform: { FilePath($0) })
    var model = FilePath("Config/timbre-model.json")

    /// What a recording is put together of: whole spans, so that codes and vectors are those of its parts.
    private struct Part {
        var features: FeatureFrames
        var code: CodeRecord
        var spanCount: Int { features.count / SpanPooling.framesPerSpan }
    }

    private static let frameRate = SpanPooling.sampleRate / Double(SpanPooling.hop)

    func run() throws {
        let model = try TimbreModel(json: model.contents())
        for place in [folder, state] {
            guard unsafe place.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 || errno == EEXIST else {
                throw Errno.last
            }
        }
        let catalog = try Catalog(opening: state.appending("library.sqlite"))
        let id = try catalog.write { writer in
            let id = try writer.addModel(model.identifier, data: model.json(), origin: "default", at: 0)
            try writer.setLiveModel(id)
            return id
        }
        let parts = try parts(Generation(id: id, model: model))
        var generator = SeededGenerator(seed: 1)
        let folder = try folder.resolvingLinks()
        for number in 0..<hours {
            try catalog.write { writer in
                try add(number, parts, to: folder, model: id, &generator, writer)
            }
        }
        try catalog.close()
    }

    private func parts(_ generation: Generation) throws -> [Part] {
        var extractor = Extractor()
        return try SoundFiles.groups(of: sounds).flatMap(\.files).compactMap { path in
            let file = try FileDescriptor.open(path, .readOnly)
            defer { Stopwatch.close(file) }
            var frames = FeatureFrames()
            _ = try extractor.extract(file, longest: .infinity) { frames.append($0) }
            let count = frames.count / SpanPooling.framesPerSpan * SpanPooling.framesPerSpan
            guard count >= Int(60 * Self.frameRate) else { return nil }
            frames.cepstra.removeLast((frames.count - count) * FeatureFrames.cepstrumStride)
            frames.bands.removeLast(frames.bands.count - count * FeatureFrames.bandStride)
            let code = generation.codes(of: [Generation.Features(cepstra: frames.cepstra, bands: frames.bands)])[0]
            return Part(features: frames, code: code)
        }
    }

    private func add(
        _ number: Int, _ parts: [Part], to folder: FilePath, model: Int64, _ generator: inout SeededGenerator,
        _ writer: CatalogWriter
    ) throws {
        guard !parts.isEmpty else { throw ValidationError("None of the sounds is a minute long.") }
        var (features, code) = (FeatureFrames(), CodeRecord(spans: [], frames: []))
        let vector = CodeRecord.vectorStride
        while features.count < Int(3600 * Self.frameRate) {
            let part = parts[generator.index(below: parts.count)]
            let turn = generator.index(below: part.spanCount)
            let frames = turn * SpanPooling.framesPerSpan
            features.cepstra += part.features.cepstra.turned(by: frames * FeatureFrames.cepstrumStride)
            features.bands += part.features.bands.turned(by: frames * FeatureFrames.bandStride)
            code.spans += part.code.spans.turned(by: turn * 16)
            code.frames += part.code.frames.turned(by: frames)
            if code.vectors.isEmpty { code.vectors += part.code.vectors.prefix(vector) }
            code.vectors += Array(part.code.vectors.dropFirst(vector)).turned(by: turn * vector)
        }
        let path = folder.appending("recording \(number).wav")
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        let identity = try file.closeAfter { FileIdentity(of: file) }
        guard let identity else { throw Errno.last }
        let samples = features.count * SpanPooling.hop
        let sound = SoundInfo(
            sampleRate: 44_100, channelCount: 1, frameCount: 2 * samples, sampleCount: samples,
            format: "WAV, 16 bit PCM", isIncomplete: false)
        let time = WallClock.seconds()
        let content = try writer.addContent(
            ContentHash(of: path.bytes), size: Int64(number) + 1, sound: sound, features: features,
            soundingCount: features.count, path: path.bytes, at: time
        ).id
        try writer.setCode(code, of: content, model: model)
        let directory = try writer.directory(folder)
        var record = try writer.addFile(
            Array("recording \(number).wav".utf8), in: directory, identity: identity, at: time)
        (record.state, record.content, record.tried, record.tries) = (.indexed, content, time, 1)
        try writer.update(record)
    }
}

extension [UInt8] {
    fileprivate func turned(by count: Int) -> [UInt8] { Array(self[count...] + self[..<count]) }
}
