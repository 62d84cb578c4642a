import ContentHash
import Foundation
import GRDB
import Platform
import SystemPackage

extension Keepsakes {
    /// Reads what can be read of a damaged database, each thing on its own, and passes over the rest.
    init(salvagedFrom file: DatabaseFile) {
        do {
            let queue = try file.openAsItIs(isDamaged: true)
            folders = Self.rows(queue, "SELECT * FROM folder WHERE atRunTime").compactMap(FolderRecord.init(salvaged:))
            // A table may be whole where its index is not, and the other way about.
            let numbers = ["NOT INDEXED", "INDEXED BY sqlite_autoindex_model_1"].flatMap { way in
                Self.rows(queue, "SELECT id FROM model \(way)").compactMap { $0.salvaged("id", Int64.self) }
            }
            models = Set(numbers).sorted().compactMap { number in
                Self.rows(queue, "SELECT * FROM model WHERE id = \(number)").first.flatMap(Model.init(salvaged:))
            }
            for row in Self.rows(queue, "SELECT * FROM setting") {
                // Others are about the old database alone.
                guard let name = row.salvaged("name", String.self), Self.settings.contains(name),
                    let value = row.salvaged("value", Int64.self)
                else { continue }
                settings[name] = value
            }
        } catch {
            // Not even its first page can be read.
        }
    }

    /// The rows up to the first that cannot be read.
    private static func rows(_ queue: DatabaseQueue, _ sql: String) -> [Row] {
        var rows: [Row] = []
        do {
            try queue.read { database in
                let cursor = try Row.fetchCursor(database, sql: sql)
                while let row = try cursor.next() { rows.append(row.copy()) }
            }
        } catch {
            // What came before the damage is kept.
        }
        return rows
    }
}

extension Row {
    /// A value that may be of any kind, or none, in a damaged row.
    fileprivate func salvaged<Value: DatabaseValueConvertible>(_ column: String, _: Value.Type) -> Value? {
        let value: DatabaseValue? = self[column]
        return value.flatMap { Value.fromDatabaseValue($0) }
    }
}

extension FolderRecord {
    fileprivate init?(salvaged row: Row) {
        guard let path = row.salvaged("path", Data.self), path.first == UInt8(ascii: "/") else { return nil }
        self.init(
            path: FilePath(bytes: Array(path)), isAtRunTime: true,
            device: row.salvaged("device", Int64.self).map { UInt64(bitPattern: $0) },
            inode: row.salvaged("inode", Int64.self).map { UInt64(bitPattern: $0) },
            fileSystem: row.salvaged("fileSystem", Int64.self))
    }
}

extension Keepsakes.Model {
    fileprivate init?(salvaged row: Row) {
        guard let id = row.salvaged("id", Int64.self), let data = row.salvaged("data", Data.self),
            let hash = row.salvaged("hash", Data.self).flatMap({ ContentHash(bytes: Array($0)) }),
            let added = row.salvaged("added", Double.self), let origin = row.salvaged("origin", String.self)
        else { return nil }
        self.init(record: ModelRecord(id: id, hash: hash, added: added, origin: origin), data: Array(data))
    }
}
