import TimbreCoding
import TimbreIndex
import TimbreStore

/// Brings a catalog to where it can be searched: with a live model, and codes of it for every content.
struct LibraryOpening {
    let catalog: Catalog

    /// - Throws: ``StartError`` if there is no usable model, and what the catalog throws.
    func open() throws -> LibrarySnapshot {
        let generation = try liveGeneration()
        try codeAll(generation)
        let index = try catalog.read { try LibraryLoader.index(model: generation.id, $0) }
        return LibrarySnapshot(
            index: index,
            generation: LibraryLoader.generation(id: generation.id, model: generation.model, index))
    }

    private func liveGeneration() throws -> Generation {
        if let id = try catalog.read({ try $0.liveModel() }) {
            guard let data = try catalog.read({ try $0.modelData(id) }) else {
                throw CatalogError(catalog.path, .damaged, "generation \(id) has no model")
            }
            do throws(TimbreModelError) {
                return Generation(id: id, model: try TimbreModel(json: data))
            } catch {
                throw CatalogError(catalog.path, .damaged, "the model of generation \(id): \(error)")
            }
        }
        let model = try DefaultModel.load()
        let id = try catalog.write { writer in
            let id = try writer.addModel(
                model.identifier, data: model.json(), origin: "default", at: IngestLoop.time())
            try writer.setLiveModel(id)
            return id
        }
        return Generation(id: id, model: model)
    }

    /// Codes what has no codes under the live model: after a model was put to use and the machine went down.
    private func codeAll(_ generation: Generation) throws {
        var last: Int64 = 0
        while true {
            let batch = try catalog.read {
                try $0.contentsWithoutCode(model: generation.id, after: last, limit: 500)
            }
            guard let end = batch.last else { return }
            try catalog.write { writer in
                for content in batch {
                    let code = generation.code(try writer.reader.cepstra(of: content))
                    try writer.setCode(code, of: content, model: generation.id)
                }
            }
            last = end
        }
    }
}
