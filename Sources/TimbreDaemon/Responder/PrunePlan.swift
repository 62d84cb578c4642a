import Platform
import SystemPackage
import TimbreStore
import TimbreWire

/// What a prune forgets: how much it is, and some of its names.
struct PrunePlan {
    private(set) var fileCount = 0
    private(set) var contents: ContentSum
    private var examples: [[UInt8]] = []

    /// Names that are shown.
    private static let mostExamples = 100

    /// - Parameter folder: The offline folder to forget; nil for what was kept of deleted files.
    init(offline folder: FilePath?, _ reader: CatalogReader) throws {
        contents = try folder.map(reader.contentsHeldOffline(alone:)) ?? reader.orphanSum()
        fileCount = try folder.map { try reader.fileCounts(under: $0).offline } ?? contents.count
        guard let folder else {
            examples = try reader.orphans(limit: Self.mostExamples).map(\.lastPath)
            return
        }
        examples = try reader.offlineFiles(under: folder, limit: Self.mostExamples).map {
            FilePath(bytes: $0.directory).appending(bytes: $0.name).bytes
        }
    }

    func reply(pruned: Bool) -> Prune.Reply {
        Prune.Reply(
            pruned: pruned, files: fileCount, contents: contents.count,
            bytes: contents.frameCount * 135 + contents.count * 200,
            examples: examples.filter { !$0.isEmpty }.map { WirePath($0) })
    }
}

/// How far a prune has come, which forgets some files and contents in each turn.
struct PruneWalk {
    private let folder: FilePath?
    private var last: FilePlace?
    private var lastContent: Int64 = 0

    /// - Parameter folder: The offline folder to forget; nil for what was kept of deleted files.
    init(offline folder: FilePath?) { self.folder = folder }

    /// Forgets as much as a turn has room for.
    ///
    /// - Returns: Whether all is forgotten.
    mutating func forgetSome(in turn: inout Turn) throws -> Bool {
        let limit = max(turn.room, 1)
        defer { turn.room -= limit }
        guard let folder else {
            let orphans = try turn.reader.orphans(after: lastContent, limit: limit)
            for content in orphans { try turn.writer.removeContent(content.id) }
            lastContent = orphans.last?.id ?? lastContent
            return orphans.count < limit
        }
        let places = try turn.reader.offlineFiles(under: folder, after: last, limit: limit)
        for place in places {
            let directory = FilePath(bytes: place.directory)
            guard let file = try turn.reader.file(at: directory.appending(bytes: place.name)) else { continue }
            try turn.forget(file)
            if let content = file.content, try turn.reader.files(ofContent: content).isEmpty {
                try turn.writer.removeContent(content)
            }
            try turn.writer.removeDirectory(ifEmpty: file.directory)
        }
        last = places.last ?? last
        return places.count < limit
    }
}
