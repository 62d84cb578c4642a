/// Some files of an index as bytes.
package struct IndexPack: Hashable, Sendable {
    /// The youngest of them.
    package var last: Int64
    package var fileCount: Int
    package var bytes: [UInt8]
}

extension TimbreIndex {
    /// How many files go into one pack at most.
    package static let filesPerPack = Segment.fileLimit

    /// All files as packs, ascending, from which an index can be made faster than from files.
    package var packs: [IndexPack] {
        segments.compactMap { segment in
            segment.lastID.map { last in
                IndexPack(last: last, fileCount: segment.fileCount, bytes: segment.packed(directories))
            }
        }
    }

    /// Adds the files of a pack.
    ///
    /// - Parameters:
    ///   - pack: The bytes of a pack.
    ///   - files: The numbers that its files may have: all above those that are there.
    /// - Returns: Whether it was added; not, and nothing is changed, if the bytes are no pack of this version, are damaged,
    ///   or hold other files.
    package mutating func append(pack: RawSpan, of files: ClosedRange<Int64>) -> Bool {
        precondition(segments.last?.lastID.map { $0 < files.lowerBound } ?? true, "files ascend by number")
        var directories = directories
        guard let segment = Segment(packed: pack, &directories),
            let last = segment.lastID, files.contains(segment.baseID), files.contains(last)
        else { return false }
        self.directories = directories
        segments.append(segment)
        return true
    }

    /// The youngest of the first so many files from a number on; nil if there are fewer.
    ///
    /// - Complexity: O(*n*) in the number of segments.
    package func id(ofNext count: Int, from id: Int64) -> Int64? {
        precondition(count > 0)
        var left = count
        for segment in segments {
            guard let last = segment.lastID, last >= id else { continue }
            let start = (0..<segment.fileCount).partitioningIndex { segment.id(of: $0) >= id }
            if segment.fileCount - start >= left { return segment.id(of: start + left - 1) }
            left -= segment.fileCount - start
        }
        return nil
    }
}
