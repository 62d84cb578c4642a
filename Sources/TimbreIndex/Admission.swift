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

    func admits(_ row: Int, of segment: Segment) -> Bool {
        let file = segment.rows[row]
        if file.isOffline && !filter.includesOffline { return false }
        if !directories[Int(file.directory)] { return false }
        if let least = filter.minDuration, file.duration < least { return false }
        if let greatest = filter.maxDuration, file.duration > greatest { return false }
        if let count = filter.channelCount, Int(file.channelCount) != count { return false }
        if let since = filter.since, file.added < since { return false }
        if !excluded.isEmpty && excluded.contains(file.id) { return false }
        if let name = filter.name, !name.matches(segment.name(of: row)) { return false }
        guard let pattern = filter.path, let directory = paths?.entries[Int(file.directory)].path else { return true }
        return pattern.matches(directory + [UInt8(ascii: "/")] + segment.name(of: row))
    }
}
