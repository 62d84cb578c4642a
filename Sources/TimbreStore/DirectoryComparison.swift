import GRDB
import GRDBSQLite
import Platform

/// How the files in a directory differ from those that are known there.
package struct DirectoryComparison: Hashable, Sendable {
    /// A file that lies there and is not as it was; nil stands for no known one.
    package struct Difference: Hashable, Sendable {
        /// Which of the files that were found it is.
        package var place: Int
        package var known: Int64?

        package init(place: Int, known: Int64?) {
            self.place = place
            self.known = known
        }
    }

    /// What was found and is not as it is known, in the order in which it was found.
    package var differences: [Difference]
    /// Known files that were not found, by name.
    package var missing: [Int64] = []

    package init(differences: [Difference] = []) { self.differences = differences }
}

extension CatalogReader {
    /// Compares what was found in a directory with what is known.
    ///
    /// A file that is online, done with, and has the same identity does not differ. Of those nothing is kept: they are all
    /// but a few.
    ///
    /// - Parameters:
    ///   - directory: The number of the directory.
    ///   - found: The names and identities that were found, ascending by the bytes of the names.
    ///   - isOpen: Whether a known file is to count as different whatever is found.
    /// - Complexity: O(*n* + *m*) in the files known and found.
    package func compare<Found: RandomAccessCollection>(
        _ directory: Int64, with found: Found, name: (Found.Element) -> [UInt8],
        identity: (Found.Element) -> FileIdentity, isOpen: (Int64) -> Bool
    ) throws -> DirectoryComparison where Found.Index == Int {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, size, modified, changed, device, inode, state NOT IN (0, 5) AND NOT isOffline, name
                FROM file WHERE directory = ? ORDER BY name
                """)
        var comparison = DirectoryComparison()
        var place = found.startIndex
        let known = try Row.fetchCursor(statement, arguments: [directory])
        // A row's own columns cost several times as much.
        let row = unsafe KnownRow(statement: statement.sqliteStatement)
        while try known.next() != nil {
            var order = 1
            while place < found.endIndex {
                order = row.order(ofName: name(found[place]))
                if order >= 0 { break }
                comparison.differences.append(.init(place: place, known: nil))
                place += 1
            }
            guard order == 0, place < found.endIndex else {
                comparison.missing.append(row.id)
                continue
            }
            if !row.isDone || row.identity != identity(found[place]) || isOpen(row.id) {
                comparison.differences.append(.init(place: place, known: row.id))
            }
            place += 1
        }
        for place in place..<found.endIndex { comparison.differences.append(.init(place: place, known: nil)) }
        return comparison
    }
}

/// The row at which a statement is.
@safe private struct KnownRow {
    let statement: OpaquePointer

    init(statement: OpaquePointer) { unsafe self.statement = unsafe statement }

    var id: Int64 { integer(0) }

    var identity: FileIdentity {
        FileIdentity(
            size: integer(1), modified: integer(2), changed: integer(3), device: UInt64(bitPattern: integer(4)),
            inode: UInt64(bitPattern: integer(5)))
    }

    var isDone: Bool { integer(6) != 0 }

    /// Below 0 if a name comes before the row's in the order of bytes, 0 if it is the row's, and else above.
    func order(ofName name: [UInt8]) -> Int {
        let own = unsafe UnsafeRawBufferPointer(
            start: sqlite3_column_blob(statement, 7), count: Int(sqlite3_column_bytes(statement, 7)))
        return unsafe name.withUnsafeBytes { name in
            for place in 0..<min(name.count, own.count) where unsafe name[place] != own[place] {
                return unsafe Int(name[place]) - Int(own[place])
            }
            return name.count - own.count
        }
    }

    private func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }
}
