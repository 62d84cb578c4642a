import CTimbreKernels
import Dispatch
import TimbreCodes

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

/// A range cut into chunks of fixed size, so that what is summed by chunk is the same however many threads sum.
struct Chunks {
    /// How many elements a chunk has; the last may have fewer.
    static let size = 4096

    let count: Int

    var chunkCount: Int { (count + Self.size - 1) / Self.size }

    /// The elements of a chunk.
    subscript(chunk: Int) -> Range<Int> {
        chunk * Self.size..<min(count, (chunk + 1) * Self.size)
    }

    /// Works on each chunk once, several at a time, and returns when all are done.
    ///
    /// - Parameter body: Is told the number of a chunk; writes only what belongs to that chunk.
    func forEach(threadCount: Int, _ body: (Int) -> Void) {
        let threads = max(1, min(threadCount, chunkCount))
        withoutActuallyEscaping(body) { body in
            // Threads share nothing: each chunk is one thread's, and the body keeps to its chunk.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                for chunk in stride(from: thread, to: chunkCount, by: threads) { unsafe body(chunk) }
            }
        }
    }
}
