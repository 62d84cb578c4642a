import Foundation
import GRDB

/// What is known of a pack without a look into it.
package struct PackRecord: Hashable, Sendable {
    /// The last file that it is about. It is about all that come after the last one of the pack before.
    package var last: Int64
    /// The generation of its codes.
    package var model: Int64
    /// The files in it.
    package var fileCount: Int

    package init(last: Int64, model: Int64, fileCount: Int) {
        self.last = last
        self.model = model
        self.fileCount = fileCount
    }
}

/// The index rows of which an answer consists.
package enum IndexRows: Sendable {
    /// Those of some files, by their numbers.
    case files(ClosedRange<Int64>)
    /// Those of the files that were touched since they were packed.
    case touched

    static let all = IndexRows.files(.min ... .max)
}

extension CatalogReader {
    /// The packs, oldest files first.
    package func packs() throws -> [PackRecord] {
        let rows = try Row.fetchCursor(database, sql: "SELECT last, model, fileCount FROM pack ORDER BY last")
        var packs: [PackRecord] = []
        while let row = try rows.next() {
            // Damage may have put packs out of order.
            guard row[0] > packs.last?.last ?? .min, row[0] < Int64.max else { continue }
            packs.append(PackRecord(last: row[0], model: row[1], fileCount: row[2]))
        }
        return packs
    }

    /// The packs, oldest files first, one by one, with what is in those of a model; the bytes are there for the time of
    /// the call.
    package func forEachPack(of model: Int64, _ body: (PackRecord, RawSpan?) throws -> Void) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT last, model, fileCount, CASE model WHEN ? THEN data END FROM pack ORDER BY last",
            arguments: [model])
        while let row = try rows.next() {
            let pack = PackRecord(last: row[0], model: row[1], fileCount: row[2])
            try row.withUnsafeData(atIndex: 3) { data in
                guard let data else { return try body(pack, nil) }
                try unsafe data.withUnsafeBytes { bytes in
                    try unsafe body(pack, RawSpan(_unsafeBytes: bytes))
                }
            }
        }
    }

    /// The files that were touched since they were packed, oldest first. Some may be gone.
    package func touchedFiles() throws -> [Int64] {
        try Int64.fetchAll(database, sql: "SELECT file FROM touched ORDER BY file")
    }
}

extension CatalogWriter {
    /// Puts packs in the place of those of some files, which count as untouched then.
    ///
    /// - Parameters:
    ///   - packs: What is to be kept, oldest files first: the index rows of exactly these files, in this transaction.
    ///   - files: What begins behind the end of a pack, and ends with one or beyond the last.
    package func setPacks(_ packs: [(PackRecord, [UInt8])], of files: ClosedRange<Int64>) throws {
        let bounds: StatementArguments = [files.lowerBound, files.upperBound]
        try database.execute(sql: "DELETE FROM pack WHERE last BETWEEN ? AND ?", arguments: bounds)
        let statement = try database.cachedStatement(
            sql: "INSERT INTO pack (last, model, fileCount, data) VALUES (?, ?, ?, ?)")
        for (pack, data) in packs {
            precondition(files.contains(pack.last))
            try statement.execute(arguments: [pack.last, pack.model, pack.fileCount, data.blob])
        }
        try database.execute(sql: "DELETE FROM touched WHERE file BETWEEN ? AND ?", arguments: bounds)
    }

    /// Notes of packs that they cannot be read: they are of no model then, and made anew as if another were live.
    package func spoil(_ packs: [PackRecord]) throws {
        for pack in packs {
            try database.execute(
                sql: "UPDATE pack SET model = 0, fileCount = 0, data = x'' WHERE last = ?", arguments: [pack.last])
        }
    }
}
