import ContentHash
import GRDB
import SystemPackage
import TimbreExtraction

/// A file with what is known of its content, as `list` shows it.
package struct ListingRow: Sendable {
    /// The directory's path.
    package var directory: [UInt8]
    package var file: FileRecord
    /// What the file holds, once that is known.
    package var hash: ContentHash?
    package var sound: SoundInfo?
    /// 16 bytes a span, under the model asked for.
    package var spans: [UInt8]?

    package init(directory: [UInt8], file: FileRecord, hash: ContentHash?, sound: SoundInfo?, spans: [UInt8]?) {
        self.directory = directory
        self.file = file
        self.hash = hash
        self.sound = sound
        self.spans = spans
    }
}

extension CatalogReader {
    /// The files at and below a directory, or all, in the order of the bytes of their paths' directories, then names.
    ///
    /// - Complexity: O(*n*) in the files; they are handed out one by one.
    package func forEachListingRow(
        under path: FilePath?, model: Int64, _ body: (ListingRow) throws -> Void
    ) throws {
        let subtree = path.map { Subtree($0.rawBytes) }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(FileRecord.columns), directory.path, content.hash, content.sampleRate, content.channelCount,
                content.frameCount, content.sampleCount, content.format, content.isIncomplete, code.spans
                FROM directory JOIN file ON file.directory = directory.id
                LEFT JOIN content ON content.id = file.content
                LEFT JOIN code ON code.content = content.id AND code.model = ?
                \(subtree.map { "WHERE " + $0.condition } ?? "") ORDER BY directory.path, file.name
                """,
            arguments: [model] + (subtree?.arguments ?? []))
        while let row = try rows.next() {
            let hash: [UInt8]? = row.hasNull("hash") ? nil : row.bytes("hash")
            try body(
                ListingRow(
                    directory: row.bytes("path"), file: FileRecord(row: row),
                    hash: try hash.map(ContentHash.init(stored:)), sound: SoundInfo(row: row),
                    spans: row.hasNull("spans") ? nil : row.bytes("spans")))
        }
    }
}

extension SoundInfo {
    /// Reads a content's columns; nil where it could not be decoded.
    init?(row: Row) {
        guard let sampleRate: Int = row["sampleRate"] else { return nil }
        self.init(
            sampleRate: sampleRate, channelCount: row["channelCount"], frameCount: row["frameCount"],
            sampleCount: row["sampleCount"], format: row["format"], isIncomplete: row["isIncomplete"])
    }
}
