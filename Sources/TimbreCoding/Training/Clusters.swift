import CTimbreKernels

/// Which frames belong to which centroid, in one round of a training.
struct Clusters {
    /// The nearest centroid of each frame.
    private(set) var codes: [UInt8]
    /// How many frames each centroid has, and how far they are.
    private(set) var use: CodebookUse

    private var squaredDistances: [Float]
    /// The sum of each cluster's frames, shape `[centroidCount, 13]`.
    private var sums: [Double]

    init(frameCount: Int, centroidCount: Int) {
        codes = Array(repeating: 0, count: frameCount)
        use = CodebookUse(centroidCount: centroidCount)
        squaredDistances = Array(repeating: 0, count: frameCount)
        sums = []
    }

    /// Gives each frame to its nearest centroid.
    mutating func assign(_ sample: FrameSample, to centroids: [Float], threadCount: Int) {
        let coder = FrameCoder(centroids: centroids)
        let chunks = Chunks(count: sample.count)
        // Of each chunk: the sum of each cluster's frames, then the sum of all distances.
        let stride = centroids.count + 1
        var partial = [Double](repeating: 0, count: chunks.chunkCount * stride)
        unsafe codes.withUnsafeMutableBufferPointer { codes in
            unsafe squaredDistances.withUnsafeMutableBufferPointer { distances in
                unsafe partial.withUnsafeMutableBufferPointer { partial in
                    unsafe coder.columns.withUnsafeBufferPointer { columns in
                        chunks.forEach(threadCount: threadCount) { chunk in
                            let frames = chunks[chunk]
                            unsafe sample.withValues(of: frames) { values in
                                unsafe timbre_gather(
                                    values.baseAddress, frames.count, columns.baseAddress,
                                    codes.baseAddress! + frames.lowerBound,
                                    distances.baseAddress! + frames.lowerBound, partial.baseAddress! + chunk * stride,
                                    centroids.count)
                            }
                        }
                    }
                }
            }
        }
        use = CodebookUse(centroidCount: coder.centroidCount)
        for code in codes { use.counts[Int(code)] += 1 }
        sums = Array(repeating: 0, count: centroids.count)
        for chunk in 0..<chunks.chunkCount {
            for place in sums.indices { sums[place] += partial[chunk * stride + place] }
            use.squaredError += partial[chunk * stride + centroids.count]
        }
    }

    /// The mean of each cluster; a cluster without frames gets a frame that is farthest from its own centroid.
    func means(of sample: FrameSample, replacing centroids: [Float]) -> [Float] {
        var means = centroids
        for (cluster, count) in use.counts.enumerated() where count > 0 {
            for place in cluster * TimbreModel.dimension..<(cluster + 1) * TimbreModel.dimension {
                means[place] = Float(sums[place] / Double(count))
            }
        }
        let empty = use.counts.indices.filter { use.counts[$0] == 0 }
        guard !empty.isEmpty else { return means }
        for (cluster, frame) in zip(empty, farthest(empty.count, of: sample)) {
            means.replaceSubrange(
                cluster * TimbreModel.dimension..<(cluster + 1) * TimbreModel.dimension, with: sample.frame(frame))
        }
        return means
    }

    /// Different frames that are farthest from their centroids, farthest first, the earlier first on a tie.
    private func farthest(_ count: Int, of sample: FrameSample) -> [Int] {
        var chosen: [Int] = []
        while chosen.count < count {
            var best: Int?
            for frame in squaredDistances.indices
            where squaredDistances[frame] > (best.map { squaredDistances[$0] } ?? 0) {
                if !chosen.contains(where: { sample.frame($0) == sample.frame(frame) }) { best = frame }
            }
            guard let best else { break }
            chosen.append(best)
        }
        return chosen
    }

    /// The result of the last round: centroids by population, the most used first, then by their number.
    func ordered(_ centroids: [Float], iterations: Int) -> CentroidTrainer.Result {
        let order = use.counts.indices.sorted { (-use.counts[$0], $0) < (-use.counts[$1], $1) }
        var sorted = CodebookUse(centroidCount: order.count)
        sorted.counts = order.map { use.counts[$0] }
        sorted.squaredError = use.squaredError
        let dimension = TimbreModel.dimension
        return CentroidTrainer.Result(
            centroids: order.flatMap { centroids[$0 * dimension..<($0 + 1) * dimension] }, use: sorted,
            iterations: iterations)
    }
}
