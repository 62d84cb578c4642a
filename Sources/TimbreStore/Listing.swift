import ContentHash
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
    /// As ``ContentRecord/figures``.
    package var figures: [UInt8]?

    package init(
        directory: [UInt8], file: FileRecord, hash: ContentHash?, sound: SoundInfo?, spans: [UInt8]?,
        figures: [UInt8]?
    ) {
        self.directory = directory
        self.file = file
        self.hash = hash
        self.sound = sound
        self.spans = spans
        self.figures = figures
    }
}

extension CatalogReader {
    /// A page of the files at and below a directory, or of all, in the order of the bytes of their directories' paths, then
    /// of their names. Archives of which nothing is to be said are left out.
    ///
    /// - Parameters:
    ///   - last: The last file of the page before; nil for the first page.
    ///   - limit: How many files at most.
    package func listingPage(
        under path: FilePath?, model: Int64, after last: (directory: [UInt8], name: [UInt8])?, limit: Int
    ) throws -> [ListingRow] {
        let subtree = path.map { Subtree($0.bytes) }
        var conditions = (subtree.map { [$0.condition] } ?? []) + ["file.state < \(FileState.unopened.rawValue)"]
        var arguments = [Argument.integer(model)] + (subtree?.arguments ?? [])
        if let last {
            conditions.append("directory.path >= ? AND (directory.path > ? OR file.name > ?)")
            arguments += [.bytes(last.directory), .bytes(last.directory), .bytes(last.name)]
        }
        arguments.append(.integer(limit))
        return try database.all(
            """
            \(ListingRow.selection("directory JOIN file ON file.directory = directory.id"))
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY directory.path, file.name LIMIT ?
            """, arguments, row: ListingRow.init)
    }

    /// A file as a page of them has it; nil if there is none of this number.
    package func listingRow(ofFile id: Int64, model: Int64) throws -> ListingRow? {
        try database.first(Self.listingByNumber, .integer(model), .integer(id), row: ListingRow.init)
    }

    private static let listingByNumber =
        ListingRow.selection("file JOIN directory ON file.directory = directory.id") + " WHERE file.id = ?"
}

extension ListingRow {
    /// What is selected of some files; the first argument is the model's number.
    ///
    /// Nobody who asks for many sounds asks for the hash of their audio.
    fileprivate static func selection(_ files: String) -> String {
        """
        SELECT \(FileRecord.columns), directory.path, content.hash, code.spans, content.sampleRate,
        content.channelCount, content.frameCount, content.sampleCount, content.format, content.isIncomplete,
        content.note, NULL, content.tags, content.figures
        FROM \(files)
        LEFT JOIN content ON content.id = file.content
        LEFT JOIN code ON code.content = content.id AND code.model = ?
        """
    }

    fileprivate init(_ row: Columns) throws {
        self.init(
            directory: row.bytes(16), file: FileRecord(row),
            hash: row.isNull(17) ? nil : try ContentHash(stored: row.bytes(17)), sound: SoundInfo(row, at: 19),
            spans: row.isNull(18) ? nil : row.bytes(18), figures: row.isNull(28) ? nil : row.bytes(28))
    }
}
