import Platform
import SystemPackage
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// The search by its definition, without an index: what `verify` compares live answers with.
struct PlainSearch {
    private struct File {
        var id: Int64
        var path: [UInt8]
        var codes: [TimbreCode]
        var spans: [IndexedSpan]
        var vector: TimbreVector?
        var isOffline: Bool
    }

    /// A file that was found; the order is by distance, then by age.
    struct Match: Comparable {
        var file: Int64
        var path: [UInt8]
        /// In the unit of the search.
        var distance: Double
        /// The distance of the best span, and the bits that it shares.
        var best = (distance: 0, sharedBits: 0)

        static func == (a: Match, b: Match) -> Bool { a.key == b.key }
        static func < (a: Match, b: Match) -> Bool { a.key < b.key }

        private var key: (Double, Int, Int, Int64) { (distance, best.distance, -best.sharedBits, file) }
    }

    private let files: [File]
    /// The numbers of the files that are searched.
    private let range: ClosedRange<Int64>

    /// Reads the codes of files under a model: of all, or of those whose numbers lie in a range.
    init(model: Int64, of range: ClosedRange<Int64> = .min ... .max, _ reader: CatalogReader) throws {
        self.range = range
        var directories: [Int64: [UInt8]] = [:]
        var files: [File] = []
        try reader.forEachIndexRow(model: model, .files(range)) { row in
            let directory = try directories[row.directory] ?? reader.path(ofDirectory: row.directory) ?? []
            directories[row.directory] = directory
            files.append(
                File(
                    id: row.file, path: FilePath(bytes: directory).appending(bytes: row.name).bytes,
                    codes: CodeRecord.timbreSpans(row.spans).map(\.code).filter { !$0.isEmpty },
                    spans: row.code.indexedSpans, vector: row.code.vector, isOffline: row.isOffline))
        }
        self.files = files
    }

    /// The files that are nearest to a query: by mean distance, distance and shared bits of the best span, and age.
    func nearest(to query: [TimbreCode], count: Int) -> [Match] {
        let ranked = files.filter { !$0.isOffline && !$0.codes.isEmpty }.map { file in
            let sum = query.reduce(0) { sum, code in sum + (file.codes.map { $0.distance(to: code) }.min() ?? 0) }
            let best = query.flatMap { code in
                file.codes.map { ($0.distance(to: code), -$0.sharedBits(with: code)) }
            }.min { $0 < $1 }
            return Match(
                file: file.id, path: file.path, distance: Double(sum) / Double(query.count),
                best: best.map { ($0, -$1) } ?? (0, 0))
        }
        return Array(ranked.sorted().prefix(count))
    }

    /// The files whose vectors are nearest to one: by squared distance, and age.
    func nearest(to query: TimbreVector, count: Int) -> [Match] {
        let ranked = files.filter { !$0.isOffline && !$0.codes.isEmpty }.compactMap { file in
            file.vector.map {
                Match(file: file.id, path: file.path, distance: Double($0.squaredDistance(to: query)))
            }
        }
        return Array(ranked.sorted().prefix(count))
    }

    /// The paths of files in the range that only one side has, or whose codes, vector, name or state differ.
    func differences(from index: TimbreIndex) -> [[UInt8]] {
        var differing: [[UInt8]] = []
        var live = Set(index.ids(in: range))
        for file in files {
            live.remove(file.id)
            let found = index.file(file.id)
            if found?.spans != file.spans || found?.vector != file.vector || index.path(of: file.id) != file.path
                || found?.isOffline != file.isOffline
            {
                differing.append(file.path)
            }
        }
        return differing + live.sorted().map { index.path(of: $0) ?? [] }
    }
}
