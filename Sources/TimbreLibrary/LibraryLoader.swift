import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreStore

/// Fills the index from the catalog.
package enum LibraryLoader {
    /// Files that are inserted at a time.
    static let batch = 4096
    /// How many sounds suffice to measure how far apart random ones are.
    private static let measured = 4000

    /// Makes the index of all files that have codes under a model: from packs where files are packed, from rows for all
    /// others and those that were touched since.
    ///
    /// - Complexity: O(*n*) in the spans; one read of the catalog.
    package static func index(model: Int64, _ reader: CatalogReader) throws -> TimbreIndex {
        var spoiled: [PackRecord] = []
        return try index(model: model, reader, spoiled: &spoiled)
    }

    /// Makes the same index.
    ///
    /// - Parameter spoiled: Receives the packs that could not be read because they are damaged or of another version.
    static func index(
        model: Int64, _ reader: CatalogReader, spoiled: inout [PackRecord]
    ) throws -> TimbreIndex {
        var index = TimbreIndex()
        for directory in try reader.allDirectories() { index.setDirectory(directory.id, path: directory.path) }
        var next = Int64.min
        try reader.forEachPack(of: model) { pack, bytes in
            // Damage may have put packs out of order.
            guard pack.last >= next, pack.last < .max else { return }
            let files = next...pack.last
            // Where a pack is damaged or of another model, the rows are read: they are the truth.
            defer { next = pack.last + 1 }
            if let bytes {
                if index.append(pack: bytes, of: files) { return }
                spoiled.append(pack)
            }
            try add(.files(files), model, reader, to: &index)
        }
        try add(.files(next ... .max), model, reader, to: &index)
        let touched = try reader.touchedFiles()
        if !touched.isEmpty {
            index.remove(touched)
            try add(.touched, model, reader, to: &index)
        }
        return index
    }

    /// Makes the index under another model with the same vectors, from the existing index.
    ///
    /// - Returns: nil if the two differ in more than codes.
    package static func recode(_ index: TimbreIndex, model: Int64, _ reader: CatalogReader) throws -> TimbreIndex? {
        var recoding = IndexRecoding(index)
        try reader.forEachIndexRow(model: model) { row in
            recoding.append(row.file, row.code.indexedSpans.filter { !$0.isEmpty })
        }
        return recoding.finish()
    }

    /// Inserts some files, in batches.
    private static func add(
        _ rows: IndexRows, _ model: Int64, _ reader: CatalogReader, to index: inout TimbreIndex
    ) throws {
        var files: [IndexedFile] = []
        try reader.forEachIndexRow(model: model, rows) { row in
            files.append(IndexedFile(row))
            if files.count == batch {
                index.insert(files)
                files.removeAll(keepingCapacity: true)
            }
        }
        index.insert(files)
    }

    /// Packs some files, as they are now.
    ///
    /// - Returns: Packs of which the last ends with the range; none if there is nothing to pack.
    package static func packs(
        of files: ClosedRange<Int64>, model: Int64, _ reader: CatalogReader
    ) throws -> [(PackRecord, [UInt8])] {
        var index = TimbreIndex()
        try add(.files(files), model, reader, to: &index)
        var packs = index.packs.map { pack in
            (PackRecord(last: pack.last, model: model, fileCount: pack.fileCount), pack.bytes)
        }
        if !packs.isEmpty { packs[packs.count - 1].0.last = files.upperBound }
        return packs
    }

    /// Makes a generation, calibrated on the library where its model has no calibration.
    package static func generation(id: Int64, model: TimbreModel, _ index: TimbreIndex) -> Generation {
        let isMeasured =
            switch model.metric {
            case .earlier?: model.calibration?.timbreFiles != nil
            case .network?, nil: model.calibration != nil
            }
        return Generation(id: id, model: model, measured: isMeasured ? nil : calibration(model, index))
    }

    /// The calibration of a model, completed by what is measured in the library.
    private static func calibration(_ model: TimbreModel, _ index: TimbreIndex) -> Calibration? {
        var generator = SeededGenerator(seed: 1)
        let drawn = index.random(measured, using: &generator).sorted().compactMap(index.file)
        var calibration = model.calibration ?? Calibration(of: drawn.map { $0.spans.map(\.code) }, seed: 1)
        if case .earlier(let transform)? = model.metric {
            let vectors = drawn.compactMap { file in
                file.vector.map { Calibration.Vectors(whole: $0, spans: file.spans.compactMap(\.vector)) }
            }
            calibration?.measureTimbre(of: vectors, transform: transform, seed: 1)
        }
        return calibration
    }
}

extension IndexedFile {
    package init(_ row: IndexRow) {
        self.init(
            id: row.file, directory: row.directory, name: row.name, duration: row.duration,
            channelCount: row.channelCount, sampleCount: row.sampleCount, added: row.added, isOffline: row.isOffline,
            spans: row.code.indexedSpans, vector: row.code.vector,
            figures: row.figures.flatMap(SoundFigures.init(bytes:)))
    }
}
