import TimbreCodes

extension LabelledFiles {
    /// Draws files to search by, each of a label as likely as any other.
    ///
    /// - Parameters:
    ///   - perLabel: How many of each label at most; nil draws all.
    ///   - seed: The same seed draws the same files of a label, whatever other labels there are.
    /// - Returns: The files' numbers, ascending.
    package func drawQueries(perLabel: Int?, seed: UInt64) -> [Int64] {
        guard let perLabel else { return ids }
        var places = [[Int]](repeating: [], count: labels.count)
        for (place, label) in labelOfPlace.enumerated() { places[Int(label)].append(place) }
        var drawn: [Int] = []
        for (label, name) in labels.enumerated() {
            var generator = SeededGenerator(seed: seed, salt: Array(name.utf8))
            // The first steps of a shuffle (Fisher and Yates) are a draw.
            let count = max(0, min(perLabel, places[label].count))
            for place in 0..<count {
                places[label].swapAt(place, place + generator.index(below: places[label].count - place))
            }
            drawn += places[label].prefix(count)
        }
        return drawn.sorted().map { ids[$0] }
    }
}
