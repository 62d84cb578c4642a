import TimbreWire

/// What names are looked for.
package struct NameQuery: Codable, Hashable, Sendable {
    /// All of them have to be in the path.
    package var words: [String] = []
    /// None of them may be.
    package var not: [String] = []
    /// All of them have to be in the path of the folder.
    package var folders: [String] = []
    /// Its length, its channels, when it came, and what it says of tags, for which the library is asked, count.
    package var filter: FileFilter?
    /// The numbers of the files among which they are looked for; nil for all files.
    package var among: [Int]?
    /// Files at the most.
    package var count: Int

    package init(
        words: [String] = [], not: [String] = [], folders: [String] = [], filter: FileFilter? = nil,
        among: [Int]? = nil, count: Int = 100
    ) {
        self.words = words
        self.not = not
        self.folders = folders
        self.filter = filter
        self.among = among
        self.count = count
    }
}

extension FileFilter {
    /// What it says of tags alone; nil if that is nothing.
    package var ofTags: FileFilter? {
        var filter = FileFilter()
        (filter.tags, filter.minBPM, filter.maxBPM, filter.key) = (tags, minBPM, maxBPM, key)
        return filter == FileFilter() ? nil : filter
    }
}

/// A file of the library, as the page is told of it.
package struct NamedFile: Encodable, Hashable, Sendable {
    /// Its number in the library, if the library said one.
    package var number: Int?
    package var path: WirePath
    package var duration: Double
    package var channels: Int

    private enum CodingKeys: String, CodingKey {
        case number, duration, channels
    }

    package func encode(to encoder: any Encoder) throws {
        try path.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodeIfPresent(number, forKey: .number)
        try members.encode((duration * 1e4).rounded() / 1e4, forKey: .duration)
        try members.encode(channels, forKey: .channels)
    }
}
