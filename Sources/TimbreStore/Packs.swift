import Foundation
import GRDB

/// The tables by which a start fills the index without reading every row.
///
/// - `pack`: what ``CatalogReader/forEachIndexRow(model:_:_:)`` gives for the files up to `last` that are not in the pack
///   before, as the index keeps it: bytes that mean nothing here. Each is of one model.
/// - `touched`: packed files of which that may be something else by now. Triggers see to it in the very transaction that
///   changes something, whoever changes it, so that packs and the rows of touched files together are the whole truth.
///
/// Files beyond the last pack are not tracked: all their rows are read. Those are the ones that ingest changes most. A
/// new file is not indexed yet, so that only its update counts, and a code does not matter to a pack of another model.
enum Packs {
    static let tables = """
        CREATE TABLE pack (
            last INTEGER PRIMARY KEY, model INTEGER NOT NULL, fileCount INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE touched (file INTEGER PRIMARY KEY);
        CREATE TRIGGER fileUpdated AFTER UPDATE OF directory, name, state, content, added, isOffline ON file
        WHEN OLD.id <= (SELECT max(last) FROM pack)
            AND (OLD.directory, OLD.name, OLD.state, OLD.content, OLD.added, OLD.isOffline)
                IS NOT (NEW.directory, NEW.name, NEW.state, NEW.content, NEW.added, NEW.isOffline)
        BEGIN INSERT OR IGNORE INTO touched VALUES (OLD.id); END;
        CREATE TRIGGER fileDeleted AFTER DELETE ON file WHEN OLD.id <= (SELECT max(last) FROM pack)
        BEGIN INSERT OR IGNORE INTO touched VALUES (OLD.id); END;
        CREATE TRIGGER contentUpdated AFTER UPDATE OF sampleRate, channelCount, frameCount, sampleCount ON content
        BEGIN
            INSERT OR IGNORE INTO touched SELECT id FROM file
            WHERE content = OLD.id AND id <= (SELECT max(last) FROM pack);
        END;
        CREATE TRIGGER codeInserted AFTER INSERT ON code \(touchFiles("NEW"));
        CREATE TRIGGER codeUpdated AFTER UPDATE ON code \(touchFiles("NEW"));
        CREATE TRIGGER codeDeleted AFTER DELETE ON code \(touchFiles("OLD"));
        """

    /// Touches the files of a code's content in the packs of its model.
    private static func touchFiles(_ row: String) -> String {
        """
        BEGIN
            INSERT OR IGNORE INTO touched SELECT id FROM file WHERE content = \(row).content
            AND \(row).model = (SELECT model FROM pack WHERE last >= file.id ORDER BY last LIMIT 1);
        END
        """
    }
}

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

extension CatalogReader {
    /// The packs, oldest files first.
    package func packs() throws -> [PackRecord] {
        var packs: [PackRecord] = []
        try database.each("SELECT last, model, fileCount FROM pack ORDER BY last") { row in
            let pack = PackRecord(last: row.integer(0), model: row.integer(1), fileCount: row.int(2))
            // Damage may have put packs out of order.
            guard pack.last > packs.last?.last ?? .min, pack.last < .max else { return }
            packs.append(pack)
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
        try database.all("SELECT file FROM touched ORDER BY file") { $0.integer(0) }
    }
}

extension CatalogWriter {
    /// Puts packs in the place of those of some files, which count as untouched then.
    ///
    /// - Parameters:
    ///   - packs: What is to be kept, oldest files first: the index rows of exactly these files, in this transaction.
    ///   - files: What begins behind the end of a pack, and ends with one or beyond the last.
    package func setPacks(_ packs: [(PackRecord, [UInt8])], of files: ClosedRange<Int64>) throws {
        let (first, last) = (Argument.integer(files.lowerBound), Argument.integer(files.upperBound))
        try database.run("DELETE FROM pack WHERE last BETWEEN ? AND ?", first, last)
        for (pack, data) in packs {
            precondition(files.contains(pack.last))
            try database.run(
                "INSERT INTO pack (last, model, fileCount, data) VALUES (?, ?, ?, ?)", .integer(pack.last),
                .integer(pack.model), .integer(pack.fileCount), .bytes(data))
        }
        try database.run("DELETE FROM touched WHERE file BETWEEN ? AND ?", first, last)
    }

    /// Marks packs that cannot be read: they then belong to no model, and are remade as after a change of model.
    package func spoil(_ packs: [PackRecord]) throws {
        for pack in packs {
            try database.run(
                "UPDATE pack SET model = 0, fileCount = 0, data = x'' WHERE last = ?", .integer(pack.last))
        }
    }
}
