import ContentHash
import LibraryFeed
import Platform
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreLibrary
import TimbreStore

/// The list of files as one knows it who heard of everything that happened, and asked nothing.
struct FollowedList {
    /// What a list says of a file.
    struct Item: Hashable {
        var id: Int64
        var state: FileState
        var isOffline: Bool
        var size: Int64?
        var detail: String?
        var hash: ContentHash?
        var duration: Double?
        var spanCount: Int?
    }

    private(set) var items: [FilePath: Item] = [:]
    /// What cannot have happened.
    private(set) var contradictions: [String] = []

    init() {}

    mutating func take(_ happening: Happening) {
        switch happening {
        case .file(let file): take(file)
        case .directoryRenamed(let from, let to):
            for (path, item) in items where path.starts(with: from) {
                var rest = path
                _ = rest.removePrefix(from)
                items[path] = nil
                if items.updateValue(item, forKey: to.pushing(rest)) != nil { contradictions.append("two at \(to)") }
            }
        case .folderOnline, .folderOffline, .folderRemoved, .model, .caughtUp, .paused, .resumed, .stuck, .unstuck:
            break
        }
    }

    private mutating func take(_ happening: FileHappening) {
        let path = happening.path
        let before = items.removeValue(forKey: happening.earlierPath ?? path)
        if happening.earlierPath != nil, items[path] != nil { contradictions.append("\(path) is there already") }
        if happening.kind == .found ? before != nil : before?.id != happening.earlierID ?? happening.file.id {
            contradictions.append("\(happening.kind) \(path): \(String(describing: before))")
        }
        if happening.kind == .removed { return }
        if happening.isComplete {
            items[path] = Item(
                id: happening.file.id, state: happening.file.state, isOffline: happening.file.isOffline,
                size: happening.file.identity.size, detail: happening.file.failure?.detail, hash: happening.hash,
                duration: happening.sound?.duration, spanCount: happening.codes?.spanCount)
        } else {
            items[path] = before
            items[path]?.state = happening.file.state
            items[path]?.isOffline = happening.file.isOffline
        }
    }

    /// Where this is not what another says, and what cannot have happened.
    func differences(from other: FollowedList) -> [String] {
        contradictions
            + Set(items.keys).union(other.items.keys).filter { items[$0] != other.items[$0] }.map { path in
                "\(path): \(String(describing: items[path])), and not \(String(describing: other.items[path]))"
            }
    }

    /// The list as the catalog has it.
    init(_ reader: CatalogReader, model: Int64) throws {
        for row in try reader.listingPage(under: nil, model: model, after: nil, limit: .max) {
            items[FilePath(bytes: row.directory).appending(bytes: row.file.name)] = Item(
                id: row.file.id, state: row.file.state, isOffline: row.file.isOffline, size: row.file.identity.size,
                detail: row.file.failure?.detail, hash: row.hash, duration: row.sound?.duration,
                spanCount: row.spans.map { CodeRecord.timbreSpans($0).count { !$0.isEmpty } })
        }
    }
}
