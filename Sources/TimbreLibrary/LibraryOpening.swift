import EventStore
import Platform
import SystemPackage
import TimbreCoding
import TimbreStore

/// Makes a catalog ready to be searched: it gets a live model, and codes under that for every content.
package struct LibraryOpening {
    let catalog: Catalog
    /// Reads the model that a new library begins with.
    let defaultModel: () throws -> TimbreModel

    package init(catalog: Catalog, defaultModel: @escaping () throws -> TimbreModel = DefaultModel.load) {
        self.catalog = catalog
        self.defaultModel = defaultModel
    }

    /// - Throws: ``StartError`` if there is no usable model, and what the catalog throws.
    package func open() throws -> LibrarySnapshot {
        let generation = try liveGeneration()
        try codeAllOnce(generation)
        var spoiled: [PackRecord] = []
        let index = try catalog.read { try LibraryLoader.index(model: generation.id, $0, spoiled: &spoiled) }
        if !spoiled.isEmpty { try whereWritable { try $0.spoil(spoiled) } }
        return LibrarySnapshot(
            index: index,
            generation: LibraryLoader.generation(id: generation.id, model: generation.model, index),
            events: try events())
    }

    /// Which files have events. Without a file of them the library is searched all the same, but not for places inside
    /// recordings.
    package func events() throws -> EventTable {
        do { return try EventOpening(catalog: catalog).open() } catch is Errno {
            return EventTable()
        } catch  where StorageFailure.isOfWriting(error) {
            return EventTable()
        }
    }

    private func liveGeneration() throws -> Generation {
        if let id = try catalog.read({ try $0.liveModel() }) {
            guard let data = try catalog.read({ try $0.modelData(id) }) else {
                throw CatalogError(catalog.path, .damaged, "generation \(id) has no model")
            }
            return Generation(id: id, model: try model(id, data))
        }
        return try addDefault()
    }

    private func model(_ id: Int64, _ data: [UInt8]) throws(CatalogError) -> TimbreModel {
        do throws(TimbreModelError) { return try TimbreModel(json: data) } catch {
            let detail = "the model of generation \(id): \(error)"
            switch error {
            // Another version of the program may read it.
            case .otherPipeline, .wrongFormat, .wrongShape: throw CatalogError(catalog.path, .unusable, detail)
            case .notJSON, .damaged, .notFinite, .wrongIdentifier: throw CatalogError(catalog.path, .damaged, detail)
            }
        }
    }

    /// The default model that is to replace that of an earlier version: one with a network, where the live one has
    /// none.
    ///
    /// - Returns: nil if the model in use was chosen by somebody, or the default model has no network.
    package func newerDefault(than live: Generation) throws -> TimbreModel? {
        guard !live.hasNetwork else { return nil }
        let isDefault = try catalog.read { reader in
            let isChosen = try reader.setting(Self.chosen) == 1
            return try !isChosen && reader.models().contains { $0.id == live.id && $0.origin == "default" }
        }
        guard isDefault else { return nil }
        let model = try defaultModel()
        return model.network == nil ? nil : model
    }

    /// The setting that says that somebody chose the model in use.
    package static let chosen = "modelChosen"

    private func addDefault() throws -> Generation {
        let model = try defaultModel()
        let id = try catalog.write { writer in
            let id = try writer.addModel(
                model.identifier, data: model.json(), origin: "default", at: WallClock.seconds())
            try writer.setLiveModel(id)
            return id
        }
        return Generation(id: id, model: model)
    }

    /// The setting that names the generation under which every content is known to have codes.
    ///
    /// Once that is so it stays so: a content comes with its codes under the live model, in one transaction, and
    /// another model goes live with the last of its codes. Checking all contents at every start would take long.
    private static let coded = "coded"

    /// Makes sure that each content has codes under the live model, unless that is known.
    private func codeAllOnce(_ generation: Generation) throws {
        guard try catalog.read({ try $0.setting(Self.coded) }) != generation.id else { return }
        try codeAll(generation)
        try whereWritable { try $0.set(Self.coded, to: generation.id) }
    }

    /// Stores something that only makes later starts faster: failing is no reason not to start.
    private func whereWritable(_ body: (CatalogWriter) throws -> Void) throws {
        do { try catalog.write(body) } catch  where StorageFailure.isOfWriting(error) {
            // The next start tries again.
        }
    }

    /// Codes what has no codes under the live model, as when the machine went down while a model was being put to use.
    private func codeAll(_ generation: Generation) throws {
        var last: Int64 = 0
        while true {
            let batch = try catalog.read {
                try $0.contentsWithoutCode(
                    model: generation.id, withVectors: generation.hasVectors, after: last, limit: 500)
            }
            guard let end = batch.last else { return }
            try catalog.write { writer in
                if last == 0 { try writer.beginHistory() }
                for (content, code) in zip(batch, try generation.codes(of: batch, writer.reader)) {
                    try writer.setCode(code, of: content, model: generation.id)
                }
            }
            last = end
        }
    }
}
