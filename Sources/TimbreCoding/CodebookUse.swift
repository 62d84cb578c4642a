import Glibc

/// How well a codebook fits some frames, and how evenly it is used.
package struct CodebookUse: Hashable, Sendable {
    /// How many frames have each code.
    package var counts: [Int]
    /// The squared distances of all frames to their centroids, added up.
    package var squaredError: Double

    /// Nothing coded yet.
    package init(centroidCount: Int) {
        counts = Array(repeating: 0, count: centroidCount)
        squaredError = 0
    }

    /// How many frames were coded, the silent ones not counted.
    package var frameCount: Int { counts.reduce(0, +) }

    /// The mean squared distance of a frame to its centroid, 0 to 4 for unit vectors; 0 if there are no frames.
    package var meanSquaredError: Double { frameCount == 0 ? 0 : squaredError / Double(frameCount) }

    /// How many centroids no frame is nearest to.
    package var unusedCount: Int { counts.count { $0 == 0 } }

    /// How many centroids are in use in effect: 2 to the entropy of the codes, 1 to the number of centroids; 0 without
    /// frames.
    package var perplexity: Double {
        let total = Double(frameCount)
        guard total > 0 else { return 0 }
        let entropy = counts.filter { $0 > 0 }.reduce(0.0) { $0 - Double($1) / total * log2(Double($1) / total) }
        return exp2(entropy)
    }

    /// Adds what was counted elsewhere, with the same codebook.
    package mutating func add(_ other: CodebookUse) {
        precondition(counts.count == other.counts.count)
        for code in counts.indices { counts[code] += other.counts[code] }
        squaredError += other.squaredError
    }
}
