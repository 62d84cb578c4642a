import GRDB
import Platform
import SystemPackage

/// A searchable file, and what it holds.
package struct Holding: Hashable, Sendable {
    /// The file's number.
    package var file: Int64
    /// The number of the content.
    package var content: Int64

    package init(file: Int64, content: Int64) {
        self.file = file
        self.content = content
    }
}

extension CatalogReader {
    /// Contents that two or more files hold that are searchable and not offline, oldest first.
    ///
    /// - Parameter path: Only files at and below this folder count; all if nil.
    /// - Complexity: O(*n*) in the files, in the order of an index of theirs.
    package func sharedContents(under path: FilePath?) throws -> [Int64] {
        let (source, arguments) = Self.searchable(under: path)
        return try database.all(
            "SELECT content \(source) GROUP BY content HAVING count(*) > 1 ORDER BY content", arguments
        ) { $0.integer(0) }
    }

    /// All searchable files that are not offline, oldest first.
    ///
    /// - Parameter path: Only files at and below this folder; all if nil.
    package func holdings(under path: FilePath?) throws -> [Holding] {
        let (source, arguments) = Self.searchable(under: path)
        return try database.all("SELECT file.id, file.content \(source) ORDER BY file.id", arguments) {
            Holding(file: $0.integer(0), content: $0.integer(1))
        }
    }

    /// All files whose content is known, offline ones too, oldest first.
    package func contentsOfFiles() throws -> [Holding] {
        try database.all("SELECT id, content FROM file WHERE content IS NOT NULL ORDER BY id", []) {
            Holding(file: $0.integer(0), content: $0.integer(1))
        }
    }

    private static func searchable(under path: FilePath?) -> (source: String, arguments: [Argument]) {
        let condition = "file.state = \(FileState.indexed.rawValue) AND NOT file.isOffline AND file.content IS NOT NULL"
        guard let path else { return ("FROM file WHERE \(condition)", []) }
        let subtree = Subtree(path.bytes)
        return (
            "FROM directory JOIN file ON file.directory = directory.id WHERE \(condition) AND \(subtree.condition)",
            subtree.arguments
        )
    }
}

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

    private func contentSum(_ condition: String, _ arguments: [Argument]) throws -> ContentSum {
        var sum = ContentSum()
        try database.each(
            "SELECT count(*), total(featureCount) FROM content WHERE \(condition)", arguments
        ) { sum = ContentSum(count: $0.int(0), frameCount: Int($0.real(1))) }
        return sum
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
