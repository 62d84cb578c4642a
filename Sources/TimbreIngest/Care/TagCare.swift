import Platform
import SoundFeatures
import SystemPackage
import TimbreStore

/// Has the tags read of contents of which nobody has, a few at a time, when there is nothing else to do: of libraries that
/// earlier versions made.
///
/// Nothing is decoded for that; a worker looks at the files. New sounds come with theirs. What cannot be read now is tried
/// again after the next start, or when a folder is back. The value is told the time.
struct TagCare {
    typealias Instant = ContinuousClock.Instant

    /// What a content's file says of itself.
    struct Found: Hashable {
        var content: Int64
        var tags: SoundTags
    }

    /// Whether some contents may be left: so it is at the start.
    private(set) var isDue = true
    private var backoff = Backoff(first: .seconds(10), longest: .seconds(600))
    /// The content that was looked at last.
    private var last: Int64 = 0

    /// Files that are handed out at a time.
    static let most = 16

    /// When to try again after a failure.
    var next: Instant? { isDue ? backoff.retry : nil }

    func mayWork(at now: Instant) -> Bool { isDue && backoff.mayTry(at: now) }

    /// Notes that files are there that were not, of which nobody may have read the tags.
    mutating func filesAreBack() { (isDue, last) = (true, 0) }

    /// Notes that tags could not be stored: the reason is reported elsewhere.
    mutating func failed(_ failure: any Error, at now: Instant) {
        (isDue, last) = (true, 0)
        backoff.failed(at: now, why: "\(failure)")
    }

    /// Notes that what was found is stored.
    mutating func succeeded() { backoff.succeeded() }

    /// The next files to read.
    ///
    /// - Returns: None if all have been tried.
    mutating func findSome(_ catalog: Catalog) throws -> [WorkItem] {
        var items: [WorkItem] = []
        while items.isEmpty {
            let contents = try catalog.read { try $0.contentsWithoutTags(after: last, limit: Self.most) }
            guard let end = contents.last else {
                isDue = false
                return []
            }
            last = end.content
            items = try catalog.read { reader in try contents.compactMap { try Self.item($0, reader) } }
        }
        return items
    }

    private static func item(_ unread: UnreadTags, _ reader: CatalogReader) throws -> WorkItem? {
        guard let id = unread.file, let file = try reader.file(id),
            let directory = try reader.path(ofDirectory: file.directory)
        else { return nil }
        return WorkItem(
            file: id, path: FilePath(bytes: directory).appending(bytes: file.name), lastRead: file.identity,
            mustDecode: false, tagsOf: unread.content)
    }
}

extension Turn {
    /// Stores the tags of contents.
    func setTags(_ found: [TagCare.Found]) throws {
        for item in found where try reader.content(item.content)?.sound?.tags == nil {
            try writer.setTags(item.tags, of: item.content)
        }
    }
}
