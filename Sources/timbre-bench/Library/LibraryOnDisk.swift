import ContentHash
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreStore

/// Makes files, and a catalog that says that they are known, as if they had been indexed.
///
/// The files hold nothing and are never read: their identities are those in the catalog.
struct LibraryOnDisk {
    let folder: FilePath
    let catalog: Catalog
    /// The generation that all codes belong to.
    private let model: Int64
    private var sounds: MadeUpLibrary
    /// Whether sounds have features, of which models are trained.
    private let hasFeatures: Bool
    /// What files say of themselves; nil if they say nothing.
    private var tags: MadeUpTags?
    /// Seconds since 1970.
    private let time = WallClock.seconds()

    /// Files in each directory.
    private static let perDirectory = 1000
    /// Frames in each span.
    private static let framesPerSpan = 30

    /// - Parameters:
    ///   - folder: Where the files come to lie; it must be there.
    ///   - catalog: An empty one.
    init(
        folder: FilePath, catalog: Catalog, model: TimbreModel, spansPerFile: Int, hasFeatures: Bool,
        hasTags: Bool = false
    ) throws {
        self.hasFeatures = hasFeatures
        tags = hasTags ? MadeUpTags() : nil
        self.folder = folder
        self.catalog = catalog
        sounds = MadeUpLibrary(spansPerFile: spansPerFile, spread: .blocks, noise: Spread.noise)
        self.model = try catalog.write { [time] writer in
            let id = try writer.addModel(model.identifier, data: model.json(), origin: "default", at: time)
            try writer.setLiveModel(id)
            return id
        }
    }

    /// Makes so many files in directories of a thousand.
    mutating func make(_ count: Int) throws {
        for first in stride(from: 0, to: count, by: Self.perDirectory) {
            let directory = folder.appending(Self.numbered("set", first / Self.perDirectory))
            guard unsafe directory.withPlatformString({ unsafe mkdir($0, 0o755) }) == 0 || errno == EEXIST else {
                throw Errno.last
            }
            try catalog.write { writer in
                let id = try writer.directory(directory)
                for number in first..<min(first + Self.perDirectory, count) {
                    try add(number, to: directory, id, writer)
                }
            }
        }
    }

    private mutating func add(_ number: Int, to directory: FilePath, _ id: Int64, _ writer: CatalogWriter) throws {
        let name = "\(Self.numbered("sound", number)).wav"
        let identity = try Self.makeFile(directory.appending(name))
        let made = sounds.file(Int64(number))
        var sound = SoundInfo(
            sampleRate: 44_100, channelCount: made.channelCount, frameCount: made.sampleCount * 2,
            sampleCount: made.sampleCount, format: "WAV, 16 bit PCM", isIncomplete: false)
        sound.tags = tags?.next()
        let features = hasFeatures ? Self.features(UInt64(number), spanCount: made.spans.count) : FeatureFrames()
        let content = try writer.addContent(
            ContentHash(of: Array(name.utf8)), size: Int64(number) + 1, sound: sound, features: features,
            soundingCount: hasFeatures ? features.count : made.spans.count * Self.framesPerSpan,
            path: directory.appending(name).bytes, at: time
        ).id
        let absent = [UInt8](repeating: 0x80, count: CodeRecord.vectorStride)
        let code = CodeRecord(
            spans: made.spans.flatMap(\.code.bytes),
            frames: [UInt8](repeating: 1, count: made.spans.count * Self.framesPerSpan),
            vectors: ([made.vector] + made.spans.map(\.vector)).flatMap { $0?.bytes ?? absent })
        try writer.setCode(code, of: content, model: model)
        var file = try writer.addFile(Array(name.utf8), in: id, identity: identity, at: time)
        (file.state, file.content, file.tried, file.tries) = (.indexed, content, time, 1)
        try writer.update(file)
    }

    /// Frames in random directions, four in the last span; the bands are those of silence, as nobody asks for them.
    private static func features(_ seed: UInt64, spanCount: Int) -> FeatureFrames {
        var generator = SeededGenerator(seed: seed)
        var features = FeatureFrames()
        for _ in 0..<max(0, (spanCount - 1) * framesPerSpan + 4) {
            // The norm is 1.
            let vector = (0..<26).map { _ in UInt8(generator.index(below: 256)) } + [0, 0, 0x80, 0x3f]
            features.append(
                FeatureFrames(cepstra: vector, bands: [UInt8](repeating: 0, count: FeatureFrames.bandStride)))
        }
        return features
    }

    /// Makes an empty file.
    private static func makeFile(_ path: FilePath) throws -> FileIdentity {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        return try file.closeAfter {
            guard let identity = FileIdentity(of: file) else { throw Errno.last }
            return identity
        }
    }

    private static func numbered(_ word: String, _ number: Int) -> String {
        let digits = String(number)
        return word + "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
