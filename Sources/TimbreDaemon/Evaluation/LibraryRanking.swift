import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreWire

/// The library of one moment in the order of an answer, from the first to the last file: what an evaluation scores.
struct LibraryRanking: Sendable {
    let snapshot: LibrarySnapshot
    let metric: Metric

    /// All files that `similar` would find by a file, in the same order; none if there is nothing to search by.
    func rank(_ file: Int64) -> [Int64] {
        let index = snapshot.index
        switch metric {
        case .timbre:
            guard let vector = index.vector(of: file) else { return [] }
            return index.rankedFiles(toVectors: [(vector, 1)], count: index.fileCount, excluding: [file])
        case .codes:
            let codes = index.file(file)?.spans.map(\.code) ?? []
            return index.nearestFiles(to: codes, count: index.fileCount, excluding: [file]).map(\.file)
        }
    }
}
