import SystemPackage
import TimbreStore
import TimbreWire

extension Responder {
    package func prune(_ parameters: Prune.Parameters, from peer: Peer) throws -> Prune.Reply {
        let folder = parameters.offline.map { FilePath(rawBytes: $0.bytes) }
        return try answering {
            try ingest.perform { loop in
                try loop.transact { turn in
                    let plan = try PrunePlan(offline: folder, turn.reader)
                    if !parameters.dryRun { try plan.carryOut(in: &turn) }
                    return plan.reply(pruned: !parameters.dryRun)
                }
            }
        }
    }
}

/// What a prune forgets.
struct PrunePlan {
    /// Files that are away, with their paths.
    private var files: [(record: FileRecord, path: [UInt8])] = []
    private var contents: [ContentRecord] = []

    /// - Parameter folder: The offline folder to forget; nil for what was kept of deleted files.
    init(offline folder: FilePath?, _ reader: CatalogReader) throws {
        guard let folder else {
            contents = try reader.orphans()
            return
        }
        try reader.forEachFile(under: folder) { directory, file in
            guard file.isOffline else { return }
            files.append((file, FilePath(rawBytes: directory).appending(bytes: file.name).rawBytes))
        }
        let leaving = Set(files.map(\.record.id))
        for id in Set(files.compactMap(\.record.content)).sorted() {
            let holders = try reader.files(ofContent: id)
            if holders.allSatisfy({ leaving.contains($0.id) }), let content = try reader.content(id) {
                contents.append(content)
            }
        }
    }

    func carryOut(in turn: inout Turn) throws {
        for (file, _) in files { try turn.forget(file) }
        for content in contents { try turn.writer.removeContent(content.id) }
        try turn.writer.removeEmptyDirectories()
    }

    func reply(pruned: Bool) -> Prune.Reply {
        let paths = files.isEmpty ? contents.map(\.lastPath) : files.map(\.path)
        return Prune.Reply(
            pruned: pruned, files: files.isEmpty ? contents.count : files.count, contents: contents.count,
            bytes: contents.reduce(0) { $0 + $1.featureCount * 135 + 200 },
            examples: paths.filter { !$0.isEmpty }.prefix(100).map { WirePath($0) })
    }
}
