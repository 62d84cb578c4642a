import TimbreIndex
import TimbreStore
import TimbreWire

/// Counts how many files each condition of a request leaves, for an answer without any.
struct FilterCensus {
    private let index: TimbreIndex
    private let catalog: Catalog
    private let excluded: Set<Int64>
    private let includesOffline: Bool
    private let figures: FigureConditions

    /// - Parameters:
    ///   - figures: What must be true of the figures of files, beside the conditions.
    ///   - offline: Whether files of folders that are not there now may be found.
    ///   - excluded: Files that are not to be found, whatever the conditions.
    init(
        _ index: TimbreIndex, _ catalog: Catalog, offline: Bool, excluding excluded: Set<Int64> = [],
        figures: FigureConditions = FigureConditions()
    ) {
        self.figures = figures
        (self.index, self.catalog) = (index, catalog)
        self.excluded = excluded
        includesOffline = offline
    }

    /// Counts.
    ///
    /// - Complexity: O(*n* · *m*) in the numbers of files and of conditions.
    func answer(_ filter: FileFilter?) throws -> EmptyAnswer {
        let filter = filter ?? FileFilter()
        let left = try count(filter, figures)
        return EmptyAnswer(
            files: try count(FileFilter()),
            filters: try FilterCount.Condition.allCases.compactMap { try counted($0, of: filter) }, left: left,
            offline: includesOffline ? nil : try count(filter, figures, offline: true) - left)
    }

    private func count(
        _ filter: FileFilter, _ figures: FigureConditions = FigureConditions(), offline: Bool? = nil,
        ignoringCase: Bool = false
    ) throws -> Int {
        var conditions = try IndexFilter(filter, catalog)
        conditions.figures = figures
        conditions.includesOffline = offline ?? includesOffline
        if ignoringCase {
            conditions.name = conditions.name?.ignoringCase
            conditions.path = conditions.path?.ignoringCase
        }
        return index.files(admittedBy: conditions, excluding: excluded).count
    }

    /// How many files meet one of a filter's conditions; nil if it has no such condition.
    private func counted(_ condition: FilterCount.Condition, of filter: FileFilter) throws -> FilterCount? {
        var alone = FileFilter()
        switch condition {
        case .under: alone = FileFilter(under: filter.under)
        case .notUnder: alone.notUnder = filter.notUnder
        case .glob: alone = FileFilter(glob: filter.glob)
        case .minDuration: alone.minDuration = filter.minDuration
        case .maxDuration: alone.maxDuration = filter.maxDuration
        case .channels: alone.channels = filter.channels
        case .since: alone.since = filter.since
        case .tags: alone.tags = filter.tags
        case .minBPM: alone.minBPM = filter.minBPM
        case .maxBPM: alone.maxBPM = filter.maxBPM
        case .key: alone.key = filter.key
        case .minLength: alone.minLength = filter.minLength
        case .maxLength: alone.maxLength = filter.maxLength
        case .loop: alone.loop = filter.loop
        case .contrasts:
            return figures.isEmpty ? nil : FilterCount(condition, files: try count(FileFilter(), figures))
        }
        guard alone != FileFilter() else { return nil }
        let files = try count(alone)
        guard condition == .glob, files == 0 else { return FilterCount(condition, files: files) }
        return FilterCount(
            condition, files: files, ignoringCase: try count(alone, ignoringCase: true),
            paths: try pathPattern(filter.glob).map { try count(FileFilter(glob: $0)) })
    }

    /// A pattern for names as one for whole paths; nil if it is one already, or could match none.
    private func pathPattern(_ glob: WirePath?) -> WirePath? {
        guard let glob, glob.bytes.first == UInt8(ascii: "*"), !glob.bytes.contains(UInt8(ascii: "/")) else {
            return nil
        }
        return WirePath([UInt8(ascii: "/")] + glob.bytes)
    }
}
