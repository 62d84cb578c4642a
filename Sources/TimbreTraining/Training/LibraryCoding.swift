import TimbreIngest
import TimbreLibrary
import TimbreStore

/// Codes a library under a model that is to be put to use, while queries and ingest go on.
struct LibraryCoding: Sendable {
    private let catalog: Catalog
    private let storage: ModelStorage

    /// Contents that are coded in one transaction.
    private static let batch = 200

    init(catalog: Catalog, storage: ModelStorage) {
        self.catalog = catalog
        self.storage = storage
    }

    /// Codes every content under a model that has no codes of it yet.
    ///
    /// - Parameters:
    ///   - other: A generation of the same metric, whose vectors are reused.
    ///   - progress: Is told how many contents are done, and of how many; throwing ends the work.
    func codeAll(
        _ generation: Generation, vectorsOf other: Int64? = nil, progress: (Int, Int) throws -> Void
    ) throws {
        let total = try catalog.read { try $0.decodedContentCount() }
        var (done, last) = (0, Int64(0))
        while true {
            let batch = try catalog.read { reader in
                try reader.contentsWithoutCode(
                    model: generation.id, withVectors: generation.hasVectors, after: last, limit: Self.batch)
            }
            guard let end = batch.last else { break }
            let codes = try catalog.read { reader in
                zip(batch, try generation.codes(of: batch, vectorsOf: other, reader)).map { (content: $0, code: $1) }
            }
            try storage.store(codes, of: generation.id)
            (done, last) = (done + batch.count, end)
            try progress(done, total)
        }
        try progress(total, total)
    }
}
