import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// How much a library's answers change under another model.
struct ModelComparison {
    /// The library under the old model.
    let before: LibrarySnapshot
    /// The new one.
    let after: Generation
    let catalog: Catalog

    /// How many files are drawn, whose nearest ones are compared.
    private static let sampled = 200
    /// How many of the nearest are compared for each.
    private static let listLength = 10
    /// Files that are coded at a time.
    private static let batch = 512

    /// How the ten nearest of some files change; nothing changes if the vectors stay as they are.
    ///
    /// - Parameter progress: Is told how many files have been coded, and of how many; throwing ends the work.
    func churn(progress: (Int, Int) throws -> Void) throws -> RankingChurn {
        var generator = SeededGenerator(seed: 1)
        let drawn = before.index.random(Self.sampled, using: &generator)
        var churn = RankingChurn()
        if after.hasVectors && after.model.metric == before.generation.model.metric {
            for _ in drawn { churn.add(old: [], new: []) }
            return churn
        }
        let queries = try catalog.read { reader in
            try coded(drawn.compactMap { before.index.file($0) }, reader)
        }
        var nearest = queries.map { _ in [FileMatch]() }
        for (number, range) in before.index.ranges(ofFiles: Self.batch).enumerated() {
            try progress(number * Self.batch, before.index.fileCount)
            var part = TimbreIndex()
            part.insert(
                try catalog.read { reader in
                    try coded(before.index.ids(in: range).compactMap { before.index.file($0) }, reader)
                })
            for (place, query) in queries.enumerated() {
                let found = nearest[place] + self.nearest(to: query, part, hasVectors: after.hasVectors)
                nearest[place] = Array(
                    found.sorted { ($0.distance, $0.file) < ($1.distance, $1.file) }.prefix(Self.listLength))
            }
        }
        for (query, found) in zip(queries, nearest) {
            guard let file = before.index.file(query.id) else { continue }
            let old = self.nearest(to: file, before.index, hasVectors: before.generation.hasVectors)
            churn.add(old: old.map(\.file), new: found.map(\.file))
        }
        return churn
    }

    /// Files with their codes and vectors under the new model; those that are gone are left out.
    private func coded(_ files: [IndexedFile], _ reader: CatalogReader) throws -> [IndexedFile] {
        let known = try files.compactMap { file in
            try reader.file(file.id)?.content.map { (file: file, content: $0) }
        }
        let codes = try after.codes(of: known.map(\.content), reader)
        return zip(known, codes).map { known, code in
            var file = known.file
            (file.spans, file.vector) = (code.indexedSpans, code.vector)
            return file
        }
    }

    /// The nearest files as `similar` finds them: by vectors where the model makes them.
    private func nearest(to file: IndexedFile, _ index: TimbreIndex, hasVectors: Bool) -> [FileMatch] {
        let codes = file.spans.map(\.code)
        guard hasVectors, let vector = file.vector else {
            return index.nearestFiles(to: codes, count: Self.listLength, excluding: [file.id])
        }
        return index.nearestFiles(
            toVectors: [(vector, 1)], codes: codes, count: Self.listLength, excluding: [file.id])
    }
}
