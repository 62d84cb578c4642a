import TimbreIndex
import TimbreWire

/// Counts how many files each condition of a request leaves, for an answer without any.
struct FilterCensus {
    private let index: TimbreIndex
    private let excluded: Set<Int64>
    private let includesOffline: Bool
    private let figures: FigureConditions

    /// - Parameters:
    ///   - figures: What must be true of the figures of files, beside the conditions.
    ///   - offline: Whether files of folders that are not there now may be found.
    ///   - excluded: Files that are not to be found, whatever the conditions.
    init(
        _ index: TimbreIndex, offline: Bool, excluding excluded: Set<Int64> = [],
        figures: FigureConditions = FigureConditions()
    ) {
        self.figures = figures
        self.index = index
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
        var conditions = try IndexFilter(filter)
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
        case .contrasts:
            return figures.isEmpty ? nil : FilterCount(condition, files: try count(FileFilter(), figures))
        }
        guard alone != FileFilter() else { return nil }
        let files = try count(alone)
        let folded = condition == .glob && files == 0 ? try count(alone, ignoringCase: true) : nil
        return FilterCount(condition, files: files, ignoringCase: folded)
    }
}
