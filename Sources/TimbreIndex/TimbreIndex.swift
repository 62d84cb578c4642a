import TimbreCoding

/// The codes and vectors of a library, searched exactly.
///
/// An index is a value: to take a snapshot is to copy it, which costs a count for each of its segments. Changes to one
/// copy the segments that they touch, and nothing that another copy sees. Files are held ascending by number, which is
/// their age, so that the first of equally near ones is the older.
///
/// At a million files of one and a half spans each, a file takes about 280 bytes.
package struct TimbreIndex: Sendable {
    var segments: [Segment] = []
    var directories = DirectoryTable()

    package init() {}

    /// How many files there are, the offline ones included.
    package var fileCount: Int { segments.reduce(0) { $0 + $1.rows.count } }

    /// How many spans there are.
    package var spanCount: Int { segments.reduce(0) { $0 + $1.spanCount } }

    /// The numbers of all files, ascending.
    package var ids: [Int64] { segments.flatMap { $0.rows.map(\.id) } }

    /// All that is known of a file; nil if there is none of this number.
    ///
    /// - Complexity: O(log *n*).
    package func file(_ id: Int64) -> IndexedFile? {
        guard let (segment, row) = find(id) else { return nil }
        let found = segments[segment].rows[row]
        return IndexedFile(
            id: id, directory: directories.entries[Int(found.directory)].directory,
            name: Array(segments[segment].name(of: row)), duration: found.duration,
            channelCount: Int(found.channelCount), sampleCount: Int(found.sampleCount), added: found.added,
            isOffline: found.isOffline, spans: segments[segment].spans(of: row).map(segments[segment].span(at:)),
            vector: segments[segment].fileVectors[row])
    }

    /// The path of a file; nil if there is none of this number, or its directory has no path.
    ///
    /// - Complexity: O(log *n*).
    package func path(of id: Int64) -> [UInt8]? {
        guard let (segment, row) = find(id) else { return nil }
        let slot = Int(segments[segment].rows[row].directory)
        guard var path = directories.entries[slot].path else { return nil }
        if path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
        return path + segments[segment].name(of: row)
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
}
