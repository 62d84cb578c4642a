/// Finds the centroids that fit a sample of frames: Lloyd's k-means, started by k-means++.
///
/// The same sample, number and seed give the same centroids, bit for bit, on every machine and with any number of
/// threads: sums run over chunks of fixed size and are combined in their order.
///
/// Sources: S. Lloyd, "Least squares quantization in PCM", *IEEE Trans. Inf. Theory* 28 (1982), pp. 129-137; D. Arthur
/// and S. Vassilvitskii, "k-means++: the advantages of careful seeding", *SODA* (2007), pp. 1027-1035.
package struct CentroidTrainer: Sendable {
    /// Where a training is.
    package struct Progress: Hashable, Sendable {
        /// Rounds that are done, 0 while the first centroids are chosen.
        package var iteration: Int
        /// Rounds that there will be at most.
        package var iterationLimit: Int
        /// The share of the whole that is surely done, 0 to 1.
        package var fraction: Double
        /// The mean squared distance of a frame to its centroid; infinite before the first round.
        package var meanSquaredError: Double
    }

    /// Why there are no centroids.
    package enum Failure: Error, Hashable, Sendable {
        /// There are fewer different frames than centroids were asked for.
        case tooFewFrames(distinct: Int, wanted: Int)
        /// The caller cancelled the training.
        case cancelled
    }

    /// Centroids, and how they fit the frames that they come from.
    package struct Result: Hashable, Sendable {
        /// Shape `[centroidCount, 13]`; the one that most frames are nearest to comes first.
        package var centroids: [Float]
        /// How the sample uses them.
        package var use: CodebookUse
        /// How many rounds it took.
        package var iterations: Int
    }

    /// How many centroids to find, 2 to 128.
    package var centroidCount: Int
    /// What the random choices start from.
    package var seed: UInt64
    /// How many threads to use. Does not change the result.
    package var threadCount = 2
    /// How many rounds to go at most.
    package var iterationLimit = 50
    /// A round that lowers the error by less than this share of it is the last.
    package var leastImprovement = 1e-4

    package init(centroidCount: Int = 128, seed: UInt64) {
        precondition(TimbreModel.centroidCounts.contains(centroidCount))
        self.centroidCount = centroidCount
        self.seed = seed
    }

    /// Finds the centroids of a sample.
    ///
    /// - Parameters:
    ///   - progress: Is told after each step; on the calling thread.
    ///   - isCancelled: Is asked before each step, about ten times a second for a million frames.
    /// - Throws: ``Failure``.
    package func train(
        on sample: FrameSample, progress: (Progress) -> Void = { _ in }, isCancelled: () -> Bool = { false }
    ) throws(Failure) -> Result {
        let distinct = sample.distinctFrames(upTo: centroidCount)
        guard distinct == centroidCount else { throw .tooFewFrames(distinct: distinct, wanted: centroidCount) }
        var centroids = try seed(from: sample, progress: progress, isCancelled: isCancelled)
        var clusters = Clusters(frameCount: sample.count, centroidCount: centroidCount)
        var iteration = 0
        while true {
            if isCancelled() { throw .cancelled }
            let previous = (codes: clusters.codes, error: clusters.use.squaredError)
            clusters.assign(sample, to: centroids, threadCount: threadCount)
            iteration += 1
            let fraction = 0.2 + 0.8 * min(1, Double(iteration) / Double(iterationLimit))
            progress(step(iteration, fraction: fraction, error: clusters.use.meanSquaredError))
            // A round that would be the last is not while a centroid has no frame; but no sample may keep us for ever.
            let isSettled = clusters.use.unusedCount == 0 && isLast(iteration, clusters, after: previous)
            if isSettled || iteration == iterationLimit + centroidCount { break }
            centroids = clusters.means(of: sample, replacing: centroids)
        }
        return clusters.ordered(centroids, iterations: iteration)
    }

    /// Chooses the first centroids. What that takes in memory is let go at the end.
    private func seed(
        from sample: FrameSample, progress: (Progress) -> Void, isCancelled: () -> Bool
    ) throws(Failure) -> [Float] {
        var start = CentroidSeeding(sample: sample, seed: seed, threadCount: threadCount)
        while start.chosen.count < centroidCount {
            if isCancelled() { throw .cancelled }
            start.chooseNext()
            let share = Double(start.chosen.count) / Double(centroidCount)
            progress(step(0, fraction: 0.2 * share, error: .infinity))
        }
        return start.chosen.flatMap(sample.frame)
    }

    private func isLast(_ iteration: Int, _ clusters: Clusters, after previous: (codes: [UInt8], error: Double)) -> Bool
    {
        if iteration == 1 { return iterationLimit == 1 }
        let (error, before) = (clusters.use.squaredError, previous.error)
        return iteration >= iterationLimit || clusters.codes == previous.codes
            || before - error < leastImprovement * before
    }

    private func step(_ iteration: Int, fraction: Double, error: Double) -> Progress {
        Progress(iteration: iteration, iterationLimit: iterationLimit, fraction: fraction, meanSquaredError: error)
    }
}

extension CentroidTrainer.Failure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooFewFrames(let distinct, let wanted):
            "\(wanted) centroids need as many different frames, and there are only \(distinct)"
        case .cancelled: "the training was cancelled"
        }
    }
}
