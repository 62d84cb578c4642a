import ContentHash
import Foundation
import GRDB
import Platform
import SoundFeatures
import SystemPackage

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
    /// A page of the files at and below a directory, or of all, in the order of the bytes of their directories' paths,
    /// then of their names.
    ///
    /// - Parameters:
    ///   - last: The last file of the page before; nil for the first page.
    ///   - limit: How many files at most.
    package func listingPage(
        under path: FilePath?, model: Int64, after last: (directory: [UInt8], name: [UInt8])?, limit: Int
    ) throws -> [ListingRow] {
        let subtree = path.map { Subtree($0.bytes) }
        var conditions = subtree.map { [$0.condition] } ?? []
        var arguments: StatementArguments = [model]
        if let subtree { arguments += subtree.arguments }
        if let last {
            conditions.append("directory.path >= ? AND (directory.path > ? OR file.name > ?)")
            arguments += [last.directory.blob, last.directory.blob, last.name.blob]
        }
        arguments += [limit]
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT \(FileRecord.columns), directory.path, content.hash, content.sampleRate, content.channelCount,
                content.frameCount, content.sampleCount, content.format, content.isIncomplete,
                content.note, code.spans
                FROM directory JOIN file ON file.directory = directory.id
                LEFT JOIN content ON content.id = file.content
                LEFT JOIN code ON code.content = content.id AND code.model = ?
                \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
                ORDER BY directory.path, file.name LIMIT ?
                """, arguments: arguments)
        var page: [ListingRow] = []
        while let row = try rows.next() {
            let hash: [UInt8]? = row.hasNull("hash") ? nil : row.bytes("hash")
            page.append(
                ListingRow(
                    directory: row.bytes("path"), file: FileRecord(row: row),
                    hash: try hash.map(ContentHash.init(stored:)), sound: SoundInfo(row: row),
                    spans: row.hasNull("spans") ? nil : row.bytes("spans")))
        }
        return page
    }
}

extension SoundInfo {
    /// Reads a content's columns; nil where it could not be decoded.
    init?(row: Row) {
        guard let sampleRate: Int = row["sampleRate"] else { return nil }
        // Nobody who asks for many sounds asks for this.
        let audio: Data? = row["audio"]
        self.init(
            sampleRate: sampleRate, channelCount: row["channelCount"], frameCount: row["frameCount"],
            sampleCount: row["sampleCount"], format: row["format"], isIncomplete: row["isIncomplete"],
            note: row["note"], audio: audio.flatMap { AudioHash(bytes: $0) })
    }
}
