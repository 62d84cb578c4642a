import GRDB

/// The plain figures of contents, such as brightness and pitch, which follow from their stored bands.
///
/// They are bytes here, and NULL where nobody has computed them yet: in a library of an earlier version, or if they have come
/// to mean something else.
enum StoredFigures {
    static let column = """
        ALTER TABLE content ADD COLUMN figures BLOB;
        CREATE INDEX withoutFigures ON content (id) WHERE figures IS NULL AND failure IS NULL;
        CREATE TRIGGER figuresUpdated AFTER UPDATE OF figures ON content
        BEGIN
            INSERT OR IGNORE INTO touched SELECT id FROM file
            WHERE content = OLD.id AND id <= (SELECT max(last) FROM pack);
        END;
        """
}

extension CatalogReader {
    /// The first decoded contents that have no figures yet, whether a file holds them or not.
    package func contentsWithoutFigures(limit: Int) throws -> [Int64] {
        try database.all(
            """
            SELECT id FROM content INDEXED BY withoutFigures WHERE figures IS NULL AND failure IS NULL
            ORDER BY id LIMIT ?
            """, .integer(limit)
        ) { $0.integer(0) }
    }
}

extension CatalogWriter {
    /// Keeps the figures of a content.
    package func setFigures(_ bytes: [UInt8], of content: Int64) throws {
        try database.run("UPDATE content SET figures = ? WHERE id = ?", .bytes(bytes), .integer(content))
    }
}
