import SoundFeatures

/// The files of which workers read nothing but the tags, and what came of it.
struct TagReadings {
    /// The contents that the files hold which are with a worker, or on their way to one.
    private var contents: [Int64: Int64] = [:]
    private var found: [TagCare.Found] = []

    /// Whether no file is being read.
    var isIdle: Bool { contents.isEmpty }

    func has(_ file: Int64) -> Bool { contents[file] != nil }

    /// Notes that a file is about to be read.
    mutating func begin(_ item: WorkItem) { contents[item.file] = item.tagsOf }

    /// Notes that a file cannot be read now.
    mutating func giveUp(_ file: Int64) { contents[file] = nil }

    /// Takes in what a worker has answered about a file.
    ///
    /// - Returns: Whether nothing but its tags was asked for.
    mutating func answered(_ outcome: WorkerOutcome, hasChanged: Bool) -> Bool {
        guard let content = contents.removeValue(forKey: outcome.file) else { return false }
        switch outcome.result {
        case .tags(let tags) where !hasChanged: found.append(TagCare.Found(content: content, tags: tags))
        // Another worker would die of it again.
        case .crashed: found.append(TagCare.Found(content: content, tags: SoundTags()))
        default: break
        }
        return true
    }

    /// Takes out what was found.
    mutating func takeFound() -> [TagCare.Found] {
        defer { found = [] }
        return found
    }
}
