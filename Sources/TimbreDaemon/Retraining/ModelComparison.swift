import TimbreCoding
import TimbreIndex
import TimbreStore

/// How much the answers of a library change with another model.
struct ModelComparison {
    /// The library under the old model.
    let before: LibrarySnapshot
    /// The spans of each content under the new one.
    let spans: [Int64: [TimbreSpan]]
    let catalog: Catalog

    /// Files whose nearest ones are compared.
    private static let sampled = 200
    /// How many nearest ones are compared of each.
    private static let listLength = 10

    /// How the ten nearest of some files change.
    func churn() throws -> RankingChurn {
        let after = try indexUnderNewModel()
        var generator = SeededGenerator(seed: 1)
        let drawn = before.index.random(Self.sampled, using: &generator)
        var churn = RankingChurn()
        for id in drawn where after.file(id) != nil {
            churn.add(old: nearest(to: id, before.index), new: nearest(to: id, after))
        }
        return churn
    }

    private func nearest(to id: Int64, _ index: TimbreIndex) -> [Int64] {
        let codes = index.file(id)?.spans.map(\.code) ?? []
        return index.nearestFiles(to: codes, count: Self.listLength, excluding: [id]).map(\.file)
    }

    private func indexUnderNewModel() throws -> TimbreIndex {
        var index = TimbreIndex()
        var files: [IndexedFile] = []
        try catalog.read { reader in
            try reader.forEachIndexRow(model: before.generation.id) { row in
                var file = IndexedFile(row)
                guard let content = try reader.file(row.file)?.content else { return }
                file.spans = spans[content] ?? []
                files.append(file)
            }
        }
        index.insert(files)
        return index
    }
}
