import TimbreDescriptors

extension TimbreIndex {
    /// Adds files; one whose number is known takes the place of the old one.
    ///
    /// Of several with the same number the last counts. Spans without any bit are left out.
    ///
    /// - Complexity: O(*n*) where all are younger than those there, or nearly; else each segment touched is made anew.
    package mutating func insert(_ files: [IndexedFile]) {
        let sorted = Self.sortedByID(files)
        if mergeIntoTail(sorted) { return }
        guard let last = segments.last?.lastID else { return append(sorted[...]) }
        let firstYounger = sorted.partitioningIndex { $0.id > last }
        var older = sorted[..<firstYounger]
        while let first = older.first {
            let place = segment(for: first.id)
            let end = older.partitioningIndex { $0.id > segments[place].lastID ?? .max }
            remake(place, adding: older[..<end], removing: Set(older[..<end].map(\.id)))
            older = older[end...]
        }
        append(sorted[firstYounger...])
    }

    /// Takes files out; numbers that are not known do not matter.
    ///
    /// - Complexity: Each segment touched is made anew.
    package mutating func remove(_ ids: [Int64]) {
        var rest = ids.sorted()[...]
        while let first = rest.first {
            let place = segment(for: first)
            guard place < segments.count else { return }
            let end = rest.partitioningIndex { $0 > segments[place].lastID ?? .max }
            let removed = Set(rest[..<end])
            rest = rest[end...]
            if removed.contains(where: { segments[place].row(of: $0) != nil }) {
                remake(place, adding: [], removing: removed)
            }
        }
    }

    /// Gives a file another name or directory; does nothing if the file is not known.
    package mutating func rename(_ id: Int64, directory: Int64, name: [UInt8]) {
        guard let (segment, row) = find(id) else { return }
        segments[segment].rename(row, to: name, directory: directories.slot(of: directory))
    }

    /// Notes that files are away, or back.
    package mutating func setOffline(_ ids: [Int64], _ isOffline: Bool) {
        for id in ids {
            guard let (segment, row) = find(id) else { continue }
            if segments[segment].files.sounds.isOffline(row) != isOffline {
                segments[segment].setOffline(isOffline, row: row)
            }
        }
    }

    /// Gives a file its figures; does nothing if the file is not known.
    package mutating func setFigures(_ figures: SoundFigures?, of id: Int64) {
        guard let (segment, row) = find(id) else { return }
        segments[segment].setFigures(figures, row: row)
    }

    /// Gives a directory a path, absolute and without a slash at its end: all files in it are found there.
    package mutating func setDirectory(_ directory: Int64, path: [UInt8]) {
        directories.setPath(path, of: directory)
    }

    /// Takes the path of a directory away. Files that are left in it have no path.
    package mutating func removeDirectory(_ directory: Int64) { directories.removePath(of: directory) }

    /// Forgets the directories that no file lies in, once they are many.
    ///
    /// To be called between changes: a directory whose files are yet to come would be forgotten as well.
    ///
    /// - Complexity: O(*n*) in the number of files, but only after as many directories have come as there were.
    package mutating func forgetUnusedDirectories() {
        guard directories.isFull else { return }
        var isUsed = [Bool](repeating: false, count: directories.entries.count)
        for segment in segments {
            for row in 0..<segment.fileCount { isUsed[Int(segment.files.directories[row])] = true }
        }
        directories.keep(isUsed)
    }

    private static func sortedByID(_ files: [IndexedFile]) -> [IndexedFile] {
        if zip(files, files.dropFirst()).allSatisfy({ $0.id < $1.id }) { return files }
        var latest: [Int64: Int] = [:]
        for (place, file) in files.enumerated() { latest[file.id] = place }
        return latest.values.map { files[$0] }.sorted { $0.id < $1.id }
    }

    /// Adds files that are younger than all others.
    private mutating func append(_ files: ArraySlice<IndexedFile>) {
        for file in files {
            makeRoom(for: file.id, spans: file.spans.count)
            segments[segments.count - 1].append(file, directory: directories.slot(of: file.directory))
        }
    }

    /// Begins a segment where the last one has no room.
    private mutating func makeRoom(for id: Int64, spans count: Int) {
        if let last = segments.indices.last {
            if segments[last].hasRoom(for: id, spans: count) { return }
            segments[last].trim()
        }
        segments.append(Segment())
    }

    /// How many files are taken out and put back in the right order at most: files come from several workers, and those
    /// that are done first are not always the older ones.
    private static let longestTail = 512

    /// Adds files to the last segment where at most ``longestTail`` files there are younger than the oldest of them.
    private mutating func mergeIntoTail(_ files: [IndexedFile]) -> Bool {
        guard let place = segments.indices.last, let first = files.first else { return false }
        let row = segments[place].files.firstRow(from: first.id)
        guard place == 0 || row > 0, segments[place].fileCount - row <= Self.longestTail else { return false }
        let tail = segments[place].splitTail(from: row)
        var rest = files[...]
        for (row, id) in tail.ids.enumerated() {
            let end = rest.partitioningIndex { $0.id > id }
            let isReplaced = rest[..<end].last?.id == id
            append(rest[..<end])
            rest = rest[end...]
            if !isReplaced { append(row, of: tail) }
        }
        append(rest)
        return true
    }

    /// Adds a file of another segment that is younger than all others.
    private mutating func append(_ row: Int, of other: Segment) {
        makeRoom(for: other.id(of: row), spans: other.spans(of: row).count)
        segments[segments.count - 1].append(row, of: other)
    }

    /// Makes a segment anew: without some files, and with others in their places.
    ///
    /// A segment that grows too large becomes several, one that has become small is joined with the next.
    private mutating func remake(_ place: Int, adding files: ArraySlice<IndexedFile>, removing removed: Set<Int64>) {
        var sources = [segments[place]]
        if place + 1 < segments.count, Self.areSmall(segments[place], segments[place + 1]) {
            sources.append(segments[place + 1])
        }
        let leaving = removed.count { id in sources.contains { $0.row(of: id) != nil } }
        var builder = SegmentBuilder(
            fileCount: sources.reduce(files.count - leaving) { $0 + $1.fileCount },
            spanCount: (sources.map(\.spanCount) + files.map(\.spans.count)).reduce(0, +))
        var added = files
        for source in sources {
            for (row, known) in source.ids.enumerated() where !removed.contains(known) {
                while let file = added.first, file.id < known {
                    builder.append(file, directory: directories.slot(of: file.directory))
                    added.removeFirst()
                }
                builder.append(row, of: source)
            }
        }
        for file in added { builder.append(file, directory: directories.slot(of: file.directory)) }
        segments.replaceSubrange(place..<place + sources.count, with: builder.finish())
    }

    private static func areSmall(_ first: Segment, _ second: Segment) -> Bool {
        first.fileCount + second.fileCount <= Segment.fileLimit / 2
            && first.spanCount + second.spanCount <= Segment.spanLimit / 2
    }
}
