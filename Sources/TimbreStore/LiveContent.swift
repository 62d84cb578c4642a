import GRDB

/// A decoded content that some file holds, as a training needs it: 8 bytes, as there may be a million of them.
package struct LiveContent: Hashable, Sendable {
    private let bits: UInt64

    /// Bits that count frames: four days of sound. Where there is more, no frame behind these is drawn.
    private static let countBits: UInt64 = 24

    /// - Precondition: The number has at most 40 bits. The keys of features have room for no more than 43.
    init(id: Int64, soundingCount: Int) {
        precondition(id >= 0 && id >> 40 == 0)
        bits = UInt64(id) << Self.countBits | min(UInt64(max(0, soundingCount)), 1 << Self.countBits - 1)
    }

    package var id: Int64 { Int64(bits >> Self.countBits) }

    /// Frames of features that are not silent.
    package var soundingCount: Int { Int(bits & (1 << Self.countBits - 1)) }
}

extension CatalogReader {
    /// Decoded contents that some file holds, by hash: an order that does not depend on the order of ingest.
    package func liveContents() throws -> [LiveContent] {
        var contents: [LiveContent] = []
        contents.reserveCapacity(try decodedContentCount())
        try database.each(
            """
            SELECT id, soundingCount FROM content WHERE failure IS NULL
            AND EXISTS (SELECT 1 FROM file WHERE file.content = content.id) ORDER BY hash
            """
        ) { row in contents.append(LiveContent(id: row.integer(0), soundingCount: row.int(1))) }
        return contents
    }

    /// Decoded contents that some file holds and that are not silent, newest first, at most `limit`.
    package func newestContents(limit: Int) throws -> [Int64] {
        try database.all(
            """
            SELECT id FROM content WHERE failure IS NULL AND soundingCount > 0
            AND EXISTS (SELECT 1 FROM file WHERE file.content = content.id) ORDER BY id DESC LIMIT ?
            """, .integer(limit)
        ) { $0.integer(0) }
    }
}
