import ContentHash
import SoundFeatures

/// The files of which workers read nothing but the tags, and what came of it.
struct TagReadings {
    /// The files that are with a worker, or on their way to one, and of which content they are; nil for archives.
    private var contents: [Int64: Int64?] = [:]
    private var news = TagCare.News()

    /// Whether no file is being read.
    var isIdle: Bool { contents.isEmpty }

    func has(_ file: Int64) -> Bool { contents[file] != nil }

    /// Notes that a file is about to be read.
    mutating func begin(_ item: WorkItem) { contents.updateValue(item.tagsOf, forKey: item.file) }

    /// Notes that a file cannot be read now.
    mutating func giveUp(_ file: Int64) { contents.removeValue(forKey: file) }

    /// Takes in the tags of a member of an archive: they are those of the bytes that have this hash, whatever becomes of the
    /// archive meanwhile.
    mutating func found(_ tags: SoundTags, of member: ContentHash) {
        news.found.append(TagCare.Found(holder: .hash(member), tags: tags))
    }

    /// Takes in what a worker has answered about a file.
    ///
    /// - Returns: Whether nothing but its tags was asked for.
    mutating func answered(_ outcome: WorkerOutcome, hasChanged: Bool) -> Bool {
        guard let content = contents.removeValue(forKey: outcome.file) else { return false }
        guard let content else {
            if outcome.result.isCrash, let member = outcome.member {
                news.brokenOff.append(TagCare.BrokenOff(archive: outcome.file, member: member))
            } else if outcome.result.isCrash || outcome.result.isOfTheFile && !hasChanged {
                // What has not come will not come, or another worker would die of it again.
                news.found.append(TagCare.Found(holder: .rest(of: outcome.file), tags: SoundTags()))
            }
            return true
        }
        switch outcome.result {
        case .tags(let tags) where !hasChanged:
            news.found.append(TagCare.Found(holder: .content(content), tags: tags))
        // Another worker would die of it again.
        case .crashed: news.found.append(TagCare.Found(holder: .content(content), tags: SoundTags()))
        default: break
        }
        return true
    }

    /// Takes out what came of it.
    mutating func takeNews() -> TagCare.News {
        defer { news = TagCare.News() }
        return news
    }
}
