import TimbreDescriptors

/// Which files a search may find. Every condition that is set must hold.
package struct IndexFilter: Hashable, Sendable {
    /// Absolute paths of directories, in or below which the file must lie, or of the file itself. Empty means anywhere.
    package var directories: [[UInt8]] = []
    /// Absolute paths of directories, in or below which the file must not lie, or of files that are left out themselves.
    package var leftOut: [[UInt8]] = []
    /// Numbers of directories whose own files are left out.
    package var closedDirectories: Set<Int64> = []
    /// What the file's name must match.
    package var name: GlobPattern?
    /// What the file's whole path must match.
    package var path: GlobPattern?
    /// The least and the greatest length of the sound, in seconds.
    package var minDuration: Double?
    package var maxDuration: Double?
    /// Channels that the file must have.
    package var channelCount: Int?
    /// The file must have been first seen at this time or later, in seconds since 1970.
    package var since: Double?
    /// The greatest distance: of a file the mean, of a span the bits; in a search over vectors, squared.
    package var maxDistance: Double?
    /// What must be true of the sound's figures; a file without figures meets no condition.
    package var figures = FigureConditions()
    /// Numbers of files among which the file must be; nil if it may be any.
    package var among: FileNumbers?
    /// For how long the sound must be heard, in steps of its figures; a file without figures does not meet it.
    package var lengths: Range<Int>?
    /// Whether the sound must be a loop or a one-shot.
    package var loop: LoopCondition?
    /// Whether files are found whose folder is away.
    package var includesOffline = false

    /// Finds all files that are not offline.
    package init() {}

    /// Whether a directory is one of ``directories``, or lies below one.
    func admits(directory path: [UInt8]) -> Bool {
        directories.isEmpty || Self.lies(directory: path, inOrBelow: directories)
    }

    /// Whether a directory is to be left out, with all that lies in it.
    func bars(directory: Int64, path: [UInt8]?) -> Bool {
        closedDirectories.contains(directory) || path.map { Self.lies(directory: $0, inOrBelow: leftOut) } ?? false
    }

    private static func lies(directory path: [UInt8], inOrBelow prefixes: [[UInt8]]) -> Bool {
        prefixes.contains { prefix in
            var prefix = prefix[...]
            while prefix.last == UInt8(ascii: "/") { prefix.removeLast() }
            return path.starts(with: prefix)
                && (path.count == prefix.count || path[prefix.count] == UInt8(ascii: "/"))
        }
    }
}

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

extension TimbreIndex {
    /// The numbers of the files that a filter lets be found, whatever their distance, ascending. A file that no span of
    /// is heard is never found.
    ///
    /// - Parameter evenSilent: Whether such files count as well.
    /// - Complexity: O(*n*) in the number of files.
    package func files(
        admittedBy filter: IndexFilter, excluding excluded: Set<Int64> = [], evenSilent: Bool = false
    ) -> [Int64] {
        let admission = Admission(filter, excluding: excluded, in: directories)
        return segments.flatMap { segment in
            (0..<segment.fileCount).filter { row in
                (evenSilent || !segment.spans(of: row).isEmpty) && admission.admits(row, of: segment.files)
            }.map(segment.id)
        }
    }

    /// The numbers of all files that a filter lets through, those of which nothing is heard too, in the order of the bytes of
    /// their directories' paths, then of their names.
    ///
    /// - Parameter directory: They have to lie below it, whatever the filter says; nil if they may lie anywhere.
    /// - Complexity: O(*n*) in the number of files, and O(*m* log *m*) in those that are let through.
    package func listing(admittedBy filter: IndexFilter, below directory: [UInt8]?) -> [Int64] {
        let admission = Admission(filter, excluding: [], in: directories)
        let places = directories.placesByPath
        let isBelow = directory.map { path in
            var filter = IndexFilter()
            filter.directories = [path]
            return directories.admitted(by: filter)
        }
        var found: [(directory: Int, segment: Int, row: Int)] = []
        for (number, segment) in segments.enumerated() {
            for row in 0..<segment.fileCount where admission.admits(row, of: segment.files) {
                let slot = Int(segment.files.directories[row])
                if isBelow?[slot] ?? true { found.append((places[slot], number, row)) }
            }
        }
        found.sort { a, b in
            guard a.directory == b.directory else { return a.directory < b.directory }
            return segments[a.segment].files.name(a.row).lexicographicallyPrecedes(
                segments[b.segment].files.name(b.row))
        }
        return found.map { segments[$0.segment].files.id($0.row) }
    }
}
