import TimbreMap
import TimbreStore

/// The map at one moment: where the library's files lie on it. A value that is cheap to copy.
package struct MapSnapshot: Sendable {
    /// The map in use; nil if none was learnt yet.
    package private(set) var record: MapRecord?
    /// What share of the next map is learnt, 0 to 1; nil if none is being learnt.
    package var progress: Double?
    /// The numbers of the files on the map, ascending.
    package private(set) var files: [Int64] = []
    /// Where each of them lies.
    package private(set) var points: [MapPoint] = []

    /// Which run of the daemon this is, so that nobody takes another's versions for this one's.
    private let run: UInt32
    /// How often anything has changed.
    private var version: UInt64 = 0
    /// Files that came to the map or left it, the last ones, one a version.
    private var changes: [Int64] = []

    /// Changes that are kept: who knows only what was before them is told everything.
    private static let mostChanges = 16_384

    init(run: UInt32) { self.run = run }

    /// What has changed since somebody asked.
    package struct News: Sendable {
        /// Whether these are all files, and those that were known are to be forgotten.
        package var isWhole: Bool
        /// Files that came, ascending, and where they lie.
        package var files: [Int64]
        package var points: [MapPoint]
        /// Files that left.
        package var gone: [Int64]
    }

    /// What to ask for the next time, to be told only what has changed.
    package var token: String { "\(String(run, radix: 16))-\(version)" }

    /// What has changed since a token was given.
    ///
    /// - Parameter token: One of these; nil, or one that is too old or of another run, means everything.
    package func news(since token: String?) -> News {
        guard let known = token.flatMap(version(of:)) else {
            return News(isWhole: true, files: files, points: points, gone: [])
        }
        let changed = Set(changes.suffix(Int(version - known))).sorted()
        var news = News(isWhole: false, files: [], points: [], gone: [])
        for file in changed {
            if let point = self[file] {
                news.files.append(file)
                news.points.append(point)
            } else {
                news.gone.append(file)
            }
        }
        return news
    }

    /// The version of a token of this run that is not too old.
    private func version(of token: String) -> UInt64? {
        let parts = token.split(separator: "-")
        guard parts.count == 2, UInt32(parts[0], radix: 16) == run, let known = UInt64(parts[1]), known <= version,
            version - known <= UInt64(changes.count)
        else { return nil }
        return known
    }

    /// Where a file lies.
    ///
    /// - Complexity: O(log *n*).
    package subscript(file: Int64) -> MapPoint? {
        var (low, high) = (0, files.count)
        while low < high {
            let middle = low + (high - low) / 2
            if files[middle] < file { low = middle + 1 } else { high = middle }
        }
        return low < files.count && files[low] == file ? points[low] : nil
    }

    /// Puts another map to use, or none.
    ///
    /// - Precondition: Files ascend.
    mutating func replace(_ record: MapRecord?, files: [Int64], points: [MapPoint]) {
        precondition(files.count == points.count)
        (self.record, self.files, self.points) = (record, files, points)
        version += 1
        changes = []
    }

    /// Adds files and takes others away.
    ///
    /// - Parameter added: Ascending; none is on the map yet.
    mutating func change(added: [(file: Int64, point: MapPoint)], gone: Set<Int64>) {
        guard !added.isEmpty || !gone.isEmpty else { return }
        var (newFiles, newPoints): ([Int64], [MapPoint]) = ([], [])
        newFiles.reserveCapacity(files.count + added.count)
        newPoints.reserveCapacity(files.count + added.count)
        var next = added[...]
        func append(_ file: Int64, _ point: MapPoint) {
            newFiles.append(file)
            newPoints.append(point)
        }
        for (place, file) in files.enumerated() {
            while let first = next.first, first.file < file { append(first.file, next.removeFirst().point) }
            if gone.contains(file) { note(file) } else { append(file, points[place]) }
        }
        for (file, point) in next { append(file, point) }
        for (file, _) in added { note(file) }
        (files, points) = (newFiles, newPoints)
    }

    private mutating func note(_ file: Int64) {
        version += 1
        changes.append(file)
        if changes.count >= 2 * Self.mostChanges { changes.removeFirst(Self.mostChanges) }
    }
}
