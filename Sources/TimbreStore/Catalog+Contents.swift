import ContentHash
import Foundation
import GRDB
import SoundFeatures

extension CatalogReader {
    /// What is known under a hash.
    package func content(_ hash: ContentHash) throws -> ContentRecord? {
        try database.first(Self.contentByHash, .bytes(hash.bytes), row: ContentRecord.init)
    }

    /// The content of a number.
    package func content(_ id: Int64) throws -> ContentRecord? {
        try database.first(Self.contentByNumber, .integer(id), row: ContentRecord.init)
    }

    private static let contentByHash = "SELECT \(ContentRecord.columns) FROM content WHERE hash = ?"
    private static let contentByNumber = "SELECT \(ContentRecord.columns) FROM content WHERE id = ?"

    /// The contents of a size in bytes, at most `limit`: where there is none, a file of that size holds something new.
    package func contents(ofSize size: Int64, limit: Int) throws -> [ContentHash] {
        var hashes: [ContentHash] = []
        try database.each("SELECT hash FROM content WHERE size = ? LIMIT ?", .integer(size), .integer(limit)) { row in
            hashes.append(try ContentHash(stored: row.bytes(0)))
        }
        return hashes
    }

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

    /// The hash of a content; nil if there is none of this number.
    package func hash(ofContent id: Int64) throws -> ContentHash? {
        try database.first("SELECT hash FROM content WHERE id = ?", .integer(id)) { row in
            try ContentHash(stored: row.bytes(0))
        }
    }

    /// Decoded contents that some file holds and that are not silent, newest first, at most `limit`.
    package func newestContents(limit: Int) throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM content WHERE failure IS NULL AND soundingCount > 0
                AND EXISTS (SELECT 1 FROM file WHERE file.content = content.id) ORDER BY id DESC LIMIT ?
                """, arguments: [limit])
    }

    /// Contents that no file holds any more, oldest first.
    ///
    /// - Parameters:
    ///   - content: Only those with a greater number.
    ///   - limit: How many at most.
    package func orphans(after content: Int64 = 0, limit: Int = .max) throws -> [ContentRecord] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT * FROM content WHERE id > ?
                AND NOT EXISTS (SELECT 1 FROM file WHERE file.content = content.id) ORDER BY id LIMIT ?
                """, arguments: [content, limit]
        ).map(ContentRecord.init)
    }

    /// The cepstra of a content, shape `[featureCount, 30]` bytes; see ``FeatureFrames/cepstra``.
    ///
    /// - Parameter count: Of how many frames at the most, from the first.
    package func cepstra(of content: Int64, first count: Int = .max) throws -> [UInt8] {
        try blocks("cepstra", of: content, FeatureFrames.cepstrumStride, first: count)
    }

    /// The Bark bands of a content, shape `[featureCount, 104]` bytes; see ``FeatureFrames/bands``.
    ///
    /// - Parameter count: Of how many frames at the most, from the first.
    package func bands(of content: Int64, first count: Int = .max) throws -> [UInt8] {
        try blocks("bands", of: content, FeatureFrames.bandStride, first: count)
    }

    private func blocks(_ table: String, of content: Int64, _ stride: Int, first count: Int) throws -> [UInt8] {
        let first = content << Schema.blockBits
        let statement = try database.cachedStatement(
            sql: "SELECT data FROM \(table) WHERE key BETWEEN ? AND ? ORDER BY key")
        let rows = try Row.fetchCursor(statement, arguments: [first, first | (1 << Schema.blockBits - 1)])
        var bytes: [UInt8] = []
        while bytes.count / stride < count, let row = try rows.next() { bytes += row.bytes("data") }
        return bytes.count / stride > count ? Array(bytes.prefix(count * stride)) : bytes
    }
}

