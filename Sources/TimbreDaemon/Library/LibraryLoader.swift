import TimbreCoding
import TimbreIndex
import TimbreStore

/// Fills the index from the catalog.
package enum LibraryLoader {
    /// Files that are put into the index at a time.
    static let batch = 4096
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

    /// Makes a generation, measured in the library where its model does not say how far apart sounds are.
    static func generation(id: Int64, model: TimbreModel, _ index: TimbreIndex) -> Generation {
        let isMeasured = model.calibration != nil && (model.transform == nil || model.calibration?.timbreFiles != nil)
        return Generation(id: id, model: model, measured: isMeasured ? nil : calibration(model, index))
    }

    /// What a model says of distances, and what it does not say as it is in the library.
    private static func calibration(_ model: TimbreModel, _ index: TimbreIndex) -> Calibration? {
        var generator = SeededGenerator(seed: 1)
        let drawn = index.random(measured, using: &generator).sorted().compactMap(index.file)
        var calibration = model.calibration ?? Calibration(of: drawn.map { $0.spans.map(\.code) }, seed: 1)
        if let transform = model.transform {
            let vectors = drawn.compactMap { file in
                file.vector.map { Calibration.Vectors(whole: $0, spans: file.spans.compactMap(\.vector)) }
            }
            calibration?.measureTimbre(of: vectors, transform: transform, seed: 1)
        }
        return calibration
    }
}

extension IndexedFile {
    init(_ row: IndexRow) {
        self.init(
            id: row.file, directory: row.directory, name: row.name, duration: row.duration,
            channelCount: row.channelCount, sampleCount: row.sampleCount, added: row.added, isOffline: row.isOffline,
            spans: row.code.indexedSpans, vector: row.code.vector)
    }
}
