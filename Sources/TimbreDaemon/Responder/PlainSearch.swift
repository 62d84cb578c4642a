import SystemPackage
import TimbreCoding
import TimbreIndex
import TimbreStore

/// The search as its definition says it, without any of the index: what `verify` holds the live answers against.
struct PlainSearch {
    private struct File {
        var id: Int64
        var path: [UInt8]
        var codes: [TimbreCode]
        var spans: [IndexedSpan]
        var vector: TimbreVector?
        var isOffline: Bool
    }

    private let files: [File]

    /// Reads the codes of all files under a model.
    init(model: Int64, _ reader: CatalogReader) throws {
        let directories = Dictionary(try reader.allDirectories().map { ($0.id, $0.path) }) { first, _ in first }
        var files: [File] = []
        try reader.forEachIndexRow(model: model) { row in
            files.append(
                File(
                    id: row.file,
                    path: FilePath(rawBytes: directories[row.directory] ?? []).appending(bytes: row.name).rawBytes,
                    codes: CodeRecord.timbreSpans(row.spans).map(\.code).filter { !$0.isEmpty },
                    spans: row.code.indexedSpans, vector: row.code.vector, isOffline: row.isOffline))
        }
        self.files = files
    }

    func path(of id: Int64) -> [UInt8]? { files.first { $0.id == id }?.path }

    /// The files that are nearest to a query: by mean distance, distance and shared bits of the best span, and age.
    func nearest(to query: [TimbreCode], count: Int) -> [(Int64, Double)] {
        let ranked = files.filter { !$0.isOffline && !$0.codes.isEmpty }.map { file in
            let sum = query.reduce(0) { sum, code in sum + (file.codes.map { $0.distance(to: code) }.min() ?? 0) }
            let best = query.flatMap { code in
                file.codes.map { ($0.distance(to: code), -$0.sharedBits(with: code)) }
            }.min { $0 < $1 }
            return (file.id, sum, best ?? (0, 0))
        }.sorted { ($0.1, $0.2.0, $0.2.1, $0.0) < ($1.1, $1.2.0, $1.2.1, $1.0) }
        return ranked.prefix(count).map { ($0.0, Double($0.1) / Double(query.count)) }
    }

    /// The files whose vectors are nearest to one: by squared distance, and age.
    func nearest(to query: TimbreVector, count: Int) -> [(Int64, Double)] {
        let ranked = files.filter { !$0.isOffline && !$0.codes.isEmpty }.compactMap { file in
            file.vector.map { (file.id, $0.squaredDistance(to: query)) }
        }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        return ranked.prefix(count).map { ($0.0, Double($0.1)) }
    }

    /// The paths of files that only one side has, or that have other codes, another vector, name or state there.
    func differences(from index: TimbreIndex) -> [[UInt8]] {
        var differing: [[UInt8]] = []
        var live = Set(index.ids)
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
