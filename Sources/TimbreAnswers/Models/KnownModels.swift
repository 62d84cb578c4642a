import ContentHash
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

/// The models in the catalog, by the names that clients use and in the form that clients see.
struct KnownModels: Sendable {
    let catalog: Catalog
    let library: LiveLibrary

    /// Finds a generation by its number or the beginning of its hash; without a name, the one in use.
    ///
    /// - Throws: ``LibraryError/noSuchModel(_:)`` if there is none or the name is ambiguous, and what the reader
    ///   throws.
    func find(_ choice: ModelChoice, _ reader: CatalogReader) throws -> ModelRecord {
        let models = try reader.models()
        guard let name = choice.model else {
            let live = library.snapshot.generation.id
            return try models.first { $0.id == live } ?? { throw LibraryError.noSuchModel("") }()
        }
        let digits = name.hasPrefix("sha256:") ? String(name.dropFirst(7)) : name
        let found = models.filter {
            "\($0.id)" == name || (digits.count >= 8 && $0.hash.hexadecimal.hasPrefix(digits.lowercased()))
        }
        guard found.count == 1, let record = found.first else { throw LibraryError.noSuchModel(name) }
        return record
    }

    /// Reads the model of a generation.
    ///
    /// - Throws: ``LibraryError`` if it cannot be read, and what the reader throws.
    func load(_ record: ModelRecord, _ reader: CatalogReader) throws -> TimbreModel {
        guard let data = try reader.modelData(record.id) else { throw LibraryError.noSuchModel("\(record.id)") }
        do throws(TimbreModelError) { return try TimbreModel(json: data) } catch {
            throw LibraryError.invalidModel(reason: "generation \(record.id): \(error)")
        }
    }

    /// A generation in the form that clients see.
    ///
    /// - Parameter live: The one in use.
    func model(_ id: Int64, live: Int64, _ reader: CatalogReader) throws -> Model {
        guard let record = try reader.models().first(where: { $0.id == id }) else {
            throw LibraryError.noSuchModel("\(id)")
        }
        // Status asks often, and a model takes milliseconds to read.
        let inUse = library.snapshot.generation
        let model = id == inUse.id ? inUse.model : try load(record, reader)
        return Model(
            id: Int(id), hash: record.hash.description, active: id == live, created: record.added,
            origin: record.origin, centroids: model.centroidCount,
            seed: model.provenance.map { Int(truncatingIfNeeded: $0.seed) }, frames: model.provenance?.frames,
            contents: try reader.codeCount(model: id))
    }
}
