/// Decides of each file whether a search may find it.
struct Admission {
    private let filter: IndexFilter
    private let excluded: Set<Int64>
    /// Of each directory, by its slot, whether the filter finds what lies there.
    private let directories: [Bool]
    /// The paths of the directories, where the filter asks for whole paths.
    private let paths: DirectoryTable?

    init(_ filter: IndexFilter, excluding excluded: Set<Int64>, in directories: DirectoryTable) {
        self.filter = filter
        self.excluded = excluded
        self.directories = directories.admitted(by: filter)
        paths = filter.path == nil ? nil : directories
    }

    /// Whether a search may find any file of a segment.
    ///
    /// Whole segments can be passed over so while all that is found would be kept.
    func admitsAny(of segment: Segment) -> Bool {
        if let since = filter.since, !segment.added.values.contains(where: { $0 >= since }) { return false }
        return (0..<segment.fileCount).contains { admits($0, of: segment) }
    }

    func admits(_ row: Int, of segment: Segment) -> Bool {
        if !filter.includesOffline && segment.sounds.isOffline(row) { return false }
        let slot = Int(segment.directories[row])
        if !directories[slot] { return false }
        if let least = filter.minDuration, segment.sounds.duration(row) < least { return false }
        if let greatest = filter.maxDuration, segment.sounds.duration(row) > greatest { return false }
        if let count = filter.channelCount, segment.sounds.channelCount(row) != count { return false }
        if let since = filter.since, segment.added[row] < since { return false }
        if !excluded.isEmpty && excluded.contains(segment.id(of: row)) { return false }
        if let name = filter.name, !name.matches(segment.name(of: row)) { return false }
        guard let pattern = filter.path, let directory = paths?.entries[slot].path else { return true }
        return pattern.matches(directory + [UInt8(ascii: "/")] + segment.name(of: row))
    }
}
