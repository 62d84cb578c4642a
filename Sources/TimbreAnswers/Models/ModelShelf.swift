import ContentHash
import Synchronization
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Models of the library that are asked for by their hash, whether they are in use or not. The last one that is not is kept, as
/// it takes long to read.
final class ModelShelf: Sendable {
    private let known: KnownModels
    private let last = Mutex<Generation?>(nil)
    private let asked = Mutex<Generation?>(nil)

    init(_ known: KnownModels) { self.known = known }

    /// Notes by which generation somebody is about to search elsewhere: what is found means the same when another is in use by
    /// then, also where that was measured in the library.
    func noteAsked(by generation: Generation) { asked.withLock { $0 = generation } }

    /// The generation of a model.
    ///
    /// - Parameter hash: `sha256:…`, whole.
    /// - Throws: ``LibraryError/noSuchModel(_:)`` if the library does not have it, and what the catalog throws.
    func generation(_ hash: String) throws -> Generation {
        let inUse = known.library.snapshot.generation
        if inUse.model.identifier.description == hash { return inUse }
        if let asked = asked.withLock(\.self), asked.model.identifier.description == hash { return asked }
        // Numbers are those of one catalog, and another may have been put into its place.
        let record = try known.catalog.read { reader in
            try reader.models().first { $0.hash.description == hash } ?? { throw LibraryError.noSuchModel(hash) }()
        }
        if let last = last.withLock(\.self), last.id == record.id, last.model.identifier == record.hash { return last }
        let generation = Generation(id: record.id, model: try known.catalog.read { try known.load(record, $0) })
        last.withLock { $0 = generation }
        return generation
    }
}
