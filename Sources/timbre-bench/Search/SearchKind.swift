import TimbreIndex

/// What is searched, and for what.
enum SearchKind: String, CaseIterable {
    case spansByCodes = "spans by codes"
    case filesByCodes = "files by codes"
    case filesByVectors = "files by vectors"
    case spansByVectors = "spans by vectors"

    /// What has to be read.
    var part: TimbreIndex.Part {
        switch self {
        case .spansByCodes, .filesByCodes: .codes
        case .filesByVectors: .fileVectors
        case .spansByVectors: .spanVectors
        }
    }

    /// The heads of that; nil for codes.
    var head: TimbreIndex.Part? {
        switch self {
        case .spansByCodes, .filesByCodes: nil
        case .filesByVectors: .fileHeads
        case .spansByVectors: .spanHeads
        }
    }

    /// Whether there is one code or vector for each file, and not for each span.
    var isOfFiles: Bool { self == .filesByVectors }

    /// How many bytes each code or vector has.
    var bytes: Int { head == nil ? 16 : 64 }

    /// Searches by the first code of a sound, or by its vectors.
    ///
    /// - Returns: How many matches there are.
    func find(_ query: IndexedFile, in index: TimbreIndex, count: Int, _ filter: IndexFilter) -> Int {
        let codes = query.spans.prefix(1).map(\.code)
        let whole = query.vector.map { [$0] } ?? []
        let vectors = query.spans.prefix(1).compactMap(\.vector)
        return switch self {
        case .spansByCodes: index.nearestSpans(to: codes, count: count, filter: filter).count
        case .filesByCodes: index.nearestFiles(to: codes, count: count, filter: filter).count
        case .filesByVectors:
            index.nearestFiles(toVectors: whole.map { ($0, 1) }, codes: codes, count: count, filter: filter).count
        case .spansByVectors:
            index.nearestSpans(toVectors: vectors, codes: codes, count: count, filter: filter).count
        }
    }
}

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
