import TimbreDescriptors

/// Decides of each file whether a search may find it.
struct Admission {
    private let filter: IndexFilter
    private let excluded: Set<Int64>
    /// Of each directory, by its slot, whether the filter finds what lies there.
    private let directories: [Bool]
    /// By slots of directories, the names of files that are named themselves.
    private let names: [Int: Set<[UInt8]>]
    /// Of each directory, by its slot, whether all that lies there is left out; empty if nothing is left out anywhere.
    private let barred: [Bool]
    /// By slots of directories, the names of files that are left out themselves.
    private let barredNames: [Int: Set<[UInt8]>]
    /// The paths of the directories, where the filter asks for whole paths.
    private let paths: DirectoryTable?

    init(_ filter: IndexFilter, excluding excluded: Set<Int64>, in directories: DirectoryTable) {
        self.filter = filter
        self.excluded = excluded
        self.directories = directories.admitted(by: filter)
        names = directories.files(named: filter.directories)
        barred =
            filter.leftOut.isEmpty && filter.closedDirectories.isEmpty
            ? [] : directories.entries.map { filter.bars(directory: $0.directory, path: $0.path) }
        barredNames = directories.files(named: filter.leftOut)
        paths = filter.path == nil ? nil : directories
    }

    /// Whether a search may find any file of a segment.
    ///
    /// Whole segments can be passed over so while all that is found would be kept.
    func admitsAny(of files: FileColumns) -> Bool {
        if let since = filter.since, !files.added.values.contains(where: { $0 >= since }) { return false }
        return (0..<files.count).contains { admits($0, of: files) }
    }

    func admits(_ row: Int, of files: FileColumns) -> Bool {
        if !filter.includesOffline && files.sounds.isOffline(row) { return false }
        if let count = filter.channelCount, files.sounds.channelCount(row) != count { return false }
        let slot = Int(files.directories[row])
        if !directories[slot], names[slot]?.contains(Array(files.name(row))) != true { return false }
        if !barred.isEmpty {
            if barred[slot] { return false }
            if let names = barredNames[slot], names.contains(Array(files.name(row))) { return false }
        }
        if let least = filter.minDuration, files.sounds.duration(row) < least { return false }
        if let greatest = filter.maxDuration, files.sounds.duration(row) > greatest { return false }
        if let since = filter.since, files.added[row] < since { return false }
        if !filter.figures.isEmpty && !filter.figures.admit(files.figures[row]) { return false }
        if let lengths = filter.lengths {
            guard let figures = SoundFigures(steps: files.figures[row]), lengths.contains(Int(figures[.length])) else {
                return false
            }
        }
        if let loop = filter.loop, !loop.admits(files.id(row), files.figures[row]) { return false }
        if let among = filter.among, !among.contains(files.id(row)) { return false }
        if !excluded.isEmpty && excluded.contains(files.id(row)) { return false }
        if let name = filter.name, !name.matches(files.name(row)) { return false }
        guard let pattern = filter.path, let directory = paths?.entries[slot].path else { return true }
        return pattern.matches(directory + [UInt8(ascii: "/")] + files.name(row))
    }
}
