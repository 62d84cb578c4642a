import ContentHash
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
        try database.all("SELECT hash FROM content WHERE size = ? LIMIT ?", .integer(size), .integer(limit)) { row in
            try ContentHash(stored: row.bytes(0))
        }
    }

    /// The hash of a content; nil if there is none of this number.
    package func hash(ofContent id: Int64) throws -> ContentHash? {
        try database.first("SELECT hash FROM content WHERE id = ?", .integer(id)) { row in
            try ContentHash(stored: row.bytes(0))
        }
    }

    /// Contents that no file holds any more, oldest first.
    ///
    /// - Parameters:
    ///   - content: Only those with a greater number.
    ///   - limit: How many at most.
    package func orphans(after content: Int64 = 0, limit: Int = .max) throws -> [ContentRecord] {
        try database.all(
            """
            SELECT \(ContentRecord.columns) FROM content WHERE id > ?
            AND NOT EXISTS (SELECT 1 FROM file WHERE file.content = content.id) ORDER BY id LIMIT ?
            """, .integer(content), .integer(limit), row: ContentRecord.init)
    }
}

extension CatalogWriter {
    /// Stores what was found out about a content that is not known yet.
    ///
    /// - Parameters:
    ///   - soundingCount: The frames among `features` that are not silent.
    ///   - figures: Its figures, if they are known already.
    package func addContent(
        _ hash: ContentHash, size: Int64, sound: SoundInfo, features: FeatureFrames, soundingCount: Int,
        figures: [UInt8]? = nil, path: [UInt8], at time: Double
    ) throws -> ContentRecord {
        try database.run(
            """
            INSERT INTO content (hash, size, added, sampleRate, channelCount, frameCount, sampleCount, format,
            isIncomplete, note, audio, tags, featureCount, soundingCount, figures, lastPath)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .bytes(hash.bytes), .integer(size), .real(time), .integer(sound.sampleRate),
            .integer(sound.channelCount), .integer(sound.frameCount), .integer(sound.sampleCount), .text(sound.format),
            .flag(sound.isIncomplete), .text(sound.note),
            .bytes(sound.audio?.bytes), .bytes(sound.tags?.bytes), .integer(features.count),
            .integer(soundingCount), .bytes(figures), .bytes(path))
        let id = database.lastInsertedRowID
        try indexTags(sound.tags, of: id)
        for (table, bytes) in [(FeatureTable.cepstra, features.cepstra), (.bands, features.bands)] {
            try table.add(bytes, of: id, to: database)
        }
        return ContentRecord(
            id: id, hash: hash, size: size, added: time, sound: sound, featureCount: features.count,
            soundingCount: soundingCount, failure: nil, lastPath: path, figures: figures)
    }

    /// Records that a content cannot be decoded, so that its copies are not tried.
    package func addFailedContent(
        _ hash: ContentHash, size: Int64, failure: ExtractionFailure, path: [UInt8], at time: Double
    ) throws -> Int64 {
        try database.run(
            """
            INSERT INTO content (hash, size, added, featureCount, soundingCount, failure, detail, lastPath)
            VALUES (?, ?, ?, 0, 0, ?, ?, ?)
            """, .bytes(hash.bytes), .integer(size), .real(time), .integer(Int(failure.reason.rawValue)),
            .text(failure.detail), .bytes(path))
        return database.lastInsertedRowID
    }

    /// Stores what is known of a content under the hash of a file that held it and has other tags now.
    ///
    /// Where other files hold the content still, it is kept a second time.
    ///
    /// - Parameter tags: What the file says of itself now; nil if that is not known yet.
    /// - Returns: The content that the file holds now.
    package func retag(
        _ id: Int64, as hash: ContentHash, size: Int64, tags: SoundTags? = nil, at time: Double
    ) throws -> Int64 {
        guard try reader.files(ofContent: id).count > 1 else {
            try database.run(
                "UPDATE content SET hash = ?, size = ?, tags = ? WHERE id = ?", .bytes(hash.bytes), .integer(size),
                .bytes(tags?.bytes), .integer(id))
            try indexTags(tags, of: id)
            return id
        }
        try database.run(
            """
            INSERT INTO content (hash, size, added, sampleRate, channelCount, frameCount, sampleCount, format,
            isIncomplete, note, audio, tags, featureCount, soundingCount, figures, lastPath)
            SELECT ?, ?, ?, sampleRate, channelCount, frameCount, sampleCount, format, isIncomplete, note, audio, ?,
            featureCount, soundingCount, figures, lastPath FROM content WHERE id = ?
            """, .bytes(hash.bytes), .integer(size), .real(time), .bytes(tags?.bytes), .integer(id))
        let copy = database.lastInsertedRowID
        try indexTags(tags, of: copy)
        for table in FeatureTable.allCases { try table.copy(id, to: copy, in: database) }
        try database.run(
            "INSERT INTO code (model, content, spans, frames, vectors) "
                + "SELECT model, ?, spans, frames, vectors FROM code WHERE content = ?", .integer(copy), .integer(id))
        if let events = try reader.events(of: id) { try setEvents(events, of: copy) }
        return copy
    }

    /// Records the last name of a content whose file is being forgotten.
    package func setLastPath(_ path: [UInt8], ofContent content: Int64) throws {
        try database.run("UPDATE content SET lastPath = ? WHERE id = ?", .bytes(path), .integer(content))
    }

    /// Forgets a content, its features, its codes and its events for good.
    ///
    /// - Precondition: No file holds it.
    package func removeContent(_ id: Int64) throws {
        for table in FeatureTable.allCases { try table.remove(id, from: database) }
        try database.run("DELETE FROM code WHERE content = ?", .integer(id))
        try removeEvents(of: id)
        try removePlaces(of: id)
        try database.run("DELETE FROM content WHERE id = ?", .integer(id))
    }

    /// Forgets that a content could not be decoded, so that it is tried again.
    ///
    /// - Returns: The files that hold it, which wait to be looked at now.
    package func forgetFailure(_ id: Int64) throws -> [Int64] {
        let files = try reader.files(ofContent: id).map(\.id)
        try database.run(
            "UPDATE file SET content = NULL, state = 0, failure = NULL, detail = NULL WHERE content = ?", .integer(id))
        try removeContent(id)
        return files
    }
}
