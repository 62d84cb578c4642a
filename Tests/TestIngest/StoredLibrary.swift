import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import TestModels
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// A library whose sounds are put straight into the catalog, for tests of what is made of it.
///
/// A sound is text: numbers are frames along those axes, `-` is a silent frame. Two files of the same text have the same
/// content.
package final class StoredLibrary {
    package let folder: TemporaryFolder
    package let catalog: Catalog
    package let library: LiveLibrary
    private var time = 1.0

    /// - Parameter model: The live model; nil for ``smallModel(_:)``.
    package init(_ model: TimbreModel? = nil) throws {
        let model = try model ?? smallModel()
        folder = try TemporaryFolder()
        catalog = try Catalog(opening: folder.path.appending("library.sqlite"))
        let id = try catalog.write { writer in
            let id = try writer.addModel(model.identifier, data: model.json(), origin: "default", at: 1)
            try writer.setLiveModel(id)
            return id
        }
        library = LiveLibrary(LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: id, model: model)))
    }

    /// A library of sounds by their names.
    package convenience init(of sounds: KeyValuePairs<String, String>, _ model: TimbreModel? = nil) throws {
        try self.init(model)
        try add(sounds.map { (name: $0.key, sound: $0.value) })
    }

    deinit {
        do { try catalog.close() } catch { preconditionFailure("\(error)") }
    }

    /// Where the files would lie.
    package var root: FilePath { folder.path.appending("samples") }
    package func path(_ name: String) -> FilePath { root.pushing(FilePath(name)) }
    package var index: TimbreIndex { library.snapshot.index }

    /// What the catalog says of a file.
    package func file(_ name: String) throws -> FileRecord? { try catalog.read { try $0.file(at: path(name)) } }

    /// Adds a file that holds a sound, as the youngest.
    @discardableResult package func add(_ sound: String, to name: String) throws -> FileRecord {
        try add([(name: name, sound: sound)])[0]
    }

    /// Adds files in their order.
    @discardableResult package func add(_ sounds: [(name: String, sound: String)]) throws -> [FileRecord] {
        let files = try catalog.write { writer in try sounds.map { try add($0.sound, to: path($0.name), writer) } }
        try reload()
        return files
    }

    /// Forgets a file; what is known of its content stays.
    package func remove(_ name: String) throws {
        guard let file = try file(name) else { throw Errno.noSuchFileOrDirectory }
        try catalog.write { writer in
            if let content = file.content { try writer.setLastPath(path(name).bytes, ofContent: content) }
            try writer.removeFile(file.id)
        }
        try reload()
    }

    /// Says that all files are away.
    package func goOffline() throws {
        try catalog.write { writer in
            for file in try writer.reader.files(under: root) { try writer.setOffline(true, file: file.id) }
        }
        try reload()
    }

    /// What a start would load.
    package func freshIndex() throws -> TimbreIndex {
        try catalog.read { try LibraryLoader.index(model: library.snapshot.generation.id, $0) }
    }

    private func reload() throws { library.swap(try freshIndex(), library.snapshot.generation) }

    private func add(_ sound: String, to path: FilePath, _ writer: CatalogWriter) throws -> FileRecord {
        time += 1
        let bytes = Array(sound.utf8)
        let directory = try writer.directory(path.removingLastComponent())
        let identity = FileIdentity(size: Int64(bytes.count), modified: 1, changed: 1, device: 1, inode: UInt64(time))
        let name = Array(path.bytes.dropFirst(path.removingLastComponent().bytes.count + 1))
        var file = try writer.addFile(name, in: directory, identity: identity, at: time)
        (file.state, file.content) = (.indexed, try content(sound, bytes, writer).id)
        try writer.update(file)
        return file
    }

    private func content(_ sound: String, _ bytes: [UInt8], _ writer: CatalogWriter) throws -> ContentRecord {
        let hash = ContentHash(of: bytes)
        if let known = try writer.reader.content(hash) { return known }
        let generation = library.snapshot.generation
        let axes = StoredLibrary.axes(sound)
        let frames = features(axes)
        let info = SoundInfo(
            sampleRate: 44_100, channelCount: 1, frameCount: axes.count * 1024, sampleCount: axes.count * 512,
            format: "text", isIncomplete: false)
        let code = generation.codes(of: [Generation.Features(cepstra: frames.cepstra, bands: frames.bands)])[0]
        let content = try writer.addContent(
            hash, size: Int64(bytes.count), sound: info, features: frames,
            soundingCount: axes.count { $0 != nil }, path: [], at: time)
        try writer.setCode(code, of: content.id, model: generation.id)
        return content
    }

    /// The frames of a sound.
    package static func axes(_ sound: String) -> [Int?] { sound.split(separator: " ").map { Int($0) } }
}
