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
