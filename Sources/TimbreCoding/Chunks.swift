import Dispatch

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
