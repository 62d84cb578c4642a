import Platform
import SystemPackage

extension CatalogReader {
    /// How many entries of the folders are left out that somebody may be looking for.
    ///
    /// - Complexity: O(*n*) in the directories in which there are any.
    package func leftOutCount() throws -> Int {
        try database.first("SELECT coalesce(sum(count), 0) FROM leftOut") { $0.int(0) } ?? 0
    }

    /// The directories at and below one, or all, in which something is left out, in the order of their bytes.
    package func leftOut(under path: FilePath?) throws -> [(directory: [UInt8], count: Int)] {
        var found: [(directory: [UInt8], count: Int)] = []
        let (first, last) = Self.below(path)
        let sql =
            "SELECT directory, count FROM leftOut WHERE directory = ? OR directory > ? AND directory < ? ORDER BY 1"
        try database.each(sql, .bytes(path?.bytes ?? []), .bytes(first), .bytes(last)) { row in
            found.append((row.bytes(0), row.int(1)))
        }
        return found
    }

    /// The bounds between which the paths below a directory lie, in the order of their bytes.
    fileprivate static func below(_ path: FilePath?) -> (first: [UInt8], last: [UInt8]) {
        // Below "/" everything is; the root is the one name that ends with a slash.
        guard let path, path != "/" else { return ([], [UInt8.max]) }
        return (path.bytes + [UInt8(ascii: "/")], path.bytes + [UInt8(ascii: "/") + 1])
    }
}

extension CatalogWriter {
    /// Notes how many entries of a directory are left out.
    package func setLeftOut(_ count: Int, in directory: FilePath) throws {
        let path = Argument.bytes(directory.bytes)
        let known = try database.first("SELECT count FROM leftOut WHERE directory = ?", path) { $0.int(0) } ?? 0
        if count == known { return }
        if count == 0 { return try database.run("DELETE FROM leftOut WHERE directory = ?", path) }
        try database.run("INSERT OR REPLACE INTO leftOut (directory, count) VALUES (?, ?)", path, .integer(count))
    }

    /// Forgets what is left out at and below a directory.
    package func forgetLeftOut(under directory: FilePath) throws {
        let (first, last) = CatalogReader.below(directory)
        try database.run(
            "DELETE FROM leftOut WHERE directory = ? OR directory > ? AND directory < ?", .bytes(directory.bytes),
            .bytes(first), .bytes(last))
    }
}
