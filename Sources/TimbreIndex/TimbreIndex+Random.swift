extension TimbreIndex {
    /// Draws different files, each as likely as any other, in random order.
    ///
    /// Source: algorithm R, J. Vitter, "Random sampling with a reservoir", *ACM Trans. Math. Softw.* 11 (1985).
    ///
    /// - Parameter count: How many files to draw at most.
    /// - Complexity: O(*n*) in the number of files.
    package func random(
        _ count: Int, filter: IndexFilter = IndexFilter(), using generator: inout some RandomNumberGenerator
    ) -> [Int64] {
        guard count > 0 else { return [] }
        let admission = Admission(filter, excluding: [], in: directories)
        var drawn: [Int64] = []
        var seen = 0
        for segment in segments {
            for row in segment.rows.indices where admission.admits(row, of: segment) {
                seen += 1
                if drawn.count < count {
                    drawn.append(segment.rows[row].id)
                } else {
                    let place = Int.random(in: 0..<seen, using: &generator)
                    if place < count { drawn[place] = segment.rows[row].id }
                }
            }
        }
        return drawn.shuffled(using: &generator)
    }
}
