import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreStore

/// Has the tags read of contents of which nobody has, a few at a time, when there is nothing else to do: of libraries that
/// earlier versions made.
///
/// Nothing is decoded for that; a worker looks at the files. An archive is unpacked for it, once for all of its members and
/// with no other beside it. New sounds come with theirs. What cannot be read now is tried again after the next start, or when
/// a folder is back. The value is told the time.
struct TagCare {
    typealias Instant = ContinuousClock.Instant

    /// What a content's file says of itself.
    struct Found: Hashable {
        /// How the content is known.
        enum Holder: Hashable {
            case content(Int64)
            case hash(ContentHash)
            /// All in this archive that have none yet: nobody will find any.
            case rest(of: Int64)
        }

        var holder: Holder
        var tags: SoundTags
    }

    /// An archive of which a worker has died while it read the tags of a member.
    struct BrokenOff: Hashable {
        var archive: Int64
        /// The member's number.
        var member: Int
    }

    /// What has come of reading tags.
    struct News: Hashable {
        var found: [Found] = []
        var brokenOff: [BrokenOff] = []
    }

    /// Whether some contents may be left: so it is at the start.
    private(set) var isDue = true
    private var backoff = Backoff(first: .seconds(10), longest: .seconds(600))
    /// The content that was looked at last.
    private var last: Int64 = 0
    /// Archives that have been handed out: what they have not told they will not tell.
    private var archives: Set<Int64> = []
    /// Archives that are to be read on, and from which member on.
    private var unfinished: [(archive: Int64, first: Int)] = []
    /// How many workers have died of each archive.
    private var deaths: [Int64: Int] = [:]

    /// Workers that may die of an archive before the rest of it is given up.
    private static let mostDeaths = 8
    /// Files that are handed out at a time.
    static let most = 16

    /// When to try again after a failure.
    var next: Instant? { isDue ? backoff.retry : nil }

    func mayWork(at now: Instant) -> Bool { isDue && backoff.mayTry(at: now) }

    /// Notes that files are there that were not, of which nobody may have read the tags.
    mutating func filesAreBack() { beginAnew() }

    /// Notes that tags could not be stored: the reason is reported elsewhere.
    mutating func failed(_ failure: any Error, at now: Instant) {
        beginAnew()
        backoff.failed(at: now, why: "\(failure)")
    }

    private mutating func beginAnew() { (isDue, last, archives, unfinished) = (true, 0, [], []) }

    /// Notes that a worker has died of a member of an archive. Another one would die of it again, but may read those behind it.
    ///
    /// - Returns: That the rest has no tags, if this has happened too often.
    mutating func brokeOff(_ broken: BrokenOff) -> Found? {
        deaths[broken.archive, default: 0] += 1
        guard deaths[broken.archive, default: 0] < Self.mostDeaths else {
            return Found(holder: .rest(of: broken.archive), tags: SoundTags())
        }
        unfinished.append((broken.archive, broken.member + 1))
        isDue = true
        return nil
    }

    /// Notes that what was found is stored.
    mutating func succeeded() { backoff.succeeded() }

    /// The next files to read.
    ///
    /// - Returns: None if all have been tried.
    mutating func findSome(_ catalog: Catalog) throws -> [WorkItem] {
        var items: [WorkItem] = []
        while items.isEmpty, let next = unfinished.popLast() {
            items += try catalog.read { reader in
                guard let file = try reader.file(next.archive),
                    let directory = try reader.path(ofDirectory: file.directory)
                else { return [] }
                let path = FilePath(bytes: directory).appending(bytes: file.name)
                return [try Self.item(file, at: path, from: next.first, reader)]
            }
        }
        while items.isEmpty {
            let contents = try catalog.read { try $0.contentsWithoutTags(after: last, limit: Self.most) }
            guard !contents.isEmpty else {
                isDue = false
                return []
            }
            try catalog.read { reader in
                for unread in contents {
                    let item = try item(unread, reader)
                    // An archive goes alone.
                    if item?.archive != nil, !items.isEmpty { break }
                    last = unread.content
                    guard let item else { continue }
                    items.append(item)
                    if item.archive != nil {
                        archives.insert(item.file)
                        break
                    }
                }
            }
        }
        return items
    }

    /// What is to be read for a content: its file, or the archive that this is in, unless that was handed out before.
    private func item(_ unread: UnreadTags, _ reader: CatalogReader) throws -> WorkItem? {
        guard let id = unread.file, let file = try reader.file(id),
            let directory = try reader.path(ofDirectory: file.directory)
        else { return nil }
        if let (archive, path) = try reader.archive(around: FilePath(bytes: directory)) {
            return archives.contains(archive.id) ? nil : try Self.item(archive, at: path, reader)
        }
        return WorkItem(
            file: id, path: FilePath(bytes: directory).appending(bytes: file.name), lastRead: file.identity,
            mustDecode: false, tagsOf: unread.content)
    }

    private static func item(
        _ archive: FileRecord, at path: FilePath, from first: Int = 0, _ reader: CatalogReader
    ) throws -> WorkItem {
        let names = try reader.namesWithoutTags(under: path)
        return WorkItem(
            file: archive.id, path: path, lastRead: archive.identity, mustDecode: false,
            archive: .tags(Set(names.map { FileSuffix(of: FilePath(bytes: $0)) }), from: first))
    }
}

extension Turn {
    /// Stores the tags of contents.
    func setTags(_ found: [TagCare.Found]) throws {
        for item in found {
            switch item.holder {
            case .content(let id): try setTags(item.tags, of: try reader.content(id))
            case .hash(let hash): try setTags(item.tags, of: try reader.content(hash))
            case .rest(let archive):
                guard let archive = try reader.file(archive) else { continue }
                for member in try reader.files(under: try path(of: archive)) where member.state == .indexed {
                    try setTags(item.tags, of: try member.content.flatMap { try reader.content($0) })
                }
            }
        }
    }

    private func setTags(_ tags: SoundTags, of content: ContentRecord?) throws {
        guard let content, content.sound?.tags == nil, content.failure == nil else { return }
        try writer.setTags(tags, of: content.id)
    }
}
