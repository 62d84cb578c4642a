import CLinux

/// Memory that was freed, but is kept by the C library for later allocations.
///
/// After work on the whole library that can be half as much as the index itself: 100 MB with a million files.
package enum FreedMemory {
    /// Makes the C library return large pieces of memory to the system as soon as they are freed.
    ///
    /// By default the C library takes the first large piece that is freed, up to 32 MB, as a sign that more will
    /// follow, and places those among the small ones, where whatever lies behind them keeps the memory from being
    /// returned. Source: "Tunable parameters" in mallopt(3).
    ///
    /// - Parameter bytes: What a large piece has at the least; by default more than a query allocates at a time.
    package static func returnLargePieces(of bytes: Int32 = 1 << 20) {
        mallopt(M_MMAP_THRESHOLD, bytes)
        mallopt(M_TRIM_THRESHOLD, 2 * bytes)
    }

    /// Has all threads allocate from one heap.
    ///
    /// By default each has one of its own, which keeps what the thread has freed. That is for programs whose threads do
    /// nothing else.
    package static func shareOneHeap() { mallopt(M_ARENA_MAX, 1) }

    /// Returns the free memory between small pieces that are in use.
    ///
    /// - Complexity: O(*n*) in what is free, some 10 ms for 100 MB; other threads that allocate wait for a part of it.
    package static func giveBack() { malloc_trim(0) }
}
