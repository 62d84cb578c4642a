extension TimbreIndex {
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
            for row in 0..<segment.fileCount where admission.admits(row, of: segment) { rows.append(UInt16(row)) }
            ends.append(rows.count)
        }
        return Self.draw(count, of: rows.count, using: &generator).map { place in
            segments[ends.partitioningIndex { $0 > place }].id(of: Int(rows[place]))
        }
    }

    /// Draws different places among so many, in random order.
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
