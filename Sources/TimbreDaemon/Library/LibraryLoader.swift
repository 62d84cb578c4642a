import TimbreCoding
import TimbreIndex
import TimbreStore

/// Fills the index from the catalog.
package enum LibraryLoader {
    /// Files that are put into the index at a time.
    private static let batch = 4096
    /// Sounds that are enough to measure how far apart random ones are.
    private static let measured = 4000

    /// Makes the index of all files that have codes under a model.
    ///
    /// - Complexity: O(*n*) in the spans; one read of the catalog.
    package static func index(model: Int64, _ reader: CatalogReader) throws -> TimbreIndex {
        var index = TimbreIndex()
        for directory in try reader.allDirectories() { index.setDirectory(directory.id, path: directory.path) }
        var files: [IndexedFile] = []
        try reader.forEachIndexRow(model: model) { row in
            files.append(IndexedFile(row))
            if files.count == batch {
                index.insert(files)
                files.removeAll(keepingCapacity: true)
            }
        }
        index.insert(files)
        return index
    }

    /// Measures how far apart the library's sounds are, for a model that does not say it of its own.
    static func calibration(_ index: TimbreIndex) -> Calibration? {
        var generator = SeededGenerator(seed: 1)
        let drawn = index.random(measured, using: &generator).sorted()
        return Calibration(of: drawn.compactMap { index.file($0)?.spans.map(\.code) }, seed: 1)
    }

    /// Makes a generation, measured in the library where its model is not.
    static func generation(id: Int64, model: TimbreModel, _ index: TimbreIndex) -> Generation {
        Generation(id: id, model: model, measured: model.calibration == nil ? calibration(index) : nil)
    }
}

extension IndexedFile {
    init(_ row: IndexRow) {
        self.init(
            id: row.file, directory: row.directory, name: row.name, duration: row.duration,
            channelCount: row.channelCount, sampleCount: row.sampleCount, added: row.added, isOffline: row.isOffline,
            spans: CodeRecord.timbreSpans(row.spans).filter { !$0.isEmpty })
    }
}
