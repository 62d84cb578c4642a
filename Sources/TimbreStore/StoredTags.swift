import GRDB
import Platform
import SoundFeatures
import SystemPackage

/// What files say of themselves, kept with their contents: tags are among the bytes that a content is known by.
///
/// They are NULL where nobody has looked for them yet, as in a library of an earlier version, and no bytes where there are
/// none.
enum StoredTags {
    static let column = """
        ALTER TABLE content ADD COLUMN tags BLOB;
        CREATE INDEX withoutTags ON content (id) WHERE tags IS NULL AND failure IS NULL;
        CREATE INDEX withTags ON content (id) WHERE tags > x'';
        """

    /// Has the tags read of Wave64, Core Audio's, Matroska's and Microsoft's files, which an earlier version did not look for.
    static let ofMoreContainers = """
        UPDATE content SET tags = NULL WHERE failure IS NULL AND (format LIKE 'W64,%' OR format LIKE 'CAF,%'
            OR lower(CAST(lastPath AS TEXT)) LIKE '%.w64'
            OR format LIKE '% in CAF' OR format LIKE '% in Matroska' OR format LIKE '% in WebM' OR format LIKE '% in ASF');
        """

    /// Has the tags behind sounds read again where an earlier version found none, as it knew of fewer, or took texts for UTF-8
    /// that are not: U+FFFD stands in them. Others keep what they have: a file that is away could not be asked again.
    static let behindSounds = """
        UPDATE content SET tags = NULL WHERE failure IS NULL AND (tags = x'' OR instr(tags, x'efbfbd') > 0)
            AND (format LIKE 'MPEG-%' OR format LIKE 'FLAC,%' OR format LIKE 'AAC (%'
                OR format IN ('WavPack', 'Monkey''s Audio', 'Musepack', 'TAK', 'TTA', 'Shorten', 'AC-3', 'E-AC-3'));
        """
}

/// A content that somebody has to read the tags of, and one of the files that hold it.
package struct UnreadTags: Hashable, Sendable {
    package var content: Int64
    /// An indexed file that is there; nil if there is none.
    package var file: Int64?
}

extension CatalogReader {
    /// The first decoded contents whose tags are not known yet, behind a number.
    package func contentsWithoutTags(after content: Int64 = 0, limit: Int) throws -> [UnreadTags] {
        try database.all(
            """
            SELECT id, (SELECT min(file.id) FROM file
                WHERE file.content = content.id AND file.state = 1 AND NOT file.isOffline)
            FROM content INDEXED BY withoutTags WHERE tags IS NULL AND failure IS NULL AND id > ? ORDER BY id LIMIT ?
            """, .integer(content), .integer(limit)
        ) { UnreadTags(content: $0.integer(0), file: $0.optional(1, $0.integer)) }
    }

    /// The names of the indexed files below a directory whose tags are not known yet.
    package func namesWithoutTags(under path: FilePath) throws -> [[UInt8]] {
        let subtree = Subtree(path.bytes)
        return try database.all(
            """
            SELECT file.name FROM directory JOIN file ON file.directory = directory.id
            JOIN content ON content.id = file.content
            WHERE \(subtree.condition) AND file.state = 1 AND content.tags IS NULL AND content.failure IS NULL
            """, subtree.arguments
        ) { $0.bytes(0) }
    }

    /// Whether some searchable file's tags are not known yet.
    package func lacksTags() throws -> Bool {
        try database.first(
            """
            SELECT 1 FROM content INDEXED BY withoutTags WHERE tags IS NULL AND failure IS NULL
            AND EXISTS (SELECT 1 FROM file WHERE file.content = content.id AND file.state = 1) LIMIT 1
            """
        ) { _ in true } ?? false
    }
}

extension CatalogWriter {
    /// Keeps the tags of a content.
    package func setTags(_ tags: SoundTags, of content: Int64) throws {
        try database.run("UPDATE content SET tags = ? WHERE id = ?", .bytes(tags.bytes), .integer(content))
        try indexTags(tags, of: content)
    }

    /// Has a content found by its tags that have just been written.
    func indexTags(_ tags: SoundTags?, of content: Int64) throws {
        guard let tags, !tags.isEmpty else { return }
        let frames = try database.first("SELECT frameCount FROM content WHERE id = ?", .integer(content)) { $0.int(0) }
        try TagIndex.add(tags, frameCount: frames ?? 0, of: content, to: database)
    }
}