extension CatalogWriter {
    /// Keeps what was learnt of a content that is not known yet.
    ///
    /// - Parameter soundingCount: The frames among `features` that are not silent.
    package func addContent(
        _ hash: ContentHash, size: Int64, sound: SoundInfo, features: FeatureFrames, soundingCount: Int,
        path: [UInt8], at time: Double
    ) throws -> ContentRecord {
        try database.run(
            """
            INSERT INTO content (hash, size, added, sampleRate, channelCount, frameCount, sampleCount, format,
            isIncomplete, note, audio, featureCount, soundingCount, lastPath)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .bytes(hash.bytes), .integer(size), .real(time), .integer(sound.sampleRate),
            .integer(sound.channelCount), .integer(sound.frameCount), .integer(sound.sampleCount), .text(sound.format),
            .integer(sound.isIncomplete ? 1 : 0), .text(sound.note),
            sound.audio.map { .bytes($0.bytes) } ?? .null, .integer(features.count),
            .integer(soundingCount), .bytes(path))
        let id = database.lastInsertedRowID
        try addBlocks("cepstra", of: id, features.cepstra, stride: FeatureFrames.cepstrumStride)
        try addBlocks("bands", of: id, features.bands, stride: FeatureFrames.bandStride)
        return ContentRecord(
            id: id, hash: hash, size: size, added: time, sound: sound, featureCount: features.count,
            soundingCount: soundingCount, failure: nil, lastPath: path)
    }

    private func addBlocks(_ table: String, of content: Int64, _ bytes: [UInt8], stride: Int) throws {
        let sql = "INSERT INTO \(table) (key, data) VALUES (?, ?)"
        let step = Schema.blockFrames * stride
        for (number, start) in Swift.stride(from: 0, to: bytes.count, by: step).enumerated() {
            precondition(number < 1 << Schema.blockBits)
            let isAll = bytes.count <= step
            try database.run(
                sql, .integer(content << Schema.blockBits | Int64(number)),
                .bytes(isAll ? bytes : Array(bytes[start..<min(start + step, bytes.count)])))
        }
    }

    /// Keeps that a content cannot be decoded, so that its copies are not tried.
    package func addFailedContent(
        _ hash: ContentHash, size: Int64, failure: ExtractionFailure, path: [UInt8], at time: Double
    ) throws -> Int64 {
        try database.cachedStatement(
            sql: """
                INSERT INTO content (hash, size, added, featureCount, soundingCount, failure, detail, lastPath)
                VALUES (?, ?, ?, 0, 0, ?, ?, ?)
                """
        ).execute(arguments: [
            hash.bytes.blob, size, time, Int(failure.reason.rawValue), failure.detail, path.blob,
        ])
        return database.lastInsertedRowID
    }

    /// Keeps what is known of a content under the hash that a file has which held it, and has other tags now.
    ///
    /// Where other files hold the content still, it is kept a second time.
    ///
    /// - Returns: The content that the file holds now.
    package func retag(_ id: Int64, as hash: ContentHash, size: Int64, at time: Double) throws -> Int64 {
        guard try reader.files(ofContent: id).count > 1 else {
            try database.run(
                "UPDATE content SET hash = ?, size = ? WHERE id = ?", .bytes(hash.bytes), .integer(size), .integer(id))
            return id
        }
        try database.run(
            """
            INSERT INTO content (hash, size, added, sampleRate, channelCount, frameCount, sampleCount, format,
            isIncomplete, note, audio, featureCount, soundingCount, lastPath)
            SELECT ?, ?, ?, sampleRate, channelCount, frameCount, sampleCount, format, isIncomplete, note, audio,
            featureCount, soundingCount, lastPath FROM content WHERE id = ?
            """, .bytes(hash.bytes), .integer(size), .real(time), .integer(id))
        let copy = database.lastInsertedRowID
        let (first, last) = (id << Schema.blockBits, id << Schema.blockBits | (1 << Schema.blockBits - 1))
        for table in ["cepstra", "bands"] {
            try database.run(
                "INSERT INTO \(table) (key, data) SELECT key + ?, data FROM \(table) WHERE key BETWEEN ? AND ?",
                .integer((copy - id) << Schema.blockBits), .integer(first), .integer(last))
        }
        try database.run(
            "INSERT INTO code (model, content, spans, frames, vectors) "
                + "SELECT model, ?, spans, frames, vectors FROM code WHERE content = ?", .integer(copy), .integer(id))
        return copy
    }

    /// Notes the last name of a content whose file goes.
    package func setLastPath(_ path: [UInt8], ofContent content: Int64) throws {
        try database.cachedStatement(sql: "UPDATE content SET lastPath = ? WHERE id = ?")
            .execute(arguments: [path.blob, content])
    }

    /// Forgets a content, its features and its codes for good.
    ///
    /// - Precondition: No file holds it.
    package func removeContent(_ id: Int64) throws {
        let (first, last) = (id << Schema.blockBits, id << Schema.blockBits | (1 << Schema.blockBits - 1))
        for table in ["cepstra", "bands"] {
            try database.cachedStatement(sql: "DELETE FROM \(table) WHERE key BETWEEN ? AND ?")
                .execute(arguments: [first, last])
        }
        try database.cachedStatement(sql: "DELETE FROM code WHERE content = ?").execute(arguments: [id])
        try database.cachedStatement(sql: "DELETE FROM content WHERE id = ?").execute(arguments: [id])
    }
}

extension CatalogWriter {
    /// Forgets that a content could not be decoded, so that it is tried again.
    ///
    /// - Returns: The files that hold it, which wait to be looked at now.
    package func forgetFailure(_ id: Int64) throws -> [Int64] {
        let files = try reader.files(ofContent: id).map(\.id)
        try database.execute(
            sql: "UPDATE file SET content = NULL, state = 0, failure = NULL, detail = NULL WHERE content = ?",
            arguments: [id])
        try removeContent(id)
        return files
    }
}
