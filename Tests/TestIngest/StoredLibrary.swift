import ContentHash
import EventStore
import Platform
import SoundEvents
import SoundFeatures
import SystemPackage
import TestFiles
import TestModels
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// A library over a real database, filled as ingest would have filled it, with no file read and no process started.
///
/// Sounds are texts: numbers are frames along those axes, `-` is a silent frame, and `!` stands for a file that could not
/// be decoded. The same text is the same content.
package final class StoredLibrary {
    private let folder: TemporaryFolder
    package let catalog: Catalog
    package let library: LiveLibrary

    package convenience init() throws { try self.init(smallModel()) }

    /// - Parameter hasEvents: Whether there is a file of events.
    package init(_ model: TimbreModel, hasEvents: Bool = true) throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("samples")
        catalog = try Catalog(opening: folder.path.appending("library.sqlite"))
        let id = try catalog.write { writer in
            let id = try writer.addModel(model.identifier, data: model.json(), origin: "default", at: 1)
            try writer.setLiveModel(id)
            return id
        }
        let events = hasEvents ? try LibraryOpening(catalog: catalog).events() : EventTable()
        library = LiveLibrary(
            LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: id, model: model), events: events))
    }

    /// A library of sounds by their names.
    package convenience init(of sounds: KeyValuePairs<String, String>, _ model: TimbreModel? = nil) throws {
        try self.init(model ?? smallModel())
        for (name, sound) in sounds { try add(sound, to: name) }
    }

    deinit {
        do { try catalog.close() } catch { preconditionFailure("\(error)") }
    }

    /// The folder of the database.
    package var place: FilePath { folder.path }
    /// The watched folder. Only tests that ask what is on disk put files into it.
    package var root: FilePath { folder.path.appending("samples") }
    package func path(_ name: String) -> FilePath { root.pushing(FilePath(name)) }
    /// The name of a file below the watched folder.
    package func name(of path: [UInt8]) -> String {
        String(decoding: path.dropFirst(root.bytes.count + 1), as: UTF8.self)
    }

    package var index: TimbreIndex { library.snapshot.index }

    /// The library as it is now, with distances measured in it.
    package var measured: LibrarySnapshot {
        let live = library.snapshot.generation
        return LibrarySnapshot(
            index: index, generation: LibraryLoader.generation(id: live.id, model: live.model, index),
            events: library.snapshot.events)
    }

    /// What a start would load.
    package func freshIndex() throws -> TimbreIndex {
        try catalog.read { try LibraryLoader.index(model: library.snapshot.generation.id, $0) }
    }

    /// What the catalog says of a file.
    package func file(_ name: String) throws -> FileRecord? { try catalog.read { try $0.file(at: path(name)) } }

    /// Writes a sound on disk as well, so that whoever looks finds a file.
    package func write(_ sound: String, to name: String) throws { _ = try folder.write(sound, to: "samples/\(name)") }
    package func makeFolder(_ name: String) throws { try folder.makeFolder("samples/\(name)") }

    /// Adds a sound.
    @discardableResult package func add(_ sound: String, to name: String) throws -> FileRecord {
        let frames = sound.hasPrefix("!") ? nil : features(sound.split(separator: " ").map { Int($0) })
        return try add(Array(sound.utf8), frames, to: name)
    }

    /// Adds a sound of some frames.
    @discardableResult package func add(_ frames: FeatureFrames, to name: String) throws -> FileRecord {
        try add(frames.cepstra + frames.bands, frames, to: name)
    }

    private func add(_ bytes: [UInt8], _ frames: FeatureFrames?, to name: String) throws -> FileRecord {
        let path = path(name)
        let (file, edits) = try catalog.write { writer in
            let directory = try writer.directory(path.removingLastComponent())
            var file = try writer.addFile(
                path.nameBytes, in: directory, identity: identity(bytes, name), at: Double(index.fileCount + 1))
            let edits = try store(bytes, frames, in: &file, writer)
            try writer.update(file)
            return (file, [.directory(directory, path: path.removingLastComponent().bytes)] + edits)
        }
        library.apply(edits, isComplete: true)
        return file
    }

    private func identity(_ bytes: [UInt8], _ name: String) -> FileIdentity {
        FileIdentity(
            size: Int64(bytes.count), modified: 1_000_000_000, changed: 1_000_000_000, device: 1,
            inode: name.utf8.reduce(5381) { $0 &* 33 &+ UInt64($1) } >> 1)
    }

    private func store(
        _ bytes: [UInt8], _ frames: FeatureFrames?, in file: inout FileRecord, _ writer: CatalogWriter
    ) throws -> [IndexEdit] {
        guard let frames else {
            (file.state, file.tries, file.tried) = (.failed, 1, 2)
            file.failure = ExtractionFailure(.damaged, "it breaks off")
            return []
        }
        let info = SoundInfo(
            sampleRate: 44_100, channelCount: 1, frameCount: frames.count * 1024, sampleCount: frames.count * 512,
            format: "text", isIncomplete: false)
        let generation = library.snapshot.generation
        let code = generation.codes(of: [Generation.Features(cepstra: frames.cepstra, bands: frames.bands)])[0]
        let hash = ContentHash(of: bytes)
        let content: ContentRecord
        if let known = try writer.reader.content(hash) {
            content = known
        } else {
            content = try writer.addContent(
                hash, size: Int64(bytes.count), sound: info, features: frames,
                soundingCount: code.frames.count { $0 != 255 }, figures: SoundFrames.figureBytes(of: frames.bands),
                path: path("").bytes, at: file.added)
            try writer.setCode(code, of: content.id, model: generation.id)
            if frames.count >= SoundEvents.shortest, let events = library.snapshot.events.file {
                let extent = try events.append(SoundEvents(in: frames.bands), frameCount: frames.count)
                try writer.setEvents(extent, of: content.id)
            }
        }
        (file.state, file.content) = (.indexed, content.id)
        let inserted = IndexEdit.insert(
            IndexedFile(
                id: file.id, directory: file.directory, name: file.name, duration: info.duration,
                channelCount: info.channelCount, sampleCount: info.sampleCount, added: file.added,
                spans: code.indexedSpans, vector: code.vector,
                figures: content.figures.flatMap(SoundFigures.init(bytes:))))
        guard let extent = try writer.reader.events(of: content.id) else { return [inserted] }
        return [inserted, .events(EventTable.Entry(file: file.id, content: content.id, extent: extent))]
    }

    /// Takes a file out of the library, as if it had been deleted; what was learnt of it is kept.
    package func remove(_ name: String) throws {
        guard let file = try file(name) else { return }
        let path = path(name)
        try catalog.write { writer in
            try writer.removeFile(file.id)
            if let content = file.content { try writer.setLastPath(path.bytes, ofContent: content) }
        }
        library.apply([.remove(file.id)], isComplete: true)
    }

    /// Lets a file be away, as if its drive were unplugged.
    package func takeAway(_ name: String) throws {
        guard let file = try file(name) else { return }
        try catalog.write { try $0.setOffline(true, file: file.id) }
        library.apply([.offline([file.id], true)], isComplete: true)
    }
}
