import GRDB

/// A file as the start needs it to fill the index.
package struct IndexRow: Sendable {
    package var file: Int64
    package var directory: Int64
    package var name: [UInt8]
    package var added: Double
    package var isOffline: Bool
    package var duration: Double
    package var channelCount: Int
    package var sampleCount: Int
    /// 16 bytes a span.
    package var spans: [UInt8]
    /// As ``CodeRecord/vectors``.
    package var vectors: [UInt8]
    /// As ``ContentRecord/figures``.
    package var figures: [UInt8]?
}

/// The index rows of which an answer consists.
package enum IndexRows: Sendable {
    /// Those of some files, by their numbers.
    case files(ClosedRange<Int64>)
    /// Those of the files that were touched since they were packed.
    case touched

    static let all = IndexRows.files(.min ... .max)
}

extension CatalogReader {
    /// Indexed files with their spans under a model, oldest first, one by one.
    package func forEachIndexRow(
        model: Int64, _ rows: IndexRows = .all, _ body: (IndexRow) throws -> Void
    ) throws {
        let condition =
            switch rows {
            case .files: "file.id BETWEEN ? AND ?"
            case .touched: "file.id IN (SELECT file FROM touched)"
            }
        var arguments = [Argument.integer(model)]
        if case .files(let files) = rows { arguments += [.integer(files.lowerBound), .integer(files.upperBound)] }
        // CROSS: SQLite is to begin with the files, not with all codes of the model, which it would have to sort.
        try database.each(
            """
            SELECT file.id, file.directory, file.name, file.added, file.isOffline, content.sampleRate,
            content.channelCount, content.frameCount, content.sampleCount, code.spans, code.vectors, content.figures
            FROM file CROSS JOIN content ON content.id = file.content
            CROSS JOIN code ON code.content = content.id AND code.model = ?
            WHERE file.state = 1 AND \(condition) ORDER BY file.id
            """, arguments
        ) { row in
            try body(
                IndexRow(
                    file: row.integer(0), directory: row.integer(1), name: row.bytes(2), added: row.real(3),
                    isOffline: row.flag(4), duration: Double(row.int(7)) / Double(row.int(5)),
                    channelCount: row.int(6), sampleCount: row.int(8), spans: row.bytes(9), vectors: row.bytes(10),
                    figures: row.isNull(11) ? nil : row.bytes(11)))
        }
    }
}
