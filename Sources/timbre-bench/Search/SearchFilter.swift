import TimbreIndex

/// Filters to search with, by what they leave of a ``MadeUpLibrary``.
enum SearchFilter: String, CaseIterable {
    case none = ""
    case folder = ", half of the folders"
    case format = ", one format (1 in 4)"
    case length = ", by length (1 in 2)"
    case all = ", all of these, mono, of late (1 in 21)"

    /// The filter for a library of so many files with so many spans each.
    func filter(fileCount: Int, spansPerFile: Int) -> IndexFilter {
        var filter = IndexFilter()
        if self == .folder || self == .all { filter.directories = [Array("/sounds/even".utf8)] }
        if self == .format || self == .all { filter.name = GlobPattern(Array("*.flac".utf8)) }
        if self == .length || self == .all { filter.minDuration = 0.7 * Double(spansPerFile) - 0.35 }
        if self == .all {
            filter.channelCount = 1
            filter.since = Double(fileCount / 4)
        }
        return filter
    }
}
