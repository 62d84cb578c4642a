import Platform
import SystemPackage
import TimbreStore
import TimbreWire

/// What a prune would forget: how much, with some names.
struct PrunePlan {
    private(set) var fileCount = 0
    private(set) var contents: ContentSum
    private var examples: [[UInt8]] = []

    /// How many names are shown.
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
