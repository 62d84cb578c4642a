import ContentHash
import Foundation
import GRDB
import SoundFeatures

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
}

extension CatalogReader {
    /// The generations, oldest first.
    package func models() throws -> [ModelRecord] {
        try Row.fetchAll(database, sql: "SELECT id, hash, added, origin FROM model ORDER BY id").map(ModelRecord.init)
    }

    /// The model file of a generation.
    package func modelData(_ id: Int64) throws -> [UInt8]? {
        try Row.fetchOne(database, sql: "SELECT data FROM model WHERE id = ?", arguments: [id])?.bytes("data")
    }

    /// The number of the live generation.
    package func liveModel() throws -> Int64? { try setting("model") }

    /// A small fact, if it was ever kept.
    package func setting(_ name: String) throws -> Int64? {
        try Int64.fetchOne(database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
    }

    /// The codes and vectors of a content under a model.
    package func code(of content: Int64, model: Int64) throws -> CodeRecord? {
        try database.first(
            "SELECT spans, frames, vectors FROM code WHERE model = ? AND content = ?", .integer(model),
            .integer(content)
        ) { CodeRecord(spans: $0.bytes(0), frames: $0.bytes(1), vectors: $0.bytes(2)) }
    }

    /// The codes of the frames of what a file holds, under a model: see ``CodeRecord/frames``.
    package func frames(ofFile file: Int64, model: Int64) throws -> [UInt8]? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT frames FROM file JOIN code ON code.content = file.content AND code.model = ? WHERE file.id = ?
                """)
        return try Row.fetchOne(statement, arguments: [model, file])?.bytes("frames")
    }

    /// Decoded contents that have no codes under a model yet, oldest first, at most `limit`.
    ///
    /// - Parameter withVectors: Whether codes without timbre vectors do not count.
    package func contentsWithoutCode(
        model: Int64, withVectors: Bool = false, after content: Int64 = 0, limit: Int
    ) throws -> [Int64] {
        try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM content WHERE failure IS NULL AND id > ?
                AND NOT EXISTS (
                    SELECT 1 FROM code WHERE code.model = ? AND code.content = content.id
                    AND (NOT ? OR length(code.vectors) > 0))
                ORDER BY id LIMIT ?
                """, arguments: [content, model, withVectors, limit])
    }

    /// Indexed files with their spans under a model, oldest first, one by one.
    package func forEachIndexRow(
        model: Int64, _ rows: IndexRows = .all, _ body: (IndexRow) throws -> Void
    ) throws {
        let condition =
            switch rows {
            case .files: "file.id BETWEEN ? AND ?"
            case .touched: "file.id IN (SELECT file FROM touched)"
            }
        var arguments: StatementArguments = [model]
        if case .files(let files) = rows { arguments += [files.lowerBound, files.upperBound] }
        // CROSS: SQLite is to begin with the files, not with all codes of the model, which it would have to sort.
        let found = try Row.fetchCursor(
            database,
            sql: """
                SELECT file.id, file.directory, file.name, file.added, file.isOffline, content.sampleRate,
                content.channelCount, content.frameCount, content.sampleCount, code.spans, code.vectors
                FROM file CROSS JOIN content ON content.id = file.content
                CROSS JOIN code ON code.content = content.id AND code.model = ?
                WHERE file.state = 1 AND \(condition) ORDER BY file.id
                """, arguments: arguments)
        while let row = try found.next() {
            let (rate, frames): (Int, Int) = (row[5], row[7])
            try body(
                IndexRow(
                    file: row[0], directory: row[1], name: row.bytes(at: 2), added: row[3], isOffline: row[4],
                    duration: Double(frames) / Double(rate), channelCount: row[6], sampleCount: row[8],
                    spans: row.bytes(at: 9), vectors: row.bytes(at: 10)))
        }
    }
}

extension CatalogWriter {
    /// Adds a generation, or finds it where the same model is known.
    package func addModel(_ hash: ContentHash, data: [UInt8], origin: String, at time: Double) throws -> Int64 {
        if let known = try Int64.fetchOne(
            database, sql: "SELECT id FROM model WHERE hash = ?", arguments: [hash.bytes.blob])
        {
            return known
        }
        try database.execute(
            sql: "INSERT INTO model (hash, data, added, origin) VALUES (?, ?, ?, ?)",
            arguments: [hash.bytes.blob, data.blob, time, origin])
        keepsakes?.isMade = true
        return database.lastInsertedRowID
    }

    /// Makes a generation the live one.
    package func setLiveModel(_ id: Int64) throws { try set("model", to: id) }

    /// Keeps a small fact.
    package func set(_ name: String, to value: Int64) throws {
        if Keepsakes.settings.contains(name) { keepsakes?.isMade = true }
        try database.execute(
            sql:
                "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            arguments: [name, value])
    }

    /// Keeps the codes and vectors of a content under a model.
    package func setCode(_ code: CodeRecord, of content: Int64, model: Int64) throws {
        // Neither REPLACE, which keeps the trigger of a deletion from being run, nor DO UPDATE, in which those of an update
        // ignore nothing.
        try database.run(
            "UPDATE code SET spans = ?, frames = ?, vectors = ? WHERE model = ? AND content = ?", .bytes(code.spans),
            .bytes(code.frames), .bytes(code.vectors), .integer(model), .integer(content))
        guard database.changesCount == 0 else { return }
        try database.run(
            "INSERT INTO code (model, content, spans, frames, vectors) VALUES (?, ?, ?, ?, ?)", .integer(model),
            .integer(content), .bytes(code.spans), .bytes(code.frames), .bytes(code.vectors))
    }
}

extension CatalogReader {
    /// How many contents have codes under a model.
    package func codeCount(model: Int64) throws -> Int {
        try database.first("SELECT count FROM tally WHERE thing = ?", .integer(model)) { $0.int(0) } ?? 0
    }
}
