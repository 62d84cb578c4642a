extension TimbreIndex {
    /// Draws different files, each as likely as any other, in random order.
    ///
    /// - Parameter count: How many files to draw at most.
    /// - Complexity: O(*n*) in the number of files.
    package func random(
        _ count: Int, filter: IndexFilter = IndexFilter(), using generator: inout some RandomNumberGenerator
    ) -> [Int64] {
        let admission = Admission(filter, excluding: [], in: directories)
        var ids: [Int64] = []
        for segment in segments {
            for row in 0..<segment.fileCount where admission.admits(row, of: segment) {
                ids.append(segment.id(of: row))
            }
        }
        // The first steps of a shuffle (Fisher and Yates) are a draw.
        let drawn = max(0, min(count, ids.count))
        for place in 0..<drawn { ids.swapAt(place, Int.random(in: place..<ids.count, using: &generator)) }
        return Array(ids[..<drawn])
    }
}
