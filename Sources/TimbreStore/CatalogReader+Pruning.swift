import GRDB
import Platform
import SystemPackage

/// How many contents there are of a kind, and how large they are.
package struct ContentSum: Hashable, Sendable {
    package var count = 0
    /// Frames of features.
    package var frameCount = 0
}

extension CatalogReader {
    /// The contents that no file holds any more.
    package func orphanSum() throws -> ContentSum {
        try contentSum("NOT EXISTS (SELECT 1 FROM file WHERE file.content = content.id)", [])
    }

    /// The contents that offline files at and below a directory hold, and no other files.
    package func contentsHeldOffline(alone path: FilePath) throws -> ContentSum {
        let subtree = Subtree(path.bytes)
        let isThere = """
            file.isOffline AND EXISTS (SELECT 1 FROM directory WHERE directory.id = file.directory AND \(subtree.condition))
            """
        return try contentSum(
            """
            EXISTS (SELECT 1 FROM file WHERE file.content = content.id)
            AND NOT EXISTS (SELECT 1 FROM file WHERE file.content = content.id AND NOT (\(isThere)))
            """, subtree.arguments)
    }

    private func contentSum(_ condition: String, _ arguments: StatementArguments) throws -> ContentSum {
        let row = try Row.fetchOne(
            database, sql: "SELECT count(*), total(featureCount) FROM content WHERE \(condition)", arguments: arguments)
        guard let row else { return ContentSum() }
        let frames: Double = row[1]
        return ContentSum(count: row[0], frameCount: Int(frames))
    }

    /// Some offline files at and below a directory, by place.
    ///
    /// - Parameters:
    ///   - last: Only those behind this one.
    ///   - limit: How many at most.
    package func offlineFiles(under path: FilePath, after last: FilePlace? = nil, limit: Int) throws -> [FilePlace] {
        var (places, start, name) = ([FilePlace](), last?.directory ?? path.bytes, last?.name ?? [])
        let page = 256
        while places.count < limit {
            let directories = try directories(under: path, from: start, limit: page)
            for directory in directories where places.count < limit {
                try database.each(
                    "SELECT name FROM file WHERE directory = ? AND name > ? AND isOffline ORDER BY name LIMIT ?",
                    .integer(directory.id), .bytes(directory.path == start ? name : []), .integer(limit - places.count)
                ) { places.append(FilePlace(directory: directory.path, name: $0.bytes(0))) }
            }
            guard directories.count == page, let end = directories.last else { break }
            (start, name) = (end.path + [0], [])
        }
        return places
    }
}
