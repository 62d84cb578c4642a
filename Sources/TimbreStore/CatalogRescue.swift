import ContentHash
import Foundation
import GRDB
import Platform
import SystemPackage

/// Replaces a damaged database by a new one, moves it aside, and saves what cannot be recovered from the sounds.
///
/// Wherever it is interrupted, the next start finds either the damaged database, and begins again, or the new one.
package struct CatalogRescue {
    private let file: DatabaseFile
    /// The new database, until it is complete.
    private var made: DatabaseFile { DatabaseFile(path: file.path.adding(".new")) }

    package init(_ path: FilePath) { file = DatabaseFile(path: path) }

    /// Replaces the database, which nobody has open.
    ///
    /// - Parameters:
    ///   - time: Seconds since 1970, for the name that the damaged one is given.
    ///   - isWhole: Whether a model is what it was: SQLite does not notice damage within a value.
    /// - Returns: Where the damaged database is now.
    /// - Throws: ``CatalogError`` if nothing can be written; the damaged database then stays where it is.
    package func replace(
        at time: Double, keeping isWhole: (Keepsakes.Model) -> Bool
    ) throws(CatalogError) -> FilePath {
        do {
            var keepsakes = KeepsakesCopy(of: file).read() ?? Keepsakes(salvagedFrom: file)
            keepsakes.keepModels(where: isWhole)
            for left in [made.path, made.log, made.logIndex] { try left.removeFile() }
            let pool = try made.openForWriting()
            try pool.write { try CatalogWriter(database: $0).add(keepsakes) }
            try DatabaseFile.close(pool)
            let aside = Self.free(file.path.adding(".damaged-\(Self.stamp(time))"))
            try file.path.rename(to: aside)
            try putInPlace(logAside: aside.adding("-wal"))
            return aside
        } catch {
            throw CatalogError(
                file.path, .unusable,
                "it is damaged, and cannot be made anew: \((error as? DatabaseError)?.message ?? "\(error)")")
        }
    }

    /// Finishes a replacement that was interrupted.
    func finish() throws {
        guard file.path.fileSize == nil, made.path.fileSize != nil, made.wasClosed else { return }
        try putInPlace(logAside: Self.free(file.path.adding(".damaged-wal")))
    }

    /// The damaged log must not be taken for that of the new database.
    private func putInPlace(logAside: FilePath) throws {
        if file.log.fileSize != nil { try file.log.rename(to: logAside) }
        try file.logIndex.removeFile()
        try made.path.rename(to: file.path)
        try DamageMark(of: file.path).clear()
        try file.path.removingLastComponent().syncFolder()
    }

    /// The name itself if it is free, or else with the first number appended that makes it so.
    private static func free(_ name: FilePath) -> FilePath {
        guard name.fileSize != nil else { return name }
        var number = 2
        while name.adding("-\(number)").fileSize != nil { number += 1 }
        return name.adding("-\(number)")
    }

    /// A time as in `20260102T030405Z`.
    private static func stamp(_ time: Double) -> String {
        let style = Date.ISO8601FormatStyle(
            dateSeparator: .omitted, timeSeparator: .omitted, timeZone: TimeZone(secondsFromGMT: 0) ?? .current)
        return Date(timeIntervalSince1970: time).formatted(style)
    }
}

extension Keepsakes {
    /// Reads what can be read of a damaged database, each thing on its own, and skips the rest.
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
