import TimbreCoding
import TimbreIndex
import TimbreStore

/// How much the answers of a library change with another model.
struct ModelComparison {
    /// The library under the old model.
    let before: LibrarySnapshot
    /// The codes and vectors of each content under the new one.
    let codes: [Int64: CodeRecord]
    let model: TimbreModel
    let catalog: Catalog

    /// Files whose nearest ones are compared.
    private static let sampled = 200
    /// How many nearest ones are compared of each.
    private static let listLength = 10

    /// How the ten nearest of some files change; not at all where vectors stay as they are.
    func churn() throws -> RankingChurn {
        var generator = SeededGenerator(seed: 1)
        let drawn = before.index.random(Self.sampled, using: &generator)
        var churn = RankingChurn()
        if model.metric != nil && model.metric == before.generation.model.metric {
            for _ in drawn { churn.add(old: [], new: []) }
            return churn
        }
        let after = try indexUnderNewModel()
        for id in drawn where after.file(id) != nil {
            churn.add(
                old: nearest(to: id, before.index, before.generation.model), new: nearest(to: id, after, model))
        }
        return churn
    }

    /// The nearest files as `similar` finds them: by vectors where the model makes them.
    private func nearest(to id: Int64, _ index: TimbreIndex, _ model: TimbreModel) -> [Int64] {
        guard let file = index.file(id) else { return [] }
        guard model.metric != nil, let vector = file.vector else {
            return index.nearestFiles(to: file.spans.map(\.code), count: Self.listLength, excluding: [id]).map(\.file)
        }
        return index.rankedFiles(toVectors: [(vector, 1)], count: Self.listLength, excluding: [id])
    }

    private func indexUnderNewModel() throws -> TimbreIndex {
        var index = TimbreIndex()
        var files: [IndexedFile] = []
        try catalog.read { reader in
            try reader.forEachIndexRow(model: before.generation.id) { row in
                var file = IndexedFile(row)
                guard let content = try reader.file(row.file)?.content else { return }
                file.spans = codes[content]?.indexedSpans ?? []
                file.vector = codes[content]?.vector
                files.append(file)
                if files.count == LibraryLoader.batch {
                    index.insert(files)
                    files.removeAll(keepingCapacity: true)
                }
            }
        }
        index.insert(files)
        return index
    }
}
