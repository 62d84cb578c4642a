extension Segment {
    /// The first row of a file with this number or a higher one.
    func firstRow(from id: Int64) -> Int { idOffsets.indices.partitioningIndex { self.id(of: $0) >= id } }

    /// Takes the last rows away, from one on.
    ///
    /// - Returns: These rows.
    mutating func splitTail(from row: Int) -> Segment {
        var tail = Segment()
        for row in row..<fileCount { tail.append(row, of: self) }
        truncate(to: row)
        return tail
    }

    private mutating func truncate(to row: Int) {
        let surplus = fileCount - row
        let spanCount = row == 0 ? 0 : Int(spanEnds[row - 1])
        let ownCount = ownPlaces.partitioningIndex { Int($0) >= spanCount }
        idOffsets.removeLast(surplus)
        durations.removeLast(surplus)
        added.removeLast(surplus)
        facts.removeLast(surplus)
        directories.removeLast(surplus)
        nameEnds.removeLast(surplus)
        names.removeLast(names.count - Int(nameEnds.last ?? 0))
        spanEnds.removeLast(surplus)
        fileVectors.truncate(to: row)
        codes.truncate(to: spanCount)
        numbers.truncate(to: spanCount)
        ownVectors.truncate(to: ownCount)
        ownPlaces.removeLast(ownPlaces.count - ownCount)
    }
}
