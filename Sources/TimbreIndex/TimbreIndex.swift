import TimbreCodes
import TimbreDescriptors

/// The codes and vectors of a library, searched exactly.
///
/// An index is a value: to take a snapshot is to copy it, which costs a count for each of its segments. Changes to one
/// copy the segments that they touch, and nothing that another copy sees. Files are held ascending by number, which is
/// their age, so that the first of equally near ones is the older.
///
/// Of a million files, one that has one span and a name of 14 bytes takes 206 bytes, and one that has ten spans about
/// 1680.
package struct TimbreIndex: Sendable {
    var segments: [Segment] = []
    var directories = DirectoryTable()

    package init() {}

    /// How many files there are, the offline ones included.
    package var fileCount: Int { segments.reduce(0) { $0 + $1.fileCount } }

    /// How many spans there are.
    package var spanCount: Int { segments.reduce(0) { $0 + $1.spanCount } }

    /// Bytes that files and spans take in all columns.
    package var byteCount: Int { segments.reduce(0) { $0 + $1.byteCount } }

    /// How many directories there is room for: those that files lie in, and some that have gone.
    package var directoryCount: Int { directories.entries.count }

    /// The numbers of all files, ascending.
    package var ids: [Int64] { segments.flatMap(\.ids) }

    /// The numbers of the files in a range, ascending.
    package func ids(in range: ClosedRange<Int64>) -> [Int64] {
        segments[segment(for: range.lowerBound)...].prefix { $0.files.baseID <= range.upperBound }
            .flatMap { $0.ids.filter(range.contains) }
    }

    /// Divides all numbers into ranges, ascending, with `count` files in each, and at most as many in the last.
    package func ranges(ofFiles count: Int) -> [ClosedRange<Int64>] {
        var ranges: [ClosedRange<Int64>] = []
        var start = Int64.min
        while let end = id(ofNext: count, from: start), end < .max {
            ranges.append(start...end)
            start = end + 1
        }
        return ranges + [start ... .max]
    }

    /// All that is known of a file; nil if there is none of this number.
    ///
    /// - Complexity: O(log *n*).
    package func file(_ id: Int64) -> IndexedFile? {
        guard let (segment, row) = find(id) else { return nil }
        let found = segments[segment]
        return IndexedFile(
            id: id, directory: directories.entries[Int(found.files.directories[row])].directory,
            name: Array(found.files.name(row)), duration: found.files.sounds.duration(row),
            channelCount: found.files.sounds.channelCount(row), sampleCount: found.files.sounds.sampleCount(row),
            added: found.files.added[row], isOffline: found.files.sounds.isOffline(row),
            spans: found.spans(of: row).map { found.span(at: $0, of: row) }, vector: found.files.vectors[row],
            figures: SoundFigures(steps: found.files.figures[row]))
    }

    /// The length of a file's sound, in seconds; nil if there is no such file.
    package func duration(of id: Int64) -> Double? {
        find(id).map { segments[$0.segment].files.sounds.duration($0.row) }
    }

    /// The fewest bits in which a file's spans that are heard within a time differ from some codes; nil if there is none.
    ///
    /// - Parameter time: In seconds.
    package func distance(of id: Int64, within time: Range<Double>, to codes: [TimbreCode]) -> Int? {
        guard let (number, row) = find(id) else { return nil }
        let segment = segments[number]
        let spans = segment.spans(of: row)
        // Numbers ascend, and with them times.
        let first = spans.partitioningIndex { place in
            segment.time(ofSpan: place, of: row).end > time.lowerBound
        }
        return spans[first...].prefix { segment.time(ofSpan: $0, of: row).start < time.upperBound }
            .flatMap { place in codes.map(segment.spans.codes[place].distance(to:)) }.min()
    }

    /// Of each of some files whether it is there and a filter lets it be found, whatever its distance.
    ///
    /// - Complexity: O(*m* log *n*) for *m* files.
    package func admitted(
        among ids: [Int64], filter: IndexFilter, excluding excluded: Set<Int64> = []
    ) -> [Bool] {
        let admission = Admission(filter, excluding: excluded, in: directories)
        return ids.map { id in find(id).map { admission.admits($0.row, of: segments[$0.segment].files) } ?? false }
    }

    /// The vector of a file; nil if there is none.
    package func vector(of id: Int64) -> TimbreVector? {
        find(id).flatMap { segments[$0.segment].files.vectors[$0.row] }
    }

    /// The plain figures of a file; nil if there are none, or not yet.
    package func figures(of id: Int64) -> SoundFigures? {
        find(id).flatMap { SoundFigures(steps: segments[$0.segment].files.figures[$0.row]) }
    }

    /// Whether some file has a vector and no figures: so it is until those of an earlier version's library are computed.
    ///
    /// - Complexity: O(*n*) in the number of files.
    package var lacksFigures: Bool {
        segments.contains { segment in
            (0..<segment.fileCount).contains { row in
                segment.files.figures[row] == SIMD8() && segment.files.vectors.isPresent(row)
            }
        }
    }

    /// Whether some file has figures, and no estimate among them of whether it is a loop.
    ///
    /// - Complexity: O(*n*) in the number of files.
    package var lacksLoops: Bool {
        segments.contains { segment in
            segment.files.figures.contains { $0[7] == 0 && SoundFigures(steps: $0) != nil }
        }
    }

    /// The vector of a file's span, by the span's number; nil if there is none.
    package func vector(ofSpan number: Int, of id: Int64) -> TimbreVector? {
        guard let (segment, row) = find(id) else { return nil }
        let place = segments[segment].spans(of: row).first {
            segments[segment].number(ofSpan: $0, of: row) == number
        }
        return place.flatMap { segments[segment].vector(ofSpan: $0) }
    }

    /// The path of a file; nil if there is none of this number, or its directory has no path.
    ///
    /// - Complexity: O(log *n*).
    package func path(of id: Int64) -> [UInt8]? {
        guard let (segment, row) = find(id) else { return nil }
        let slot = Int(segments[segment].files.directories[row])
        guard var path = directories.entries[slot].path else { return nil }
        if path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
        return path + segments[segment].files.name(row)
    }

    /// Where a file is.
    func find(_ id: Int64) -> (segment: Int, row: Int)? {
        let segment = self.segment(for: id)
        guard segment < segments.count, let row = segments[segment].row(of: id) else { return nil }
        return (segment, row)
    }

    /// The first segment that ends with this file or a younger one.
    func segment(for id: Int64) -> Int {
        segments.partitioningIndex { ($0.lastID ?? .max) >= id }
    }

    /// Draws different files, each as likely as any other, in random order.
    ///
    /// - Parameter count: How many files to draw at most.
    /// - Complexity: O(*n*) in the number of files.
    package func random(
        _ count: Int, filter: IndexFilter = IndexFilter(), using generator: inout some RandomNumberGenerator
    ) -> [Int64] {
        let admission = Admission(filter, excluding: [], in: directories)
        // What may be drawn, as rows of 2 bytes, segment by segment: a million files are many.
        var rows: [UInt16] = []
        var ends: [Int] = []
        for segment in segments {
            for row in 0..<segment.fileCount where admission.admits(row, of: segment.files) { rows.append(UInt16(row)) }
            ends.append(rows.count)
        }
        return Self.draw(count, of: rows.count, using: &generator).map { place in
            segments[ends.partitioningIndex { $0 > place }].id(of: Int(rows[place]))
        }
    }

    /// Draws different places below `total`, in random order.
    private static func draw(
        _ count: Int, of total: Int, using generator: inout some RandomNumberGenerator
    ) -> [Int] {
        // The first steps of a shuffle (Fisher and Yates) are a draw. Only what has been moved is kept.
        var moved: [Int: Int] = [:]
        return (0..<max(0, min(count, total))).map { place in
            let other = Int.random(in: place..<total, using: &generator)
            let drawn = moved[other] ?? other
            moved[other] = moved[place] ?? place
            moved[place] = nil
            return drawn
        }
    }
}
