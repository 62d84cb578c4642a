/// Decides of each file whether a search may find it.
struct Admission {
    private let filter: IndexFilter
    private let excluded: Set<Int64>
    /// Of each directory, by its slot, whether the filter finds what lies there.
    private let directories: [Bool]

    init(_ filter: IndexFilter, excluding excluded: Set<Int64>, in directories: DirectoryTable) {
        self.filter = filter
        self.excluded = excluded
        self.directories = directories.admitted(by: filter)
    }

    func admits(_ row: Int, of segment: Segment) -> Bool {
        let file = segment.rows[row]
        if file.isOffline && !filter.includesOffline { return false }
        if !directories[Int(file.directory)] { return false }
        if let least = filter.minDuration, file.duration < least { return false }
        if let greatest = filter.maxDuration, file.duration > greatest { return false }
        if let count = filter.channelCount, Int(file.channelCount) != count { return false }
        if let since = filter.since, file.added < since { return false }
        if !excluded.isEmpty && excluded.contains(file.id) { return false }
        return filter.name?.matches(segment.name(of: row)) ?? true
    }
}
