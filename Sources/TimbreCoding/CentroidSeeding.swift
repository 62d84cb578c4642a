import CTimbreKernels

/// Chooses the first centroids among the frames: k-means++.
///
/// The first is any frame; each of the others is a frame drawn with a probability in proportion to its squared distance
/// to the nearest of those chosen before.
struct CentroidSeeding {
    /// The frames that were chosen, in the order of choice; all different.
    private(set) var chosen: [Int] = []

    private let sample: FrameSample
    private let threadCount: Int
    private var generator: SeededGenerator
    /// The squared distance of each frame to the nearest chosen frame.
    private var distances: [Float]
    /// The sum of these distances over each chunk.
    private var sums: [Double]

    init(sample: FrameSample, seed: UInt64, threadCount: Int) {
        self.sample = sample
        self.threadCount = threadCount
        generator = SeededGenerator(seed: seed, salt: Array("k-means++".utf8))
        distances = Array(repeating: .infinity, count: sample.count)
        sums = Array(repeating: 0, count: Chunks(count: sample.count).chunkCount)
    }

    /// Chooses one more frame.
    ///
    /// - Precondition: There is a frame that differs from all that were chosen.
    /// - Complexity: O(*n*) in the number of frames.
    mutating func chooseNext() {
        let next = chosen.isEmpty ? generator.index(below: sample.count) : draw()
        chosen.append(next)
        approach(sample.frame(next))
    }

    /// Draws a frame in proportion to its distance.
    private mutating func draw() -> Int {
        var left = generator.fraction() * sums.reduce(0, +)
        for (chunk, sum) in sums.enumerated() {
            if left >= sum {
                left -= sum
                continue
            }
            for frame in Chunks(count: sample.count)[chunk] {
                left -= Double(distances[frame])
                if left < 0 { return frame }
            }
        }
        // Rounding can leave a rest behind the last frame: take the last that may be taken.
        guard let last = distances.lastIndex(where: { $0 > 0 }) else { preconditionFailure("all frames are chosen") }
        return last
    }

    /// Lowers the distances to those to one more centroid.
    private mutating func approach(_ centroid: [Float]) {
        let chunks = Chunks(count: sample.count)
        unsafe distances.withUnsafeMutableBufferPointer { distances in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe centroid.withUnsafeBufferPointer { centroid in
                    chunks.forEach(threadCount: threadCount) { chunk in
                        let frames = chunks[chunk]
                        unsafe sums[chunk] = sample.withValues(of: frames) { values in
                            unsafe timbre_approach(
                                values.baseAddress, frames.count, centroid.baseAddress,
                                distances.baseAddress! + frames.lowerBound)
                        }
                    }
                }
            }
        }
    }
}
