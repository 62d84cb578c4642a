import ContentHash
import GRDB

/// A generation.
package struct ModelRecord: Hashable, Sendable {
    package var id: Int64
    package var hash: ContentHash
    /// When it came, seconds since 1970.
    package var added: Double
    /// `default`, `retrain` or `import`.
    package var origin: String
}

extension CatalogReader {
    /// The generations, oldest first.
    package func models() throws -> [ModelRecord] {
        try database.all("SELECT id, hash, added, origin FROM model ORDER BY id") { row in
            ModelRecord(
                id: row.integer(0), hash: try ContentHash(stored: row.bytes(1)), added: row.real(2),
                origin: row.text(3) ?? "")
        }
    }

    /// The model file of a generation.
    package func modelData(_ id: Int64) throws -> [UInt8]? {
        try database.first("SELECT data FROM model WHERE id = ?", .integer(id)) { $0.bytes(0) }
    }

    /// The number of the live generation.
    package func liveModel() throws -> Int64? { try setting("model") }

    /// A small fact, if it was ever kept.
    package func setting(_ name: String) throws -> Int64? {
        try database.first("SELECT value FROM setting WHERE name = ?", .text(name)) { $0.integer(0) }
    }
}

extension CatalogWriter {
    /// Adds a generation, or finds it where the same model is known.
    package func addModel(_ hash: ContentHash, data: [UInt8], origin: String, at time: Double) throws -> Int64 {
        let known = try database.first("SELECT id FROM model WHERE hash = ?", .bytes(hash.bytes)) { $0.integer(0) }
        if let known { return known }
        try database.run(
            "INSERT INTO model (hash, data, added, origin) VALUES (?, ?, ?, ?)", .bytes(hash.bytes), .bytes(data),
            .real(time), .text(origin))
        keepsakes?.isMade = true
        return database.lastInsertedRowID
    }

    /// Makes a generation the live one.
    package func setLiveModel(_ id: Int64) throws { try set("model", to: id) }

    /// Keeps a small fact.
    package func set(_ name: String, to value: Int64) throws {
        if Keepsakes.settings.contains(name) { keepsakes?.isMade = true }
        try database.run(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            .text(name), .integer(value))
    }
}
