import TimbreCoding
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore

/// Puts another generation in the place of the live one, while queries and ingest go on.
struct GenerationSwitch {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest

    /// Contents that are coded in one transaction.
    private static let batch = 200

    /// Codes every content under a model that has no codes of it yet.
    ///
    /// - Parameters:
    ///   - other: A generation of the same metric, whose vectors are taken over.
    ///   - progress: Is told how many contents are done, and of how many.
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
            try ingest.store(codes, of: generation.id)
            (done, last) = (done + batch.count, end)
            try progress(done, total)
        }
        try progress(total, total)
    }

    /// Makes a generation the live one, on disk in one transaction and for all queries at one instant.
    ///
    /// - Parameter also: What is to be written in the same transaction.
    func activate(_ generation: Generation, also: @escaping @Sendable (CatalogWriter) throws -> Void = { _ in }) throws
    {
        try ingest.activate(generation, also: also)
    }
}
