import TimbreCoding
import TimbreIndex
import TimbreWire

/// The library of one moment in the order of an answer, from the first to the last file: what an evaluation scores.
struct LibraryRanking: Sendable {
    let snapshot: LibrarySnapshot
    let metric: Metric

    /// All files that `similar` would find by a file, in the same order; none if there is nothing to search by.
    func rank(_ file: Int64) -> [Int64] {
        let index = snapshot.index
        let found = index.file(file)
        switch metric {
        case .timbre:
            guard let found, let vector = found.vector else { return [] }
            return index.nearestFiles(
                toVectors: [(vector, 1)], codes: found.spans.map(\.code), count: index.fileCount, excluding: [file]
            ).map(\.file)
        case .codes:
            let codes = found?.spans.map(\.code) ?? []
            return index.nearestFiles(to: codes, count: index.fileCount, excluding: [file]).map(\.file)
        }
    }
}
