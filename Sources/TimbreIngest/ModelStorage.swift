import LibraryFeed
import Platform
import TimbreCoding
import TimbreLibrary
import TimbreStore

/// Keeps models and codes on disk, and makes a generation the live one: only ingest writes.
///
/// Each call is one turn of ingest, and blocks until that is on disk. Calls throw ``IngestBusy`` when ingest has ended, and
/// whatever the catalog throws; then nothing has happened.
package struct ModelStorage: Sendable {
    private let ingest: Ingest

    package init(ingest: Ingest) { self.ingest = ingest }

    /// Stores a model; a known one keeps its number.
    ///
    /// - Returns: The number of its generation.
    package func add(_ model: TimbreModel, origin: String) throws -> Int64 {
        let (hash, data, time) = (model.identifier, model.json(), WallClock.seconds())
        return try ingest.perform { loop in
            try loop.transact { try $0.writer.addModel(hash, data: data, origin: origin, at: time) }
        }
    }

    /// Stores the codes of contents under a generation, but for contents that have been deleted meanwhile.
    package func store(_ codes: [(content: Int64, code: CodeRecord)], of generation: Int64) throws {
        try ingest.perform { loop in
            try loop.transact { turn in
                for (content, code) in codes where try turn.reader.content(content) != nil {
                    try turn.writer.setCode(code, of: content, model: generation)
                }
            }
        }
    }

    /// Makes a generation the live one, on disk in one transaction and for all queries at one instant.
    ///
    /// - Parameter also: Writes more in the same transaction.
    package func activate(
        _ generation: Generation, also: @escaping @Sendable (CatalogWriter) throws -> Void = { _ in }
    ) throws {
        try ingest.perform { [library = ingest.library, feed = ingest.feed] loop in
            let index = try loop.transact { try $0.activate(generation, in: library.snapshot, also: also) }
            loop.modelChanged()
            library.swap(index, LibraryLoader.generation(id: generation.id, model: generation.model, index))
            feed.tell([.model(generation.model.identifier)], at: WallClock.seconds())
        }
    }
}
