import ContentHash
import EarlierMetric
import FolderWatch
import Logging
import Platform
import SoundFeatures
import SystemPackage
import TimbreAnswers
import TimbreCodes
import TimbreCoding
import TimbreConfiguration
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire

/// Twelve made-up sounds in the working directory, and what answers for them; nothing watches and nothing is ingested.
struct SmallLibrary {
    let responder: Responder

    init() throws {
        let place = FilePath("/proc/self/cwd/library.sqlite").resolved
        let catalog = try Catalog(opening: place)
        let model = try Self.model()
        let generation = try catalog.write { writer in
            let id = try writer.addModel(model.identifier, data: model.json(), origin: "default", at: 1)
            try writer.setLiveModel(id)
            let generation = Generation(id: id, model: model)
            if try writer.reader.contentCount() == 0 { try Self.fill(writer, generation) }
            return generation
        }
        let index = try catalog.read { try LibraryLoader.index(model: generation.id, $0) }
        let library = LiveLibrary(
            LibrarySnapshot(
                index: index, generation: LibraryLoader.generation(id: generation.id, model: model, index)))
        let logger = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
        let ingest = try Ingest(
            catalog: catalog, library: library,
            surroundings: IngestSurroundings(extractor: "/nowhere", boot: "this"), logger: logger)
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: place.removingLastComponent()))
        let stop = StopFlag()
        let folders = FolderAdministration(
            catalog: catalog, ingest: ingest, watcher: watcher,
            watched: LibraryFolders(
                configured: [FilePath("/s")], added: [], filter: NameFilter(), followsSymlinks: false),
            stop: stop)
        responder = Responder(
            catalog: catalog, library: library, ingest: ingest, watcher: watcher, folders: folders,
            retrainer: Retrainer(catalog: catalog, library: library, ingest: ingest, stop: stop),
            map: try MapKeeper(catalog: catalog, library: library, ingest: ingest, logger: logger), stop: stop,
            logger: logger, version: "1", retraining: { Configuration.Retraining() },
            reload: { _ in Reload.Reply(changed: []) })
    }

    /// A model of random centroids, whose vectors are the first descriptors.
    private static func model() throws -> TimbreModel {
        var generator = SeededGenerator(seed: 1)
        let count = EarlierDescriptor.count
        var projection = [Float](repeating: 0, count: EarlierTransform.dimension * count)
        for row in 0..<EarlierTransform.dimension { projection[row * count + row] = 1 }
        let transform = try EarlierTransform(
            mean: Array(repeating: 0, count: count), scale: Array(repeating: 0.1, count: count), projection: projection,
            step: 4 / 127)
        return try TimbreModel(
            centroids: (0..<128 * TimbreModel.dimension).map { _ in Float(generator.fraction() - 0.5) },
            metric: .earlier(transform))
    }

    private static func fill(_ writer: CatalogWriter, _ generation: Generation) throws {
        let directory = try writer.directory(FilePath("/s"))
        for number in 0..<12 {
            let features = Self.features(count: 8 * number, seed: UInt64(number))
            let content = try writer.addContent(
                ContentHash(of: [UInt8(number)]), size: 1,
                sound: SoundInfo(
                    sampleRate: 22050, channelCount: 1 + number % 2, frameCount: 512 * features.count,
                    sampleCount: 512 * features.count, format: "made up", isIncomplete: false),
                features: features, soundingCount: features.count, path: [], at: 1
            ).id
            try writer.setCode(
                generation.codes(of: [Generation.Features(cepstra: features.cepstra, bands: features.bands)])[0],
                of: content, model: generation.id)
            let identity = FileIdentity(size: 1, modified: 1, changed: 1, device: 1, inode: UInt64(number))
            var file = try writer.addFile(Array("\(number).wav".utf8), in: directory, identity: identity, at: 1)
            (file.content, file.state, file.isOffline) = (content, .indexed, number == 11)
            try writer.update(file)
        }
    }

    private static func features(count: Int, seed: UInt64) -> FeatureFrames {
        var generator = SeededGenerator(seed: seed)
        var frames = FeatureFrames()
        for _ in 0..<count {
            let peak: [UInt8] = [0, 0, 0x80, 0x3e]
            func draw(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(generator.index(below: 256)) } }
            frames.append(FeatureFrames(cepstra: draw(26) + peak, bands: peak + draw(100)))
        }
        return frames
    }
}
